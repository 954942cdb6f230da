import type { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ToolResultPart, UIMessage } from '../transcript/message.ts'
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
  | { type: 'run.opened'; runId: string }
  /** Every chunk of one network read. `cursor` is where a dropped run can be rejoined. */
  | { type: 'run.chunks'; runId: string; chunks: readonly Chunk[]; cursor?: string | undefined }
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
  /** `null`: the messages were there already, and their code is now. */
  | { type: 'restore.done'; messages: readonly UIMessage[] | null }
  | { type: 'restore.failed'; error: ChatError }
  /** The turn that was going on when the conversation was stored goes on. */
  | { type: 'restore.resume' }

export type ChatEvent = UserEvent | RunEvent | ToolEvent | ExpiryEvent | RestoreEvent
