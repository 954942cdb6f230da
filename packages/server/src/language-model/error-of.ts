import { isObject } from '../shape.ts'
import { isModelError, ModelError, type ModelErrorCode } from '../model-error.ts'

/** The fields of `APICallError` that are read here; by shape, so that any copy of it will do. */
interface ProviderError {
  name?: unknown
  message?: unknown
  statusCode?: unknown
  responseHeaders?: unknown
  isRetryable?: unknown
  /** The parsed body. */
  data?: unknown
}

interface ErrorContext {
  provider: string
  /** The stream had begun, so a broken connection is a cut answer. */
  answered: boolean
  now?: number | undefined
}

/** What a provider throws, or puts into its stream → a `ModelError`. */
export function modelErrorOf(error: unknown, { provider, answered, now = Date.now() }: ErrorContext): ModelError {
  if (isModelError(error)) return error
  const fields: ProviderError = isObject(error) ? error : {}
  const status = typeof fields.statusCode === 'number' ? fields.statusCode : undefined
  const message = `${provider}: ${messageOf(error)}`
  return new ModelError(codeOf(fields, { message, status, answered, isError: error instanceof Error }), message, {
    status,
    retryAfter: retryAfterOf(isObject(fields.responseHeaders) ? fields.responseHeaders : {}, now),
    cause: error,
  })
}

function codeOf(
  error: ProviderError,
  { message, status, answered, isError }: { message: string; status: number | undefined; answered: boolean; isError: boolean },
): ModelErrorCode {
  const said = saidCodes(error)
  const special = firstOf(SPECIFIC, said) ?? specialMessage(message, status)
  if (special) return special
  if (status !== undefined && status >= 400) return statusCode(status, error.isRetryable === true)
  const general = firstOf(GENERAL, said)
  if (general) return general
  switch (error.name) {
    case 'AI_APICallError':
      // Nobody answered, the answer broke off, or it was none.
      if (answered) return 'truncated'
      return status === undefined ? 'provider_unavailable' : 'bad_response'
    case 'AI_LoadAPIKeyError':
    case 'AI_LoadSettingError':
      return 'misconfigured'
    case 'AI_UnsupportedFunctionalityError':
      return 'unsupported_content'
    case 'AI_NoSuchModelError':
      return 'not_found'
    case 'AI_InvalidPromptError':
    case 'AI_InvalidArgumentError':
      return 'invalid_request'
    case 'AI_JSONParseError':
    case 'AI_TypeValidationError':
    case 'AI_InvalidResponseDataError':
    case 'AI_EmptyResponseBodyError':
      return 'bad_response'
    case 'TimeoutError':
      return 'timeout'
    default:
      // What is left in the middle of an answer is a broken connection, which every runtime reports in its own way.
      return answered && isError ? 'truncated' : 'provider_error'
  }
}

/** What the providers call it: `code` and `type` at OpenAI, `type` at Anthropic, `status` at Google. */
const saidCodes = (error: ProviderError): string[] =>
  [error, error.data]
    .flatMap(withInner)
    .flatMap(({ code, type, status }) => [code, type, status])
    .filter((said) => typeof said === 'string')

const firstOf = (codes: ReadonlyMap<string, ModelErrorCode>, said: readonly string[]): ModelErrorCode | undefined =>
  codes.get(said.find((code) => codes.has(code)) ?? '')

const withInner = (value: unknown): Record<string, unknown>[] =>
  isObject(value) ? [value, ...(isObject(value['error']) ? [value['error']] : [])] : []

/** Tell more than the status. */
const SPECIFIC: ReadonlyMap<string, ModelErrorCode> = new Map([
  ['insufficient_quota', 'quota'],
  ['billing_error', 'quota'],
  ['context_length_exceeded', 'context_length'],
  ['model_not_found', 'not_found'],
  ['invalid_api_key', 'auth'],
])

/** Stand in for a status within a stream. */
const GENERAL: ReadonlyMap<string, ModelErrorCode> = new Map([
  ['rate_limit_exceeded', 'rate_limit'],
  ['rate_limit_error', 'rate_limit'],
  ['RESOURCE_EXHAUSTED', 'rate_limit'],
  ['not_found_error', 'not_found'],
  ['authentication_error', 'auth'],
  ['permission_error', 'auth'],
  ['invalid_request_error', 'invalid_request'],
  ['INVALID_ARGUMENT', 'invalid_request'],
  ['overloaded_error', 'provider_unavailable'],
  ['server_error', 'provider_unavailable'],
  ['api_error', 'provider_unavailable'],
  ['UNAVAILABLE', 'provider_unavailable'],
  ['timeout_error', 'timeout'],
  ['DEADLINE_EXCEEDED', 'timeout'],
])

/** Anthropic and Google refuse a long conversation as any bad request, and Anthropic an empty account. */
function specialMessage(message: string, status: number | undefined): ModelErrorCode | undefined {
  if (status !== 400 && status !== 413) return undefined
  if (/prompt is too long|input token count|context (length|window)/i.test(message)) return 'context_length'
  if (/credit balance is too low/i.test(message)) return 'quota'
  if (/api key not valid/i.test(message)) return 'auth'
  return undefined
}

function statusCode(status: number, isRetryable: boolean): ModelErrorCode {
  if (status === 401 || status === 403) return 'auth'
  if (status === 402) return 'quota'
  if (status === 404) return 'not_found'
  if (status === 408) return 'timeout'
  if (status === 429) return 'rate_limit'
  return status >= 500 || isRetryable ? 'provider_unavailable' : 'invalid_request'
}

/** `Retry-After` in milliseconds: seconds, a date, or OpenAI's own header in milliseconds. */
function retryAfterOf(headers: Record<string, unknown>, now: number): number | undefined {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (exact >= 0) return exact
  const value = headers['retry-after']
  if (typeof value !== 'string' || value === '') return undefined
  const seconds = Number(value)
  if (seconds >= 0) return seconds * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Errors within a stream are often plain objects. */
function messageOf(error: unknown): string {
  if (!isObject(error)) return String(error)
  const { message } = withInner(error).find((value) => typeof value['message'] === 'string') ?? {}
  return typeof message === 'string' ? message : JSON.stringify(error)
}
