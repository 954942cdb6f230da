import type { ChatRequestError } from '../chat-request-error.ts'

/** One message of a client. */
export type ClientFrame =
  /** `isBare`: TanStack AI's form, a request and nothing else; it is answered with bare chunks. */
  | { type: 'run'; runId: string; body: Record<string, unknown>; isBare: boolean }
  | { type: 'abort'; runId: string }
  | { type: 'ping' }
  | { type: 'pong' }

/** Undefined for what is none. */
export function readFrame(data: unknown, generateId: () => string): ClientFrame | undefined {
  const value = typeof data === 'string' ? parsed(data) : undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { type, ...body } = value as Record<string, unknown>
  const runId = body['runId']
  switch (type) {
    case 'run':
    case undefined:
      return { type: 'run', runId: typeof runId === 'string' ? runId : generateId(), body, isBare: type === undefined }
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
  /** After the last chunk. */
  end(): string | undefined
  refusal(error: ChatRequestError): string
}

export function runFrames(runId: string, isBare: boolean): RunFrames {
  if (isBare) {
    return {
      chunk: (chunk) => JSON.stringify(chunk),
      end: () => undefined,
      refusal: ({ code, message }) => JSON.stringify({ type: 'RUN_ERROR', message, code, metadata: { retryable: false } }),
    }
  }
  return {
    chunk: (chunk) => JSON.stringify({ type: 'chunk', runId, chunk }),
    end: () => JSON.stringify({ type: 'end', runId }),
    refusal: ({ code, message, status }) => JSON.stringify({ type: 'error', runId, error: { code, message, status } }),
  }
}

export const PONG = JSON.stringify({ type: 'pong' })
export const pingFrame = (id: number): string => JSON.stringify({ type: 'ping', id })
