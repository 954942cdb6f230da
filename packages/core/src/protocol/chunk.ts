/**
 * The one internal vocabulary: AG-UI 1.0 events as plain literal types.
 * Spec: https://docs.ag-ui.com (events, 1.0). A type test holds these against `@ag-ui/core`.
 */

/** Tokens used by a run, per provider and model. `reasoningTokens` are part of `outputTokens`, cached ones of `inputTokens`. */
export interface TokenUsage {
  provider?: string | undefined
  model?: string | undefined
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  totalTokens?: number | undefined
  reasoningTokens?: number | undefined
  cachedInputTokens?: number | undefined
  cacheWriteInputTokens?: number | undefined
}

/** Why the model stopped. Carried in `RUN_FINISHED.metadata.finishReason`. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'error' | 'other'

/** A question of the run that a person has to answer before it can go on. */
export interface Interrupt {
  id: string
  reason: string
  message?: string | undefined
  toolCallId?: string | undefined
  /** JSON Schema of the answer. */
  responseSchema?: Record<string, unknown> | undefined
  /** ISO 8601; an expired interrupt can only be cancelled. */
  expiresAt?: string | undefined
  metadata?: Metadata | undefined
  subagentRunId?: string | undefined
}

/** The answer to an {@link Interrupt}, sent with the next request. */
export interface ResumeEntry {
  interruptId: string
  status: 'resolved' | 'cancelled'
  payload?: unknown
  metadata?: Metadata | undefined
}

/** How a run ended; absent means success. */
export type RunOutcome =
  | { type: 'success'; pendingToolCallIds?: string[] | undefined }
  | { type: 'interrupt'; interrupts: Interrupt[] }
  | { type: 'cancelled' }

/** Free-form; merged per key, the last write wins. */
export type Metadata = Record<string, unknown>

/** Where the bytes of a media part are. */
export type Source =
  | { type: 'data'; value: string; mimeType: string }
  | { type: 'url'; value: string; mimeType?: string | undefined }
  | { type: 'file'; value: string; provider?: string | undefined; mimeType?: string | undefined }

/** One piece of multimodal content on the wire. */
export type ContentPart =
  | { type: 'text'; text: string; id?: string | undefined; metadata?: Metadata | undefined }
  | { type: 'image' | 'audio' | 'video' | 'document'; source: Source; id?: string | undefined; metadata?: Metadata | undefined }

interface Base<T extends string> {
  type: T
  /** Milliseconds since the epoch by convention; not for ordering. */
  timestamp?: number | undefined
  rawEvent?: unknown
  metadata?: Metadata | undefined
  /** The subagent run this belongs to; absent = the run itself. Not on lifecycle events. */
  subagentRunId?: string | undefined
}

export interface RunStarted extends Base<'RUN_STARTED'> {
  threadId: string
  runId: string
  protocolVersion?: string | undefined
  parentRunId?: string | undefined
  input?: unknown
}
export interface RunFinished extends Base<'RUN_FINISHED'> {
  threadId: string
  runId: string
  result?: unknown
  usage?: TokenUsage[] | undefined
  outcome?: RunOutcome | undefined
  metadata?: (Metadata & { finishReason?: FinishReason }) | undefined
}
export interface RunErrorChunk extends Base<'RUN_ERROR'> {
  message: string
  code?: string | undefined
  usage?: TokenUsage[] | undefined
}
export interface StepStarted extends Base<'STEP_STARTED'> {
  stepName: string
}
export interface StepFinished extends Base<'STEP_FINISHED'> {
  stepName: string
}
export type TextRole = 'assistant' | 'user' | 'system' | 'developer'
export interface TextMessageStart extends Base<'TEXT_MESSAGE_START'> {
  messageId: string
  /** Default `assistant`. */
  role?: TextRole | undefined
  name?: string | undefined
}
export interface TextMessageContent extends Base<'TEXT_MESSAGE_CONTENT'> {
  messageId: string
  delta: string
}
export interface TextMessageEnd extends Base<'TEXT_MESSAGE_END'> {
  messageId: string
}
export interface TextMessageChunk extends Base<'TEXT_MESSAGE_CHUNK'> {
  messageId?: string | undefined
  role?: TextRole | undefined
  delta?: string | undefined
  name?: string | undefined
}
export interface ToolCallStart extends Base<'TOOL_CALL_START'> {
  toolCallId: string
  toolCallName: string
  parentMessageId?: string | undefined
}
export interface ToolCallArgs extends Base<'TOOL_CALL_ARGS'> {
  toolCallId: string
  delta: string
}
export interface ToolCallEnd extends Base<'TOOL_CALL_END'> {
  toolCallId: string
  /** Where a server has the last word on the input (AI SDK): the value, in place of the arguments that came. Not of AG-UI. */
  input?: unknown
}
export interface ToolCallChunk extends Base<'TOOL_CALL_CHUNK'> {
  toolCallId?: string | undefined
  toolCallName?: string | undefined
  parentMessageId?: string | undefined
  delta?: string | undefined
}
/** The answer to a tool call. A failed one carries its reason in `metadata.error`. */
export interface ToolCallResult extends Base<'TOOL_CALL_RESULT'> {
  messageId: string
  toolCallId: string
  content: string | ContentPart[]
  role?: 'tool' | undefined
  metadata?: (Metadata & { error?: string }) | undefined
}
export interface ReasoningStart extends Base<'REASONING_START'> {
  messageId: string
}
export interface ReasoningEnd extends Base<'REASONING_END'> {
  messageId: string
}
export interface ReasoningMessageStart extends Base<'REASONING_MESSAGE_START'> {
  messageId: string
  role: 'reasoning'
}
export interface ReasoningMessageContent extends Base<'REASONING_MESSAGE_CONTENT'> {
  messageId: string
  delta: string
}
export interface ReasoningMessageEnd extends Base<'REASONING_MESSAGE_END'> {
  messageId: string
}
export interface ReasoningMessageChunk extends Base<'REASONING_MESSAGE_CHUNK'> {
  messageId?: string | undefined
  delta?: string | undefined
}
export interface ReasoningEncryptedValue extends Base<'REASONING_ENCRYPTED_VALUE'> {
  subtype: 'tool-call' | 'message'
  entityId: string
  encryptedValue: string
}
export interface StateSnapshot extends Base<'STATE_SNAPSHOT'> {
  /** Any JSON; null and other falsy values are values. */
  snapshot: unknown
}
export interface StateDelta extends Base<'STATE_DELTA'> {
  /** RFC 6902. */
  delta: unknown[]
}
export interface MessagesSnapshot extends Base<'MESSAGES_SNAPSHOT'> {
  messages: WireMessage[]
}
export interface ActivitySnapshot extends Base<'ACTIVITY_SNAPSHOT'> {
  messageId: string
  activityType: string
  content: Record<string, unknown>
  /** Default true. */
  replace?: boolean | undefined
}
export interface ActivityDelta extends Base<'ACTIVITY_DELTA'> {
  messageId: string
  activityType: string
  patch: unknown[]
}
export interface Raw extends Base<'RAW'> {
  event: unknown
  source?: string | undefined
}
export interface Custom extends Base<'CUSTOM'> {
  name: string
  value: unknown
}
export interface SubagentStarted extends Base<'SUBAGENT_STARTED'> {
  subagentRunId: string
  name: string
  description?: string | undefined
  parentSubagentRunId?: string | undefined
  parentToolCallId?: string | undefined
  parentMessageId?: string | undefined
}
export interface SubagentFinished extends Base<'SUBAGENT_FINISHED'> {
  subagentRunId: string
  result?: unknown
  outcome?: { type: 'success' } | { type: 'suspended'; interruptIds?: string[] | undefined } | undefined
}
export interface SubagentError extends Base<'SUBAGENT_ERROR'> {
  subagentRunId: string
  message: string
  code?: string | undefined
}

/** Everything a connection may yield: the AG-UI 1.0 events. A union by `type`. */
export type Chunk =
  | RunStarted
  | RunFinished
  | RunErrorChunk
  | StepStarted
  | StepFinished
  | TextMessageStart
  | TextMessageContent
  | TextMessageEnd
  | TextMessageChunk
  | ToolCallStart
  | ToolCallArgs
  | ToolCallEnd
  | ToolCallChunk
  | ToolCallResult
  | ReasoningStart
  | ReasoningEnd
  | ReasoningMessageStart
  | ReasoningMessageContent
  | ReasoningMessageEnd
  | ReasoningMessageChunk
  | ReasoningEncryptedValue
  | StateSnapshot
  | StateDelta
  | MessagesSnapshot
  | ActivitySnapshot
  | ActivityDelta
  | Raw
  | Custom
  | SubagentStarted
  | SubagentFinished
  | SubagentError

export type ChunkType = Chunk['type']

/** A tool call inside an assistant wire message. `arguments` is JSON text. */
export interface WireToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
  encryptedValue?: string | undefined
  metadata?: Metadata | undefined
}

interface WireBase<R extends string> {
  id: string
  subagentRunId?: string | undefined
  role: R
  name?: string | undefined
  encryptedValue?: string | undefined
  metadata?: Metadata | undefined
}

/** Messages as they travel: flat, one per role. A UI message fans out to several of them. */
export type WireMessage =
  | (WireBase<'system' | 'developer'> & { content: string })
  | (WireBase<'user'> & { content: string | ContentPart[] })
  | (WireBase<'assistant'> & { content?: string | undefined; toolCalls?: WireToolCall[] | undefined })
  | (WireBase<'tool'> & { content: string | ContentPart[]; toolCallId: string; error?: string | undefined })
  | (WireBase<'reasoning'> & { content: string })

/** A tool as the request describes it. `parameters` is JSON Schema. */
export interface WireTool {
  name: string
  description: string
  parameters?: unknown
  metadata?: Metadata | undefined
}

/** The body of a request: AG-UI's RunAgentInput, with the fields that older servers require always present. */
export interface RunAgentInput {
  threadId: string
  runId: string
  parentRunId?: string | undefined
  protocolVersion?: string | undefined
  state: unknown
  messages: WireMessage[]
  tools: WireTool[]
  context: { description: string; value: string }[]
  forwardedProps: unknown
  resume?: ResumeEntry[] | undefined
}

/** The spec version we speak. */
export const PROTOCOL_VERSION = '1.0'
