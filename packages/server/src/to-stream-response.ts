import { encodeNdjson, encodeSse, encodeSseComment } from '@statechat/core/wire'
import { type ChunkSource, chunkBody } from './chunk-body.ts'
import { type Clock, systemClock } from './clock.ts'
import { NDJSON_EVENTS, SSE_EVENTS } from './event-body.ts'
import { loggedBody } from './logged-body.ts'
import type { ErrorHandler } from './model-error.ts'
import type { OnAbandoned } from './run-log/produce.ts'
import type { RunLog } from './run-log/run-log.ts'

export interface StreamResponseOptions {
  /** Default 200. */
  status?: number | undefined
  /** Added to ours; the same name replaces it. */
  headers?: HeadersInit | undefined
  /**
   * Ends the response with a RUN_ERROR (`aborted`) and lets go of the model: `request.signal`, or that of a shutdown.
   * With a `log` only that of a shutdown: a run outlives its request.
   */
  signal?: AbortSignal | undefined
  /** How long the model may be silent before a keep-alive goes out, in milliseconds. Default 15,000; 0 is never. */
  heartbeatMs?: number | undefined
  /** Sees what the iterable throws (default: `console.error`); a returned string replaces the masked message. */
  onError?: ErrorHandler | undefined
  clock?: Clock | undefined
  /**
   * Where the run is kept, so that a client which lost its connection can read on. The stream goes into the log, and the answer is read from it,
   * each event with an id. The run goes on without its reader. A run that is known is joined, and the stream is not read.
   */
  log?: RunLog | undefined
  /** With a `log`: the ids of the run. Default: those of the stream, if it is `ai().chat()`'s. */
  run?: { threadId: string; runId: string } | undefined
  /** With a `log`: the request, for its `Last-Event-ID`. Such a request reads on after that event, and never starts a run. */
  request?: Request | undefined
  /** With a `log`: in place of the request's. */
  lastEventId?: string | undefined
  /** With a `log`: what becomes of a run that nobody reads. Default `continue`. */
  onAbandoned?: OnAbandoned | undefined
  /** With a `log`: keeps a serverless function alive until the run has ended. */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined
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
  if (isLogged(options)) return respond(loggedBody(stream, { ...options, framing: SSE_EVENTS }), 'text/event-stream; charset=utf-8', options)
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
  if (isLogged(options)) return respond(loggedBody(stream, { ...options, framing: NDJSON_EVENTS }), 'application/x-ndjson', options)
  const body = chunkBody(stream, { ...bodyOptions(options), encode: (chunk) => encodeNdjson(chunk), heartbeat: '\n' })
  return respond(body, 'application/x-ndjson', options)
}

/** A server that is shutting down begins no run. */
const isLogged = (options: StreamResponseOptions): options is StreamResponseOptions & { log: RunLog } =>
  options.log !== undefined && options.signal?.aborted !== true

const bodyOptions = ({ signal, onError, heartbeatMs = 15_000, clock = systemClock }: StreamResponseOptions) => ({
  signal,
  onError,
  heartbeatMs,
  clock,
})

export function respond(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  { status = 200, headers }: Pick<StreamResponseOptions, 'status' | 'headers'> = {},
): Response {
  const all = new Headers({
    'content-type': contentType,
    // `no-transform` keeps compressing proxies, the last one nginx, from holding the stream back.
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  new Headers(headers).forEach((value, name) => all.set(name, value))
  return new Response(body, { status, headers: all })
}
