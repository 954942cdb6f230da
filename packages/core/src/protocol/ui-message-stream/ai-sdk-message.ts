/**
 * The messages of the AI SDK (`UIMessage` of `ai` 5 to 7), as far as anything depends on their form.
 * Spec: https://ai-sdk.dev/docs/reference/ai-sdk-core/ui-message
 */

/** What a provider wants to get back untouched, under its name. */
export type ProviderMetadata = Record<string, Record<string, unknown>>

/** A message of the AI SDK. */
export interface AiSdkMessage {
  id: string
  role: 'system' | 'user' | 'assistant'
  metadata?: unknown
  parts: AiSdkPart[]
}

export interface AiSdkTextPart {
  type: 'text'
  text: string
  state?: 'streaming' | 'done' | undefined
  citations?: unknown
  providerMetadata?: ProviderMetadata | undefined
}

export interface AiSdkReasoningPart {
  type: 'reasoning'
  /** Since `ai` 7. */
  id?: string | undefined
  text: string
  state?: 'streaming' | 'done' | undefined
  providerMetadata?: ProviderMetadata | undefined
}

export interface AiSdkFilePart {
  /** `reasoning-file`: one of the thoughts of the model. */
  type: 'file' | 'reasoning-file'
  mediaType: string
  /** An address or a data URL. */
  url: string
  filename?: string | undefined
  /** Provider → its id of the uploaded file. */
  providerReference?: Record<string, string> | undefined
  providerMetadata?: ProviderMetadata | undefined
}

export interface AiSdkSourceUrlPart {
  type: 'source-url'
  sourceId: string
  url: string
  title?: string | undefined
  providerMetadata?: ProviderMetadata | undefined
}

export interface AiSdkSourceDocumentPart {
  type: 'source-document'
  sourceId: string
  mediaType: string
  title: string
  filename?: string | undefined
  providerMetadata?: ProviderMetadata | undefined
}

/** Data of the application: `data-<name>`. */
export interface AiSdkDataPart {
  type: `data-${string}`
  id?: string | undefined
  data: unknown
}

/** The first part of each model call. */
export interface AiSdkStepStartPart {
  type: 'step-start'
}

export type AiSdkToolState =
  | 'input-streaming'
  | 'input-available'
  | 'approval-requested'
  | 'approval-responded'
  | 'output-available'
  | 'output-error'
  | 'output-denied'

/** The question whether a tool may run; what is not named here goes back as it came. */
export interface AiSdkApproval {
  id: string
  approved?: boolean | undefined
  reason?: string | undefined
  [field: string]: unknown
}

/** A tool call with its answer. `type` is `tool-<name>`, or `dynamic-tool` with a `toolName`. */
export interface AiSdkToolPart {
  type: `tool-${string}` | 'dynamic-tool'
  toolName?: string | undefined
  toolCallId: string
  state: AiSdkToolState
  input?: unknown
  rawInput?: unknown
  inputEncoding?: 'json' | 'text' | undefined
  output?: unknown
  errorText?: string | undefined
  preliminary?: boolean | undefined
  approval?: AiSdkApproval | undefined
  title?: string | undefined
  toolMetadata?: Record<string, unknown> | undefined
  providerExecuted?: boolean | undefined
  callProviderMetadata?: ProviderMetadata | undefined
  resultProviderMetadata?: ProviderMetadata | undefined
}

/** Parts that only the AI SDK knows; they are kept whole, so that they go back as they came. */
export interface AiSdkOtherPart {
  type: 'custom' | 'steering-message'
  [field: string]: unknown
}

export type AiSdkPart =
  | AiSdkTextPart
  | AiSdkReasoningPart
  | AiSdkFilePart
  | AiSdkSourceUrlPart
  | AiSdkSourceDocumentPart
  | AiSdkDataPart
  | AiSdkStepStartPart
  | AiSdkToolPart
  | AiSdkOtherPart

export const isToolPart = (part: AiSdkPart): part is AiSdkToolPart => part.type === 'dynamic-tool' || part.type.startsWith('tool-')
export const isDataPart = (part: AiSdkPart): part is AiSdkDataPart => part.type.startsWith('data-')
