import { ChatError, isChatError, messageOf } from '../errors.ts'

/** A `ChatError` says more than we could, so it stays as it is. */
export function asConnectionError(error: unknown): ChatError {
  if (isChatError(error)) return error
  return new ChatError('connection', `The connection threw: ${messageOf(error)}`, { cause: error })
}
