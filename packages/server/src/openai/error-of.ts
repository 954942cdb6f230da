import { isModelError, ModelError, type ModelErrorCode } from '../model-error.ts'

/** The fields of the SDK's `APIError` that are read here; by shape, so that any version and any copy of it will do. */
interface ProviderError extends Error {
  status?: number | undefined
  code?: string | number | null | undefined
  headers?: Headers | undefined
}

/** What the SDK throws → a `ModelError`. `answered`: the stream had begun, so a broken connection is a cut answer. */
export function modelErrorOf(error: unknown, answered: boolean, now: number = Date.now()): ModelError {
  if (isModelError(error)) return error
  if (!(error instanceof Error)) return new ModelError('provider_error', `openai(): ${String(error)}`, { cause: error })
  const { status, headers } = error as ProviderError
  return new ModelError(codeOf(error, answered), `openai(): ${error.message}`, { status, retryAfter: retryAfterOf(headers, now), cause: error })
}

function codeOf(error: ProviderError, answered: boolean): ModelErrorCode {
  const special = specialCode(error.code)
  if (special) return special
  // OpenRouter reports a failure within a stream with the status as its code.
  const status = error.status ?? (typeof error.code === 'number' ? error.code : undefined)
  if (status !== undefined) return statusCode(status)
  if (error instanceof SyntaxError) return 'bad_response'
  switch (error.constructor.name) {
    case 'APIConnectionTimeoutError':
      return 'timeout'
    case 'APIConnectionError':
      return 'provider_unavailable'
    case 'APIError':
      return 'provider_error'
    default:
      // What is left in the middle of an answer is a broken connection, which every runtime reports in its own way.
      return answered ? 'truncated' : 'provider_error'
  }
}

function specialCode(code: ProviderError['code']): ModelErrorCode | undefined {
  switch (code) {
    case 'insufficient_quota':
      return 'quota'
    case 'context_length_exceeded':
      return 'context_length'
    case 'rate_limit_exceeded':
      return 'rate_limit'
    case 'model_not_found':
      return 'not_found'
    case 'invalid_api_key':
      return 'auth'
    default:
      return undefined
  }
}

function statusCode(status: number): ModelErrorCode {
  if (status === 401 || status === 403) return 'auth'
  if (status === 402) return 'quota'
  if (status === 404) return 'not_found'
  if (status === 408) return 'timeout'
  if (status === 429) return 'rate_limit'
  if (status >= 500) return 'provider_unavailable'
  return status >= 400 ? 'invalid_request' : 'provider_error'
}

/** `Retry-After` in milliseconds: seconds, a date, or OpenAI's own header in milliseconds. */
function retryAfterOf(headers: Headers | undefined, now: number): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (exact >= 0) return exact
  const value = headers?.get('retry-after')
  if (!value) return undefined
  const seconds = Number(value)
  if (seconds >= 0) return seconds * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
