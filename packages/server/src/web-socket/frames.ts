import type { ChatRequestError } from '../chat-request-error.ts'
import type { EventFraming } from '../event-body.ts'
import { positionOf } from '../run-log/position.ts'

/** One message of a client. */
export type ClientFrame =
  /** `isBare`: TanStack AI's form, a request and nothing else; it is answered with bare chunks. */
  | { type: 'run'; runId: string; body: Record<string, unknown>; isBare: boolean; lastEventId: string | undefined }
  /** Reads a run that was begun elsewhere. */
  | { type: 'join'; runId: string; lastEventId: string | undefined }
  /** Which run of the thread is open? */
  | { type: 'active'; threadId: string }
  | { type: 'cancel'; runId: string; threadId: string | undefined }
  | { type: 'abort'; runId: string }
  | { type: 'ping' }
  | { type: 'pong' }

/** Undefined for what is none. */
export function readFrame(data: unknown, generateId: () => string): ClientFrame | undefined {
  const value = typeof data === 'string' ? parsed(data) : undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { type, lastEventId: position, ...body } = value as Record<string, unknown>
  const { runId, threadId } = body
  const lastEventId = typeof position === 'string' ? position : undefined
  switch (type) {
    case 'run':
    case undefined:
      return { type: 'run', runId: typeof runId === 'string' ? runId : generateId(), body, isBare: type === undefined, lastEventId }
    case 'join':
      return typeof runId === 'string' ? { type, runId, lastEventId } : undefined
    case 'active':
      return typeof threadId === 'string' ? { type, threadId } : undefined
    case 'cancel':
      return typeof runId === 'string' ? { type, runId, threadId: typeof threadId === 'string' ? threadId : undefined } : undefined
    case 'abort':
      return typeof runId === 'string' ? { type, runId } : undefined
    case 'ping':
    case 'pong':
      return { type }
    default:
      return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How the chunks of one run are written. */
export interface RunFrames {
  chunk(chunk: unknown): string
  /** The same for one of a log, with its position. */
  event: EventFraming['encode']
  /** After the last chunk. */
  end(): string | undefined
  refusal(error: ChatRequestError): string
}

export function runFrames(runId: string, isBare: boolean): RunFrames {
  if (isBare) {
    return {
      chunk: (chunk) => JSON.stringify(chunk),
      // TanStack AI's client resumes with another handshake, which is not seen here: it must not be led to believe that it can.
      event: ({ data }) => data,
      end: () => undefined,
      refusal: ({ code, message }) => JSON.stringify({ type: 'RUN_ERROR', message, code, metadata: { retryable: false } }),
    }
  }
  return {
    chunk: (chunk) => JSON.stringify({ type: 'chunk', runId, chunk }),
    event: (event) => `{"type":"chunk","runId":${JSON.stringify(runId)},"id":"${positionOf(event)}","chunk":${event.data}}`,
    end: () => JSON.stringify({ type: 'end', runId }),
    refusal: (error) => JSON.stringify({ type: 'error', runId, error: reasonOf(error) }),
  }
}

interface Reason {
  code: string | undefined
  message: string
  status: number
}

/** The run of a thread that is going on; none, if there is none. */
export const activeFrame = (threadId: string, found: { runId: string; tail: number } | { error: Reason } | null = null): string =>
  JSON.stringify({ type: 'active', threadId, runId: null, tail: 0, ...found })
export const cancelledFrame = (runId: string, outcome: { status: string; error?: Reason }): string =>
  JSON.stringify({ type: 'cancelled', runId, ...outcome })

export const reasonOf = ({ code, message, status }: ChatRequestError): Reason => ({ code, message, status })

export const PONG = JSON.stringify({ type: 'pong' })
export const pingFrame = (id: number): string => JSON.stringify({ type: 'ping', id })
