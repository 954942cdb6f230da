/**
 * The AI SDK's provider interface as far as it is used here, by shape: any version of `@ai-sdk/provider` will do, and none is needed.
 * A type test holds it against the published types.
 *
 * @see https://ai-sdk.dev/providers/community-providers/custom-providers
 */

/** What one provider says or wants, under its name. Metadata of an answer comes back as options of the next request. */
export type ProviderData = Record<string, Record<string, unknown>>

/** Which form a model speaks: they differ in files, in tool results and in how an answer ends. */
export type Version = 'v2' | 'v3' | 'v4'

/** Media type pattern → addresses that the model reads itself. */
export type SupportedUrls = Record<string, RegExp[]>

/** A model of an AI SDK provider: `anthropic('…')`, `google('…')`, `mistral('…')`, … */
export interface LanguageModel {
  readonly specificationVersion: Version
  readonly provider: string
  readonly modelId: string
  readonly supportedUrls?: PromiseLike<SupportedUrls> | SupportedUrls | undefined
  doStream(options: CallOptions): PromiseLike<{ stream: ReadableStream<{ type: string }> }>
}

/** Settings that only these models know. */
export interface CallSettings {
  topK?: number | undefined
  presencePenalty?: number | undefined
  frequencyPenalty?: number | undefined
  seed?: number | undefined
  /** How much to think, for models of specification v4: `none`, `minimal`, `low`, `medium`, `high` or `xhigh`. */
  reasoning?: string | undefined
  headers?: Record<string, string | undefined> | undefined
}

/** One call of a model. */
export interface CallOptions extends CallSettings {
  prompt: readonly object[]
  maxOutputTokens?: number | undefined
  temperature?: number | undefined
  topP?: number | undefined
  stopSequences?: string[] | undefined
  responseFormat?: object | undefined
  tools?: readonly object[] | undefined
  toolChoice?: object | undefined
  includeRawChunks?: boolean | undefined
  abortSignal?: AbortSignal | undefined
  providerOptions?: ProviderData | undefined
}

interface Base<T extends string> {
  type: T
  providerMetadata?: ProviderData | undefined
}

type Start<T extends string> = Base<T> & { id: string }
type Delta<T extends string> = Base<T> & { id: string; delta: string }

export type ToolInputStart = Start<'tool-input-start'> & {
  toolName: string
  providerExecuted?: boolean
  dynamic?: boolean
  title?: string
  /** `text`: the deltas are not JSON, the input of the call is. */
  inputEncoding?: 'json' | 'text'
}
export type ToolCall = Base<'tool-call'> & { toolCallId: string; toolName: string; input: string; providerExecuted?: boolean; dynamic?: boolean }
export type ToolResult = Base<'tool-result'> & {
  toolCallId: string
  toolName: string
  result: unknown
  isError?: boolean
  /** Another one follows. */
  preliminary?: boolean
}
type ApprovalRequest = Base<'tool-approval-request'> & { approvalId: string; toolCallId: string }

type TextEnd = Start<'text-end'> & { citations?: Citation[] }
export interface Citation {
  startIndex?: number
  endIndex?: number
}

export type TextPart = Start<'text-start'> | Delta<'text-delta'> | TextEnd
export type ReasoningPart = Start<'reasoning-start'> | Delta<'reasoning-delta'> | Start<'reasoning-end'>
export type ToolPart = ToolInputStart | Delta<'tool-input-delta'> | Start<'tool-input-end'> | ToolCall | ToolResult | ApprovalRequest

export type SourcePart = Base<'source'> & { id: string } & (
    | { sourceType: 'url'; url: string; title?: string }
    | { sourceType: 'document'; mediaType: string; title: string; filename?: string }
  )
/** Tagged since v4; before, the bytes or their base64 as they are. */
export type FileData = string | Uint8Array | { type: 'data'; data: string | Uint8Array } | { type: 'url'; url: URL | string }
export type FilePart = Base<'file' | 'reasoning-file'> & { mediaType: string; data: FileData }

/** Numbers in v2, counts by kind since v3. */
export interface Usage {
  inputTokens?: number | { total?: number; cacheRead?: number; cacheWrite?: number } | undefined
  outputTokens?: number | { total?: number; reasoning?: number } | undefined
  totalTokens?: number | undefined
  reasoningTokens?: number | undefined
  cachedInputTokens?: number | undefined
}
export type FinishPart = Base<'finish'> & { finishReason: string | { unified: string; raw?: string }; usage?: Usage }

/** Everything that the stream of any version may hold. */
export type StreamPart =
  | TextPart
  | ReasoningPart
  | ToolPart
  | SourcePart
  | FilePart
  | FinishPart
  | (Base<'custom'> & { kind: string })
  | { type: 'stream-start'; warnings?: readonly unknown[] }
  | { type: 'response-metadata'; modelId?: string }
  | { type: 'raw'; rawValue: unknown }
  | { type: 'error'; error: unknown }
  | { type: 'ping' }
