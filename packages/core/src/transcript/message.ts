import type { ContentPart, Metadata, Source } from '../protocol/chunk.ts'

/** Text of a message. `state` is `streaming` only while its run is open. */
export interface TextPart {
  type: 'text'
  content: string
  state?: 'streaming' | 'done' | undefined
  /** Id of the wire message it came from. */
  messageId?: string | undefined
  /** Opaque, the provider's; goes back untouched. */
  encryptedValue?: string | undefined
  metadata?: Metadata | undefined
}

/** What the model thought before it answered. */
export interface ThinkingPart {
  type: 'thinking'
  content: string
  /** Opaque, the provider's; goes back untouched (AG-UI: `encryptedValue`). */
  signature?: string | undefined
  state?: 'streaming' | 'done' | undefined
  messageId?: string | undefined
  metadata?: Metadata | undefined
}

/** A question to the person before a tool may run. */
export interface ToolApproval {
  id: string
  needsApproval: boolean
  approved?: boolean | undefined
  reason?: string | undefined
}

interface ToolCallBase {
  type: 'tool-call'
  id: string
  name: string
  /** JSON text as it streamed in. */
  arguments: string
  approval?: ToolApproval | undefined
  /** Id of the assistant wire message it belongs to. */
  messageId?: string | undefined
  /** Opaque, the provider's; goes back untouched. */
  encryptedValue?: string | undefined
  metadata?: Metadata | undefined
}

/** A call of a tool: a union by `state`. */
export type ToolCallPart =
  | (ToolCallBase & { state: 'awaiting-input'; input?: undefined; output?: undefined; error?: undefined })
  | (ToolCallBase & { state: 'input-streaming'; input?: unknown; output?: undefined; error?: undefined })
  | (ToolCallBase & {
      state: 'input-complete' | 'approval-requested' | 'approval-responded' | 'executing'
      input: unknown
      output?: undefined
      error?: undefined
    })
  | (ToolCallBase & { state: 'complete'; input: unknown; output: unknown; error?: undefined })
  | (ToolCallBase & { state: 'error'; input?: unknown; output?: unknown; error: string })
  | (ToolCallBase & { state: 'cancelled'; input?: unknown; output?: undefined; error?: string | undefined })

export type ToolCallState = ToolCallPart['state']

/** The answer to a call as it travelled; the parsed value is the call's `output`. */
export interface ToolResultPart {
  type: 'tool-result'
  toolCallId: string
  content: string | ContentPart[]
  state: 'complete' | 'error'
  error?: string | undefined
  /** Id of the tool wire message. */
  messageId?: string | undefined
  metadata?: Metadata | undefined
}

/** An image, a sound, a film or a document. */
export interface MediaPart {
  type: 'image' | 'audio' | 'video' | 'document'
  source: Source
  metadata?: Metadata | undefined
}

/** A citation: a page (`url`) or a document. */
export interface SourcePart {
  type: 'source'
  id: string
  url?: string | undefined
  title?: string | undefined
  mimeType?: string | undefined
  metadata?: Metadata | undefined
}

/** Data of the application, updated in place by `name` and `id`. */
export interface DataPart {
  type: 'data'
  name: string
  id?: string | undefined
  data: unknown
}

/** One piece of a message: a union by `type`. */
export type MessagePart = TextPart | ThinkingPart | ToolCallPart | ToolResultPart | MediaPart | SourcePart | DataPart

/** What a person may put into a message. */
export type ContentInputPart = TextPart | MediaPart | DataPart

/**
 * A message as a UI shows it: one per turn and role, its parts in order.
 * Immutable: a changed message is a new object, a finished one keeps its identity for ever.
 */
export interface UIMessage {
  readonly id: string
  readonly role: 'user' | 'assistant' | 'system'
  readonly parts: readonly MessagePart[]
  /** The message before it; `null` for the first. Absent in input means: the one listed before. */
  readonly parentId?: string | null | undefined
  readonly name?: string | undefined
  readonly metadata?: Metadata | undefined
  readonly createdAt?: Date | undefined
}
