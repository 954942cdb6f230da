import type { ContentPart, Metadata, Source } from '../protocol/chunk.ts'
import type { ToolMap } from '../tool/tool.ts'

/** The types that an application's tools and schemas give to a chat; by default anything goes. */
export interface ChatTypes {
  /** Name of a tool → the types of its calls. */
  readonly tools: ToolMap
  /** The structured answer. */
  readonly output: unknown
  /** The state that agent and application share (AG-UI: STATE_SNAPSHOT, STATE_DELTA). */
  readonly state: unknown
}

/** A value that is still being written: every field may be missing yet. */
export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly DeepPartial<Item>[]
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T

/** Text of a message. `state` is `streaming` only while its run is open. */
export interface TextPart {
  type: 'text'
  content: string
  state?: 'streaming' | 'done' | undefined
  /** Id of the wire message it came from. */
  messageId?: string | undefined
  /** The subagent that said it. */
  subagentRunId?: string | undefined
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
  subagentRunId?: string | undefined
  metadata?: Metadata | undefined
}

/** A question to the person before a tool may run. */
export interface ToolApproval {
  id: string
  needsApproval: boolean
  approved?: boolean | undefined
  reason?: string | undefined
  /** `server`: the next request carries the answer. Absent: this client, for a tool of its own. */
  askedBy?: 'server' | undefined
  /** The server has the answer. */
  isDelivered?: boolean | undefined
  /** The run that asked: the request with the answer goes on from it. */
  runId?: string | undefined
  /** What the server says about the question. */
  message?: string | undefined
  /** ISO 8601; after it the question counts as cancelled. */
  expiresAt?: string | undefined
  /** The person may change the input while approving. */
  isEditable?: boolean | undefined
  /** The input is the person's, not the model's. */
  isEdited?: boolean | undefined
}

interface ToolCallBase<Name extends string> {
  type: 'tool-call'
  id: string
  name: Name
  /** JSON text as it streamed in. */
  arguments: string
  approval?: ToolApproval | undefined
  /** What the running tool reported last. */
  progress?: unknown
  /** Id of the assistant wire message it belongs to. */
  messageId?: string | undefined
  /** The subagent that made the call. */
  subagentRunId?: string | undefined
  /** Opaque, the provider's; goes back untouched. */
  encryptedValue?: string | undefined
  metadata?: Metadata | undefined
}

type ToolCallOf<Name extends string, Input, Output> =
  | (ToolCallBase<Name> & { state: 'awaiting-input'; input?: undefined; output?: undefined; error?: undefined })
  /** `input` grows with the arguments. */
  | (ToolCallBase<Name> & { state: 'input-streaming'; input?: DeepPartial<Input> | undefined; output?: undefined; error?: undefined })
  | (ToolCallBase<Name> & {
      state: 'input-complete' | 'approval-requested' | 'approval-responded' | 'executing'
      input: Input
      output?: undefined
      error?: undefined
    })
  | (ToolCallBase<Name> & { state: 'complete'; input: Input; output: Output; error?: undefined })
  | (ToolCallBase<Name> & { state: 'error'; input?: unknown; output?: undefined; error: string })
  | (ToolCallBase<Name> & { state: 'cancelled'; input?: unknown; output?: undefined; error?: string | undefined })

/** A call of a tool: a union by `name`, if the tools are known, and by `state`. */
export type ToolCallPart<Tools extends ToolMap = ToolMap> = {
  [Name in keyof Tools & string]: ToolCallOf<Name, Tools[Name]['input'], Tools[Name]['output']>
}[keyof Tools & string]

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

/** A question of the server that is about no tool call: shown as it likes, answered with `resolveInterrupt`. A union by `state`. */
export type InterruptPart = {
  type: 'interrupt'
  id: string
  /** Why: `input_required`, `confirmation`, or the server's own word. */
  reason: string
  message?: string | undefined
  /** JSON Schema of the answer. */
  responseSchema?: Record<string, unknown> | undefined
  /** ISO 8601; after it the question counts as cancelled. */
  expiresAt?: string | undefined
  toolCallId?: string | undefined
  metadata?: Metadata | undefined
  /** The server has the answer; until then the next request carries it. */
  isDelivered?: boolean | undefined
  /** The run that asked: the request with the answer goes on from it. */
  runId?: string | undefined
} & ({ state: 'open' | 'cancelled'; payload?: undefined } | { state: 'resolved'; payload: unknown })

/** An answer in the form of a schema. `raw` is its JSON text; a union by `status`. */
export type StructuredOutputPart<Output = unknown> = {
  type: 'structured-output'
  raw: string
  /** Id of the wire message it came from. */
  messageId?: string | undefined
} & (
  | { status: 'streaming'; partial?: DeepPartial<Output> | undefined; data?: undefined; errorMessage?: undefined }
  | { status: 'complete'; partial?: DeepPartial<Output> | undefined; data: Output; errorMessage?: undefined }
  | { status: 'error'; partial?: DeepPartial<Output> | undefined; data?: undefined; errorMessage: string }
)

/** What an agent is at, in a form of the server's own: a plan, a search, a table that grows. */
export interface ActivityPart {
  type: 'activity'
  id: string
  activityType: string
  content: Record<string, unknown>
  subagentRunId?: string | undefined
  metadata?: Metadata | undefined
}

/** An agent that works for the agent; what it says and does carries its id as `subagentRunId`. */
export interface SubagentPart {
  type: 'subagent'
  id: string
  name: string
  state: 'running' | 'finished' | 'suspended' | 'error' | 'cancelled'
  description?: string | undefined
  /** The subagent that started this one. */
  parentId?: string | undefined
  /** The call that started it. */
  toolCallId?: string | undefined
  result?: unknown
  error?: string | undefined
}

/** One piece of a message: a union by `type`. */
export type MessagePart<Types extends ChatTypes = ChatTypes> =
  | TextPart
  | ThinkingPart
  | ToolCallPart<Types['tools']>
  | ToolResultPart
  | InterruptPart
  | StructuredOutputPart<Types['output']>
  | ActivityPart
  | SubagentPart
  | MediaPart
  | SourcePart
  | DataPart

/** What a person may put into a message. */
export type ContentInputPart = TextPart | MediaPart | DataPart

/**
 * A message as a UI shows it: one per turn and role, its parts in order.
 * Immutable: a changed message is a new object, a finished one keeps its identity for ever.
 */
export interface UIMessage<Types extends ChatTypes = ChatTypes> {
  readonly id: string
  readonly role: 'user' | 'assistant' | 'system'
  readonly parts: readonly MessagePart<Types>[]
  /** The message before it; `null` for the first. Absent in input means: the one listed before. */
  readonly parentId?: string | null | undefined
  readonly name?: string | undefined
  readonly metadata?: Metadata | undefined
  readonly createdAt?: Date | undefined
}
