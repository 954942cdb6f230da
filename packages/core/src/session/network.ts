import type { NetworkEvent } from './events.ts'
import type { Network } from './options.ts'

/** The network as a browser tells of it; elsewhere nothing ever changes. */
export const pageNetwork: Network = {
  watch(onChange) {
    const { window, document, navigator } = globalThis
    const heard: [EventTarget | undefined, string, () => NetworkEvent | undefined][] = [
      [window, 'online', () => ({ type: 'network.online' })],
      [window, 'offline', () => ({ type: 'network.offline' })],
      [document, 'visibilitychange', () => (document.visibilityState === 'visible' ? { type: 'page.visible' } : undefined)],
    ]
    const ends = heard.map(([target, name, read]) => {
      const listener = () => {
        const event = read()
        if (event) onChange(event)
      }
      target?.addEventListener?.(name, listener)
      return () => target?.removeEventListener?.(name, listener)
    })
    // Node has a navigator too, that knows nothing of networks.
    if (navigator?.onLine === false) onChange({ type: 'network.offline' })
    return () => ends.forEach((end) => end())
  },
}
