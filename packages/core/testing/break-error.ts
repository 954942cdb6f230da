import { refusalOf } from '../src/bytes/check-response.ts'
import { ChatError } from '../src/errors.ts'
import type { Drop, HttpFailure } from './script.ts'

/** The error of a transport that broke, as the library's adapters throw it. */
export const dropError = (hasDelivered: boolean): ChatError =>
  hasDelivered
    ? new ChatError('truncated', 'The connection broke in the middle.')
    : new ChatError('network', 'The connection broke before anything arrived.')

/** The error for an answer of this status, as the library's adapters throw it. */
export const httpErrorOf = (failure: HttpFailure): ChatError =>
  refusalOf({ status: failure.status, statusText: '', url: '', headers: new Headers(failure.headers) }, ['text/event-stream'], bodyText(failure))

export const bodyText = ({ body }: HttpFailure): string => (body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))

/** What a connection throws for a step that ends it. */
export function breakError(by: Error | Drop | HttpFailure, hasDelivered: boolean): Error {
  if (by instanceof Error) return by
  return by.step === 'drop' ? dropError(hasDelivered) : httpErrorOf(by)
}
