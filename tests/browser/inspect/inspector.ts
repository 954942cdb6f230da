import { createBrowserReceiver } from '@statelyai/inspect'

const told: object[] = []
Object.assign(globalThis, { told })

// A frame is only known to the page around it when it has loaded: what is sent before that is lost.
addEventListener('load', () => setTimeout(() => createBrowserReceiver().subscribe((event) => told.push(event))))
