import type { ChatErrorDetails, ChatErrorCode } from '../errors.ts'
import type { ChatEvent, RestoreEvent, RunEvent, SendOptions, ThreadEvent, UserEvent } from '../session/events.ts'
import type { WhileBusy } from '../session/options.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { ChatPhase, ChatStatus } from '../view/snapshot.ts'

/**
 * What happened to a chat, as a JSON document: enough to make it happen again. Made by `recordTrace`, played by `replayTrace`.
 * It holds what was said; never headers, keys, the options of a connection, or the `body` and `data` of requests.
 */
export interface Trace {
  readonly format: 'statechat.trace'
  readonly version: 1
  readonly threadId: string
  /** When recording began, in ms since the epoch. */
  readonly startedAt: number
  readonly options: TraceOptions
  readonly initial: TraceStart
  /** Every event that the chat's machine got, in order. */
  readonly steps: readonly TraceStep[]
  readonly end: TraceEnd
}

/**
 * Why nothing comes after the last step: nothing has happened yet (`open`), `stop()` was called (`stopped`), the chat was disposed of
 * (`disposed`), or the trace is as long as it may be (`full`).
 */
export type TraceEnd = 'open' | 'stopped' | 'disposed' | 'full'

/** The options that decide what the machine does. */
export interface TraceOptions {
  readonly whileBusy: WhileBusy
  readonly maxSteps: number
  readonly tools: readonly TraceTool[]
  /** Whether there is an `outputSchema`. */
  readonly structured: boolean
  /** Whether a run that is going on is to be looked for, and can be. */
  readonly joins: boolean
  /** Whether stored messages, or code for them, are yet to be loaded. */
  readonly restores: boolean
}

export interface TraceTool {
  readonly name: string
  readonly side: 'client' | 'server'
  /** Whether its calls have an actor: it can be executed, or its input is checked. */
  readonly isActive: boolean
  readonly timeoutMs?: number | undefined
}

/** The conversation when recording began. */
export interface TraceStart {
  /** With their branches: each below its `parentId`. */
  readonly messages: readonly TraceMessage[]
  /** The last message of the path that was shown. */
  readonly head: string | null
  /** What agent and application shared; absent if neither had said anything. */
  readonly state?: unknown
}

/** One event of the machine. */
export interface TraceStep {
  /** When, in ms since recording began. */
  readonly at: number
  readonly event: TraceEvent
  /** The actor that sent it: `run:<runId>`, `tool:<name>:<callId>` or `network`. Absent: a person, the application, the clock, or the chat itself. */
  readonly actor?: string | undefined
  /** The ids that were made while it was dealt with, in order. */
  readonly ids?: readonly string[] | undefined
  /** The options from this event on, if they are others than before. */
  readonly options?: TraceOptions | undefined
  /** What the chat was doing after it. */
  readonly status: ChatStatus
  readonly phase: ChatPhase
}

/** A message as JSON. */
export type TraceMessage = Omit<UIMessage, 'createdAt'> & { readonly createdAt?: string | undefined }

/** A `ChatError` as data. */
export type TraceError = Omit<ChatErrorDetails, 'cause'> & {
  readonly code: ChatErrorCode
  readonly message: string
  /** Its cause, as far as it is text. */
  readonly cause?: { readonly name: string; readonly message: string } | undefined
}

type AsJson<Event> = Event extends { error: unknown }
  ? Omit<Event, 'error'> & { error: TraceError }
  : Event extends { message: UIMessage; options?: SendOptions }
    ? Omit<Event, 'message' | 'options'> & { message: TraceMessage }
    : Event extends { messages: readonly UIMessage[] | null }
      ? Omit<Event, 'messages'> & { messages: readonly TraceMessage[] | (null extends Event['messages'] ? null : never) }
      : Omit<Event, 'options'>

/** An event of the machine as JSON; `backoff`: the wait before a dropped run is rejoined is over. */
export type TraceEvent =
  | AsJson<UserEvent>
  | AsJson<RunEvent>
  | AsJson<RestoreEvent>
  | AsJson<ThreadEvent>
  | Exclude<ChatEvent, UserEvent | RunEvent | RestoreEvent | ThreadEvent>
  | { type: 'backoff' }
