import type { SchemaIssue } from './tool/schema.ts'

/** Why a turn failed, or why a call of the API was refused. Stable names: switch on them. */
export type ChatErrorCode =
  /** The server answered with a status outside 200–299; see `status`, `body`, `retryAfter`. */
  | 'http'
  /** A 2xx answer that is not a chat stream: wrong content type (a login page), or an empty body. */
  | 'bad_response'
  /** The stream ended before it said that the run was over. The partial answer is kept. */
  | 'truncated'
  /** No answer at all, or the connection broke: offline, DNS, CORS, reset. */
  | 'network'
  /** The stream said something the protocol does not allow. */
  | 'protocol'
  /** The server reported a failed run (RUN_ERROR). */
  | 'server'
  /** Client tool answers started as many runs in a row as `maxSteps` allows. */
  | 'max_steps'
  /** The structured answer is not what `outputSchema` asks for; see `issues`. */
  | 'invalid_output'
  /** An answer to an interrupt, or an edited input, is not what its schema asks for; see `issues`. Nothing was sent. */
  | 'invalid_input'
  /** The connection itself (your `stream()` or `fetcher()` function, or an adapter) threw. */
  | 'connection'
  /** The stored messages could not be loaded. */
  | 'restore'
  /** Code that only some conversations need could not be fetched: offline, or a new version of the app was deployed meanwhile. */
  | 'load'
  /** The API was used in a way that cannot work, e.g. a command after `dispose()`. */
  | 'misuse'

/** What a {@link ChatError} carries besides its message; which fields are set depends on the code. */
export interface ChatErrorDetails {
  /** HTTP status of the answer. */
  status?: number | undefined
  /** Content type of the answer, as received. */
  contentType?: string | undefined
  /** Body of the answer: parsed if it was JSON, else text, at most 64 KiB of it. */
  body?: unknown
  /** How long the server asked us to wait, in milliseconds (from `Retry-After`, or RUN_ERROR's `metadata.retryAfter`). */
  retryAfter?: number | undefined
  /** The server's own code, e.g. from RUN_ERROR. */
  serverCode?: string | undefined
  /** Whether the same request may succeed if it is sent again. */
  retryable?: boolean | undefined
  /** What the schema did not like. */
  issues?: readonly SchemaIssue[] | undefined
  cause?: unknown
}

/** The one error family of statechat. `code` says what kind, the message says what happened and what to do. */
export class ChatError extends Error {
  readonly code: ChatErrorCode
  readonly status?: number | undefined
  readonly contentType?: string | undefined
  readonly body?: unknown
  readonly retryAfter?: number | undefined
  readonly serverCode?: string | undefined
  readonly retryable: boolean
  readonly issues?: readonly SchemaIssue[] | undefined

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'ChatError'
    this.code = code
    this.status = details.status
    this.contentType = details.contentType
    this.body = details.body
    this.retryAfter = details.retryAfter
    this.serverCode = details.serverCode
    this.retryable = details.retryable ?? RETRYABLE.has(code)
    this.issues = details.issues
  }
}

const RETRYABLE: ReadonlySet<ChatErrorCode> = new Set(['truncated', 'network', 'server', 'connection', 'restore', 'load', 'invalid_output'])

/** True for a {@link ChatError}, also one made by another copy of the library. */
export function isChatError(value: unknown): value is ChatError {
  return value instanceof Error && value.name === 'ChatError' && typeof (value as { code?: unknown }).code === 'string'
}

/** What went wrong without breaking anything; reported to `onWarning`. */
export interface ChatWarning {
  code:
    | 'unknown_chunk'
    | 'out_of_order'
    | 'stray_chunk'
    | 'orphan'
    | 'ignored_event'
    | 'unanswered_call'
    | 'tool_failed'
    | 'bad_patch'
    | 'not_cancelled'
    | 'storage'
  message: string
  /** What was seen, e.g. the chunk. */
  seen?: unknown
}

/** Receives a warning; never throws. */
export type WarningSink = (warning: ChatWarning) => void

/** What to say of something that was thrown. */
export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message || cause.name : String(cause))
