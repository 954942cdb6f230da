import { isObject } from '../json.ts'
import { mayRetry } from '../bytes/check-response.ts'
import { toJson } from '../bytes/open-request.ts'
import { ChatError } from '../errors.ts'

/** What a server says of a run that it refuses or gives up. */
export interface FrameError {
  code?: string | undefined
  message?: string | undefined
  /** The HTTP status that another transport would have answered with. */
  status?: number | undefined
  /** In milliseconds. */
  retryAfter?: number | undefined
  retryable?: boolean | undefined
}

/** One message of the server. Without a run id it is TanStack AI's form: a bare chunk, or one with its position. */
export type ServerFrame =
  | { type: 'chunk'; runId?: string | undefined; chunk: unknown; id?: string | undefined }
  | { type: 'end'; runId: string }
  | { type: 'error'; runId: string; error: FrameError }
  | { type: 'ping'; id?: unknown }
  | { type: 'pong' }
  /** The run of a thread that is going on, if there is one, and how many events it has so far. */
  | { type: 'active'; threadId: string; runId: string | null; tail: number }
  /** A run that was to be cancelled has ended, or goes on in spite of it. */
  | { type: 'cancelled'; runId: string }
  | { type: 'garbage'; seen: unknown }

export function readFrame(data: unknown): ServerFrame {
  const value = typeof data === 'string' ? parsed(data) : undefined
  if (!isObject(value)) return { type: 'garbage', seen: data }
  const { type, runId, id, chunk, error } = value
  if (type === 'ping') return { type, id }
  if (type === 'pong') return { type }
  if (type === 'chunk' && typeof runId === 'string') return { type, runId, chunk, ...(typeof id === 'string' && { id }) }
  if (type === 'active' && typeof value.threadId === 'string')
    return {
      type,
      threadId: value.threadId,
      runId: typeof runId === 'string' ? runId : null,
      tail: typeof value.tail === 'number' ? value.tail : 0,
    }
  if (type === 'cancelled' && typeof runId === 'string') return { type, runId }
  if (type === 'end' && typeof runId === 'string') return { type, runId }
  // A classic chunk may be an error too; its run is not named.
  if (type === 'error' && typeof runId === 'string') return { type, runId, error: isObject(error) ? error : {} }
  if (type === undefined && typeof id === 'string' && isObject(chunk)) return { type: 'chunk', chunk }
  return typeof type === 'string' ? { type: 'chunk', chunk: value } : { type: 'garbage', seen: data }
}

/** The fields of the request are the frame: what the other adapters post, and what a TanStack AI server takes. */
export const runFrame = (runId: string, body: Record<string, unknown>, cursor: string | undefined): string =>
  toJson({ ...body, type: 'run', runId, ...position(cursor) })
/** Reads a run that was begun elsewhere. */
export const joinFrame = (runId: string, cursor: string | undefined): string => JSON.stringify({ type: 'join', runId, ...position(cursor) })
export const activeFrame = (threadId: string): string => JSON.stringify({ type: 'active', threadId })
export const cancelFrame = (runId: string, threadId: string): string => JSON.stringify({ type: 'cancel', runId, threadId })
export const abortFrame = (runId: string): string => JSON.stringify({ type: 'abort', runId })
export const pongFrame = (id: unknown): string => JSON.stringify({ type: 'pong', id })

const position = (cursor: string | undefined) => (cursor ? { lastEventId: cursor } : {})

export function frameError(error: FrameError): ChatError {
  const { code, message = 'no reason given', status, retryAfter, retryable } = error
  const details = { body: { error }, serverCode: code, retryAfter }
  if (typeof status !== 'number') return new ChatError('server', message, { ...details, retryable })
  return new ChatError('http', `The server refused the run with ${status}: ${message}`, {
    ...details,
    status,
    retryable: retryable ?? mayRetry(status),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
