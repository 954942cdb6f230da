import type { RunErrorChunk } from '@statechat/core/wire'
import { RunFailure } from './run-failure.ts'

/** Why a model call failed. Sent to the client as `RUN_ERROR.code`. */
export type ModelErrorCode =
  /** Too many requests; see `retryAfter`. */
  | 'rate_limit'
  /** The account has no credit left. */
  | 'quota'
  /** The key is missing, wrong, or not allowed to use this model. */
  | 'auth'
  /** There is no such model, or no such address. */
  | 'not_found'
  /** The provider refused the request as it was sent. */
  | 'invalid_request'
  /** The conversation is longer than the model can read. */
  | 'context_length'
  /** A message holds something that this model cannot take, e.g. a film. */
  | 'unsupported_content'
  /** No answer in time. */
  | 'timeout'
  /** The provider is down, overloaded or out of reach. */
  | 'provider_unavailable'
  /** The provider reported a failure of another kind. */
  | 'provider_error'
  /** The answer could not be understood. */
  | 'bad_response'
  /** The answer broke off before its end. */
  | 'truncated'
  /** The server is not set up, e.g. a package or a setting is missing. */
  | 'misconfigured'

const PUBLIC_MESSAGES: Readonly<Record<ModelErrorCode, string>> = {
  rate_limit: 'The model is busy. Try again in a moment.',
  quota: 'The model is not available at the moment.',
  auth: 'The model is not available at the moment.',
  not_found: 'The model is not available at the moment.',
  invalid_request: 'The model could not take this request.',
  context_length: 'This conversation is too long for the model.',
  unsupported_content: 'The model cannot read one of the attachments.',
  timeout: 'The model took too long to answer.',
  provider_unavailable: 'The model cannot be reached at the moment.',
  provider_error: 'The model could not answer.',
  bad_response: 'The model could not answer.',
  truncated: 'The answer of the model broke off.',
  misconfigured: 'The model is not available at the moment.',
}

const RETRYABLE: ReadonlySet<ModelErrorCode> = new Set([
  'rate_limit',
  'timeout',
  'provider_unavailable',
  'provider_error',
  'bad_response',
  'truncated',
])

export interface ModelErrorDetails {
  /** HTTP status of the provider's answer. */
  status?: number | undefined
  /** How long the provider asked to wait, in milliseconds. */
  retryAfter?: number | undefined
  cause?: unknown
}

/**
 * Why a model call failed, as adapters throw it. The message is for your log; the client is told the code only.
 *
 * @example
 * ```ts
 * throw new ModelError('rate_limit', 'acme answered 429', { status: 429, retryAfter: 3000 })
 * ```
 */
export class ModelError extends Error {
  readonly code: ModelErrorCode
  readonly status: number | undefined
  readonly retryAfter: number | undefined

  constructor(code: ModelErrorCode, message: string, details: ModelErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'ModelError'
    this.code = code
    this.status = details.status
    this.retryAfter = details.retryAfter
  }
}

/** True for a {@link ModelError}, also one made by another copy of the library. */
export function isModelError(value: unknown): value is ModelError {
  return value instanceof Error && value.name === 'ModelError' && typeof (value as { code?: unknown }).code === 'string'
}

/** Sees every failure in full, for the log. A returned string is sent to the client in place of the masked message. */
export type ErrorHandler = (error: unknown) => string | void

/**
 * The RUN_ERROR of a failure: `code` and a message that gives nothing away,
 * `metadata.retryable` and, where known, `metadata.retryAfter` in milliseconds.
 */
export function runError(error: unknown, onError: ErrorHandler = logRun): RunErrorChunk {
  const message = ask(onError, error)
  if (error instanceof RunFailure) return { type: 'RUN_ERROR', message: message ?? error.message, code: error.code, metadata: error.metadata }
  const known = isModelError(error) ? error : undefined
  const code = known?.code ?? 'internal'
  const masked = PUBLIC_MESSAGES[code as ModelErrorCode] ?? 'The model could not answer.'
  const metadata: Record<string, unknown> = { retryable: known === undefined || RETRYABLE.has(known.code) }
  if (known?.retryAfter !== undefined) metadata['retryAfter'] = known.retryAfter
  return { type: 'RUN_ERROR', message: message ?? masked, code, metadata }
}

/** What the model and the client are told of what a tool threw. */
export const reportToolFailure = (error: unknown, onError: ErrorHandler = logTool): string => ask(onError, error) ?? 'The tool failed.'

/** The client sees a masked message, so somebody else has to see the real one. */
function logRun(error: unknown): void {
  console.error('[statechat] a run failed:', error)
}

function logTool(error: unknown): void {
  console.error('[statechat] a tool failed:', error)
}

/** A handler that throws must not take the run's last chunk with it. */
function ask(onError: ErrorHandler, error: unknown): string | undefined {
  try {
    const answer: unknown = onError(error)
    if (answer instanceof Promise) answer.catch(() => {})
    return typeof answer === 'string' ? answer : undefined
  } catch {
    return undefined
  }
}
