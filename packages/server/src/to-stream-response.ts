import { encodeNdjson, encodeSse, encodeSseComment } from '@statechat/core/wire'
import { type ChunkSource, chunkBody } from './chunk-body.ts'
import { type Clock, systemClock } from './clock.ts'
import type { ErrorHandler } from './model-error.ts'

export interface StreamResponseOptions {
  /** Default 200. */
  status?: number | undefined
  /** Added to ours; the same name replaces it. */
  headers?: HeadersInit | undefined
  /** Ends the response with a RUN_ERROR (`aborted`) and lets go of the model: `request.signal`, or that of a shutdown. */
  signal?: AbortSignal | undefined
  /** How long the model may be silent before a keep-alive goes out, in milliseconds. Default 15,000; 0 is never. */
  heartbeatMs?: number | undefined
  /** Sees what the iterable throws (default: `console.error`); a returned string replaces the masked message. */
  onError?: ErrorHandler | undefined
  clock?: Clock | undefined
}

/**
 * A streaming `Response` of server-sent events, one chunk each. Takes any iterable of chunks, not only `ai().chat()`'s;
 * one that throws or ends too early becomes a RUN_ERROR. The model is read no faster than the client reads,
 * and aborted when the client goes.
 *
 * @see https://docs.ag-ui.com
 * @example
 * ```ts
 * const POST = (request: Request) => toStreamResponse(ai(scripted()).chat({ messages }), { signal: request.signal })
 * ```
 */
export function toStreamResponse(stream: ChunkSource, options: StreamResponseOptions = {}): Response {
  const body = chunkBody(stream, {
    ...bodyOptions(options),
    encode: (chunk) => encodeSse({ data: JSON.stringify(chunk) }),
    opening: encodeSseComment('open'),
    heartbeat: encodeSseComment('keep-alive'),
  })
  return respond(body, 'text/event-stream; charset=utf-8', options)
}

/**
 * As {@link toStreamResponse}, as newline-delimited JSON; a blank line keeps it alive.
 *
 * @see https://github.com/ndjson/ndjson-spec
 */
export function toHttpStreamResponse(stream: ChunkSource, options: StreamResponseOptions = {}): Response {
  const body = chunkBody(stream, { ...bodyOptions(options), encode: (chunk) => encodeNdjson(chunk), heartbeat: '\n' })
  return respond(body, 'application/x-ndjson', options)
}

const bodyOptions = ({ signal, onError, heartbeatMs = 15_000, clock = systemClock }: StreamResponseOptions) => ({
  signal,
  onError,
  heartbeatMs,
  clock,
})

function respond(body: ReadableStream<Uint8Array>, contentType: string, { status = 200, headers }: StreamResponseOptions): Response {
  const all = new Headers({
    'content-type': contentType,
    // `no-transform` keeps compressing proxies, the last one nginx, from holding the stream back.
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  new Headers(headers).forEach((value, name) => all.set(name, value))
  return new Response(body, { status, headers: all })
}
