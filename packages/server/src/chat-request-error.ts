/** What is wrong with a request, as a word: the `error.code` of the JSON answer. */
export type ChatRequestErrorCode =
  | 'bad_request'
  /** `authorize` said no. */
  | 'forbidden'
  /** There is no such run. */
  | 'unknown_run'
  | 'method_not_allowed'
  /** The run belongs to another thread, or was asked something else. */
  | 'conflict'
  /** The run, or its events, are no longer kept. */
  | 'expired'
  | 'too_large'
  | 'unsupported_media_type'
  /** The run log cannot be reached, or the server is shutting down: worth another try. */
  | 'unavailable'

const STATUS: Readonly<Record<ChatRequestErrorCode, number>> = {
  bad_request: 400,
  forbidden: 403,
  unknown_run: 404,
  method_not_allowed: 405,
  conflict: 409,
  expired: 410,
  too_large: 413,
  unsupported_media_type: 415,
  unavailable: 503,
}

/**
 * A request that cannot be served. The message names the field and what was expected, never a value that was sent,
 * so it may go back to the client: that is what `toResponse()` does.
 *
 * @example
 * ```ts
 * try {
 *   const chat = await parseChatRequest(request)
 * } catch (error) {
 *   if (isChatRequestError(error)) return error.toResponse()
 *   throw error
 * }
 * ```
 */
export class ChatRequestError extends Error {
  readonly code: ChatRequestErrorCode
  readonly status: number
  /** Where in the body, e.g. `messages[2].content`. */
  readonly field: string | undefined

  constructor(code: ChatRequestErrorCode, message: string, details: { field?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'ChatRequestError'
    this.code = code
    this.status = STATUS[code]
    this.field = details.field
  }

  /** `{ error: { code, message, field? } }` with the right status. */
  toResponse(init: { headers?: HeadersInit | undefined } = {}): Response {
    const headers = new Headers(init.headers)
    if (this.code === 'method_not_allowed' && !headers.has('allow')) headers.set('allow', 'POST')
    if (this.code === 'unavailable' && !headers.has('retry-after')) headers.set('retry-after', '1')
    const error = { code: this.code, message: this.message, ...(this.field !== undefined && { field: this.field }) }
    return Response.json({ error }, { status: this.status, headers })
  }
}

/** True for a {@link ChatRequestError}, also one made by another copy of the library. */
export function isChatRequestError(value: unknown): value is ChatRequestError {
  return value instanceof Error && value.name === 'ChatRequestError' && 'toResponse' in value
}
