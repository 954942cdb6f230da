import type {
  Custom,
  FinishReason,
  JsonSchema,
  Metadata,
  Raw,
  ReasoningEncryptedValue,
  ReasoningEnd,
  ReasoningMessageContent,
  ReasoningMessageEnd,
  ReasoningMessageStart,
  ReasoningStart,
  TextMessageContent,
  TextMessageEnd,
  TextMessageStart,
  TokenUsage,
  ToolCallArgs,
  ToolCallEnd,
  ToolCallResult,
  ToolCallStart,
  WireMessage,
  WireTool,
} from '@statechat/core/wire'

/** Whether and which tool the model has to call. */
export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

/** How the model shall answer; what a provider does not know is left out. */
export interface ModelSettings {
  temperature?: number | undefined
  topP?: number | undefined
  /** The most tokens the answer may have. */
  maxTokens?: number | undefined
  /** The answer ends before any of these. */
  stop?: readonly string[] | undefined
  /** A tool that has to be called has to be called once: after a result the model is free again. */
  toolChoice?: ToolChoice | undefined
  /** Whether the model may call several tools at once; the provider's default otherwise. */
  parallelToolCalls?: boolean | undefined
  /** What only one provider understands, under the adapter's name: `{ openai: { reasoning_effort: 'low' } }`. */
  providerOptions?: Record<string, Record<string, unknown>> | undefined
}

/** The form of an answer that is JSON. */
export interface ResponseFormat {
  /** What providers call it by. */
  name: string
  schema: JsonSchema
}

/** One model call, as `ai()` asks an adapter for it. */
export interface ModelRequest extends ModelSettings {
  model: string
  system?: string | undefined
  /** In the provider's order: every tool call has its result right after the message that made it. */
  messages: readonly WireMessage[]
  tools: readonly WireTool[]
  /** The answer shall be JSON of this form; a provider that cannot promise it is to be asked for it all the same. */
  responseFormat?: ResponseFormat | undefined
  /** Aborted when nobody wants the answer any more: close the connection to the model. */
  signal: AbortSignal
  /** The id of the assistant message of this call: for its text, and as the parent of its tool calls. */
  messageId: string
  /** For every other id that the provider leaves out or repeats. Ids must be unique in the whole conversation. */
  generateId: () => string
  threadId: string
  runId: string
}

/** The last chunk of a model call. A call that ends without it was cut off. */
export interface ModelFinish {
  type: 'finish'
  reason: FinishReason
  usage?: TokenUsage | undefined
  /** Merged into `RUN_FINISHED.metadata`. */
  metadata?: Metadata | undefined
}

/**
 * What an adapter yields: the text, reasoning and tool chunks of the vocabulary, then one {@link ModelFinish}.
 *
 * START and END may be left out: a delta of something that is not open opens it, and what was opened that way is closed by the
 * next chunk of something else. A tool call needs its START, which carries the name. `TOOL_CALL_RESULT` is for tools
 * that the provider executed itself. RUN_STARTED, RUN_FINISHED and RUN_ERROR are `ai()`'s alone.
 */
export type ModelChunk =
  | TextMessageStart
  | TextMessageContent
  | TextMessageEnd
  | ReasoningStart
  | ReasoningEnd
  | ReasoningMessageStart
  | ReasoningMessageContent
  | ReasoningMessageEnd
  | ReasoningEncryptedValue
  | ToolCallStart
  | ToolCallArgs
  | ToolCallEnd
  | ToolCallResult
  | Custom
  | Raw
  | ModelFinish

/**
 * A model behind one function: one call in, one stream of chunks out. It throws when the call fails, best a `ModelError`.
 *
 * @example
 * ```ts
 * const parrot: ModelAdapter = {
 *   name: 'parrot',
 *   defaultModel: 'grey',
 *   async *stream({ messages, messageId }) {
 *     const last = messages.at(-1)
 *     yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta: `You said: ${String(last?.content)}` }
 *     yield { type: 'finish', reason: 'stop' }
 *   },
 * }
 * ```
 */
export interface ModelAdapter {
  /** Names the adapter in errors, and its entry in `providerOptions`. */
  readonly name: string
  /** Used when the call names no model. */
  readonly defaultModel?: string | undefined
  stream(request: ModelRequest): AsyncIterable<ModelChunk>
}
