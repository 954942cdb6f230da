import { ChatRequestError, type ChatRequestErrorCode } from '../chat-request-error.ts'
import { isRunLogError, type RunLogErrorCode } from './run-log-error.ts'

const CODES: Partial<Record<RunLogErrorCode, readonly [ChatRequestErrorCode, string]>> = {
  unknown_run: ['unknown_run', 'there is no such run'],
  expired: ['expired', 'the run is no longer kept'],
  beyond_tail: ['bad_request', 'the position is beyond the last event of the run'],
  unavailable: ['unavailable', 'the runs cannot be reached at the moment'],
}

/** Throws what a client is to be told of an error of the log; what has no answer goes on as it is. */
export function toRequestError(error: unknown): never {
  const [code, message] = (isRunLogError(error) && CODES[error.code]) || []
  throw code !== undefined && message !== undefined ? new ChatRequestError(code, message, { cause: error }) : error
}
