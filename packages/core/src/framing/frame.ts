/** One message of a stream, framing removed. For SSE an event, for NDJSON a line. */
export interface Frame {
  data: string
  /** Position in a resumable stream (SSE `id:`, NDJSON envelope). */
  id?: string | undefined
  /** SSE `event:`. */
  event?: string | undefined
}

/** Bytes → frames. Synchronous and stateful: one decoder per stream. */
export interface FrameDecoder {
  /** The frames that these bytes complete; any split of the stream gives the same frames. */
  feed(bytes: Uint8Array): Frame[]
  /** The frames that the end of the stream completes. */
  end(): Frame[]
}

export interface FrameDecoderOptions {
  /** Bound on one frame, in characters. Default 10 MiB. */
  maxFrameSize?: number | undefined
}

export const DEFAULT_MAX_FRAME_SIZE = 10 * 1024 * 1024
