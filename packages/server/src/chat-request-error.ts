/** What is wrong with a request, as a word: the `error.code` of the JSON answer. */
export type ChatRequestErrorCode = 'bad_request' | 'method_not_allowed' | 'too_large' | 'unsupported_media_type'

const STATUS: Readonly<Record<ChatRequestErrorCode, number>> = {
  bad_request: 400,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
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
    if (this.code === 'method_not_allowed') headers.set('allow', 'POST')
    const error = { code: this.code, message: this.message, ...(this.field !== undefined && { field: this.field }) }
    return Response.json({ error }, { status: this.status, headers })
  }
}

/** True for a {@link ChatRequestError}, also one made by another copy of the library. */
export function isChatRequestError(value: unknown): value is ChatRequestError {
  return value instanceof Error && value.name === 'ChatRequestError' && 'toResponse' in value
}
