import { isObject } from '../json.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ChatEvent, FollowedRun } from '../session/events.ts'
import type { TraceError } from '../trace/trace.ts'
import { checkMessages } from '../transcript/check-messages.ts'
import type { UIMessage } from '../transcript/message.ts'

/** A conversation: every branch, and the end of the one that is shown. */
export interface Thread {
  messages: readonly UIMessage[]
  head: string | null
  state: unknown
}

/** What one tab of a thread has done that the others do as well. */
export type SharedEvent = Extract<ChatEvent, { type: 'tool.result' | 'tool.approval' | 'interrupt.answer' | 'tool.started' | 'tool.progressed' }>

/** How a run came to its end in the tab that has it. */
export type RunEnd =
  | { how: 'closed' }
  /** It was stopped, or gave way to another one. */
  | { how: 'stopped' }
  | { how: 'failed'; error: TraceError }

/** Which state of the conversation: what was done to it is counted, and of two that were done at the same moment one is the later, the same in every tab. */
export interface Version {
  count: number
  author: string
}
export const isLater = (a: Version, b: Version): boolean => a.count > b.count || (a.count === b.count && a.author > b.author)

/** What tabs say to each other. */
export type TabMessage =
  /** A tab has come. */
  | { type: 'hello'; version: Version }
  /** It is not alone, and has missed nothing; perhaps others have. */
  | { type: 'here'; version: Version }
  /** A run has begun in the tab that says this, is going on there, or was taken over from one that is gone; and the conversation as it was when it began. */
  | { type: 'run'; version: Version; run: FollowedRun; thread: Thread; why: 'begun' | 'told' | 'taken' }
  /** Wanted: the chunks of a run from this one on. */
  | { type: 'ask'; runId: string; at: number }
  /** `at`: how many came before. `cursor`: where the server can be asked for what comes after them. */
  | { type: 'chunks'; runId: string; at: number; chunks: readonly Chunk[]; cursor: string | null }
  /** `at`: how many chunks there were. */
  | { type: 'end'; runId: string; at: number; end: RunEnd }
  /** A run is to be stopped by the tab that has it. */
  | { type: 'stop'; runId: string }
  /** `told`: what was missed; else a person has stopped what was going on, or has replaced the conversation. */
  | { type: 'thread'; version: Version; thread: Thread; why: 'told' | 'stopped' | 'replaced' }
  | { type: 'event'; event: SharedEvent }
  /** To oneself, behind what others had said before. */
  | { type: 'echo'; count: number }

const SHARED: ReadonlySet<string> = new Set(['tool.result', 'tool.approval', 'interrupt.answer', 'tool.started', 'tool.progressed'])
export const isShared = (event: { type: string }): event is SharedEvent => SHARED.has(event.type)

/** Anybody of the origin may write to a channel, a tab with another version of this library among them: what is not of this form is not heard. */
export function isTabMessage(seen: unknown): seen is TabMessage {
  if (!isObject(seen)) return false
  switch (seen.type) {
    case 'hello':
    case 'here':
      return isVersion(seen.version)
    case 'run':
      return isVersion(seen.version) && isRun(seen.run) && isThread(seen.thread)
    case 'ask':
      return typeof seen.runId === 'string' && isCount(seen.at)
    case 'chunks':
      return typeof seen.runId === 'string' && isCount(seen.at) && Array.isArray(seen.chunks) && seen.chunks.every(isTyped)
    case 'end':
      return typeof seen.runId === 'string' && isCount(seen.at) && isEnd(seen.end)
    case 'stop':
      return typeof seen.runId === 'string'
    case 'thread':
      return isVersion(seen.version) && isThread(seen.thread) && typeof seen.why === 'string'
    case 'event':
      return isTyped(seen.event) && isShared(seen.event)
    case 'echo':
      return isCount(seen.count)
    default:
      return false
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isVersion = (value: unknown): boolean => isObject(value) && isCount(value.count) && typeof value.author === 'string'
const isTyped = (value: unknown): value is { type: string } => isObject(value) && typeof value.type === 'string'
const isId = (value: unknown): boolean => value === null || typeof value === 'string'
const MODES: readonly unknown[] = ['reply', 'continue', 'join']

const isEnd = (value: unknown): boolean =>
  isObject(value) && (value.how === 'closed' || value.how === 'stopped' || (value.how === 'failed' && isObject(value.error)))

const isRun = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.runId === 'string' &&
  MODES.includes(value.mode) &&
  isId(value.parentRunId) &&
  isId(value.tip) &&
  isId(value.fallback) &&
  isCount(value.steps)

function isThread(value: unknown): boolean {
  if (!isObject(value) || !isId(value.head) || !Array.isArray(value.messages)) return false
  try {
    checkMessages(value.messages as UIMessage[])
    return true
  } catch {
    return false
  }
}
