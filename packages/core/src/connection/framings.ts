import { createTextDecoder } from '../framing/text.ts'
import type { FrameDecoder } from '../framing/frame.ts'
import { createNdjsonDecoder } from '../framing/ndjson.ts'
import { createSseDecoder } from '../framing/sse.ts'

/** A framing as HTTP knows it. */
export interface Framing {
  /** The first one is asked for. */
  contentTypes: readonly [string, ...string[]]
  createDecoder(): FrameDecoder
  /** Frames are the values themselves, not JSON. */
  isText?: true
}

export const SSE: Framing = { contentTypes: ['text/event-stream'], createDecoder: () => createSseDecoder() }

export const NDJSON: Framing = {
  contentTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines', 'application/jsonlines'],
  createDecoder: () => createNdjsonDecoder(),
}

export const TEXT: Framing = { contentTypes: ['text/plain'], createDecoder: () => createTextDecoder(), isText: true }
