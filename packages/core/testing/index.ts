import { preload } from '../src/session/answering.ts'

export { SimulatedClock } from 'xstate'
export { manualClock, type ManualClock } from './manual-clock.ts'
export { manualConnection, type ManualConnection, type ManualConnectionOptions, type ManualRun } from './manual-connection.ts'
export { scriptedConnection, type ScriptedConnection, type ScriptedConnectionOptions, type ScriptOptions } from './scripted-connection.ts'
export { drop, gate, httpError, pause, waitFor } from './script.ts'
export type { Drop, Gate, HttpFailure, Pause, Script, ScriptStep, Wait } from './script.ts'
export type { AfterLast } from './play-script.ts'
export type { RunRequest } from './run-request.ts'
export { streamChat, type StreamedChat, type StreamedRequest } from './stream-chat.ts'
export { testChat, type TestChat, type TestChatOptions } from './test-chat.ts'
export { manualScheduler, type ManualScheduler } from './manual-scheduler.ts'
export { failedRun, reasoning, run, type RunEnd, type RunFailure, text, toolCall, toolError, toolResult } from './chunks.ts'
export { data, sharedState, source, statePatch, structuredOutput } from './custom-chunks.ts'
export { approval, interrupt, type Question } from './questions.ts'
export { chatMatchers } from './matchers/chat-matchers.ts'
export type { ChatMatchers, MatcherContext, MatcherResult } from './matchers/matcher-types.ts'
export { settled } from './settled.ts'

// A test that counts steps is not to wait for code that is fetched when it is needed.
await preload()
