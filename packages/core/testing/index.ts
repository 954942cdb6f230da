import { preload } from '../src/session/answering.ts'

export { SimulatedClock } from 'xstate'
export { manualConnection, type ManualConnection, type ManualRun } from './manual-connection.ts'
export { scriptedConnection, type Script } from './scripted-connection.ts'
export { manualScheduler, type ManualScheduler } from './manual-scheduler.ts'
export { reasoning, run, text, toolCall, toolResult } from './chunks.ts'
export { settled } from './settled.ts'

// A test that counts steps is not to wait for code that is fetched when it is needed.
await preload()
