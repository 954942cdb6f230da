import type { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ToolResultPart, UIMessage } from '../transcript/message.ts'
import type { RunMode } from '../transcript/run.ts'
import type { Fields, PerRequest } from './options.ts'

/** Body and data of one send; they are merged over those of the chat. */
export interface SendOptions {
  body?: PerRequest<Fields | undefined> | undefined
  data?: PerRequest<Fields | undefined> | undefined
}

/** A message that waits for its turn. */
export interface QueuedMessage {
  readonly id: string
  readonly message: UIMessage
  readonly options: SendOptions
}

/** What was stored of a conversation. */
export interface Restored {
  /** Each after its parent. `null`: the messages were there already, and their code is now. */
  readonly messages: readonly UIMessage[] | null
  /** The end of the path that was shown. Absent: the last message. */
  readonly head?: string | null | undefined
  /** What waited for the turn in flight; none goes out before that turn has finished, or the next message is sent. */
  readonly queue?: readonly QueuedMessage[] | undefined
  /** What agent and application shared, if they did. */
  readonly state?: unknown
  /** The run that was going on: it is looked for. */
  readonly runId?: string | undefined
  /** How many parts its message had when it began. */
  readonly runStart?: number | undefined
}

/** What a person, or the code acting for one, asks for. `turnId` names the turn to whoever waits for its end. */
export type UserEvent =
  | { type: 'user.send'; turnId: string; message: UIMessage; options?: SendOptions }
  | { type: 'user.reload'; turnId: string; messageId?: string | undefined; options?: SendOptions }
  | { type: 'user.edit'; turnId: string; messageId: string; message: UIMessage; options?: SendOptions }
  | { type: 'user.retry'; turnId: string }
  | { type: 'user.stop' }
  | { type: 'user.clear' }
  | { type: 'user.setMessages'; messages: readonly UIMessage[] }
  | { type: 'user.setState'; state: unknown }
  | { type: 'user.selectBranch'; messageId: string }
  | { type: 'user.unqueue'; id: string }
  | { type: 'user.resumeQueue' }
  | { type: 'tool.result'; result: ToolResultPart; output?: unknown }
  | { type: 'tool.approval'; toolCallId: string; approved: boolean; reason?: string | undefined; editedInput?: unknown }
  | { type: 'interrupt.answer'; id: string; status: 'resolved' | 'cancelled'; payload?: unknown }
  | { type: 'view.attach' }
  | { type: 'view.detach' }

/** What the actor of a run reports; each event carries the id of its run. */
export type RunEvent =
  /** `joined`: the server's id of a run that was found. `isReplay`: it begins with what was said before. */
  | { type: 'run.opened'; runId: string; joined?: string | undefined; isReplay?: boolean | undefined }
  /** Every chunk of one network read. `cursor` is where a dropped run can be rejoined; null when it turns out that it cannot. */
  | { type: 'run.chunks'; runId: string; chunks: readonly Chunk[]; cursor?: string | null | undefined }
  /** What comes from here on is new. */
  | { type: 'run.caughtUp'; runId: string }
  /** The body ended by itself. */
  | { type: 'run.closed'; runId: string }
  /** The transport broke. */
  | { type: 'run.dropped'; runId: string; error: ChatError }
  | { type: 'run.failed'; runId: string; error: ChatError }

/** What the actor of a client tool reports; its result is a `tool.result`, as anybody's. */
export type ToolEvent =
  /** A person has to agree first. */
  | { type: 'tool.asks'; toolCallId: string }
  | { type: 'tool.started'; toolCallId: string }
  | { type: 'tool.progressed'; toolCallId: string; progress: unknown }
  | { type: 'tool.timedOut'; toolCallId: string }

/** The time of a question is over: an approval, by its call, or another interrupt. */
export type ExpiryEvent = { type: 'approval.expired'; toolCallId: string } | { type: 'interrupt.expired'; id: string }

export type RestoreEvent =
  | ({ type: 'restore.done' } & Restored)
  | { type: 'restore.failed'; error: ChatError }
  /** The turn that was going on when the conversation was stored goes on. */
  | { type: 'restore.resume' }

/** What happens to the device or the page while a dropped run waits to be rejoined. */
export type NetworkEvent = { type: 'network.offline' } | { type: 'network.online' } | { type: 'page.visible' }

/** A run that another tab has open, as it was when it began there. */
export interface FollowedRun {
  readonly runId: string
  readonly parentRunId: string | null
  readonly mode: RunMode
  readonly tip: string | null
  readonly fallback: string | null
  readonly steps: number
}

/** What another tab made of the conversation. */
export interface ThreadEvent {
  type: 'thread.changed'
  /** Of every branch, each after its parent. `null`: they are the same here. */
  messages: readonly UIMessage[] | null
  /** The end of the path that is shown. */
  head: string | null
  state: unknown
  /** It is followed here from its start. `null`: none is going on. */
  run: FollowedRun | null
  /** `told`: that is how it was; else a person has stopped what was going on, or has replaced the messages. */
  why: 'told' | 'stopped' | 'replaced'
}

export type ChatEvent = UserEvent | RunEvent | NetworkEvent | ToolEvent | ExpiryEvent | RestoreEvent | ThreadEvent
