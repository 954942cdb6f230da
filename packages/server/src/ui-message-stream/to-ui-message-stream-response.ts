import { ChatError, encodeSse, encodeSseComment } from '@statechat/core/wire'
import { type ChunkSource, chunkBody } from '../chunk-body.ts'
import { systemClock } from '../clock.ts'
import type { StreamResponseOptions } from '../to-stream-response.ts'
import { createUiMessageEncoder, type EncoderOptions } from './encoder.ts'
import { END, withEnd } from './with-end.ts'

export interface UIMessageStreamResponseOptions extends StreamResponseOptions, EncoderOptions {}

/**
 * As `toStreamResponse()`, in the AI SDK's language (UI message stream v1), so that `useChat` of `@ai-sdk/react`, `/vue` and `/svelte`
 * reads it; `parseChatRequest()` takes the body that they send.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 * @example
 * ```ts
 * async function POST(request: Request): Promise<Response> {
 *   const { messages } = await parseChatRequest(request)
 *   return toUIMessageStreamResponse(ai(scripted()).chat({ messages }), { signal: request.signal })
 * }
 * ```
 */
export function toUIMessageStreamResponse(stream: ChunkSource, options: UIMessageStreamResponseOptions = {}): Response {
  const { status = 200, headers, signal, onError, heartbeatMs = 15_000, clock = systemClock } = options
  requireIterable(stream)
  const encoder = createUiMessageEncoder(options)
  const body = chunkBody(withEnd(stream), {
    signal,
    onError,
    heartbeatMs,
    clock,
    encode(chunk) {
      const chunks = chunk === END ? encoder.end() : encoder.encode(chunk)
      const events = chunks.map((each) => encodeSse({ data: JSON.stringify(each) })).join('')
      const isLast = chunk === END || chunk.type === 'RUN_ERROR'
      // A read that brings nothing would look like one that is still to come.
      return (isLast ? `${events}${DONE}` : events) || NOTHING
    },
    opening: encodeSseComment('open'),
    heartbeat: encodeSseComment('keep-alive'),
  })

  const all = new Headers({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-vercel-ai-ui-message-stream': 'v1',
  })
  new Headers(headers).forEach((value, name) => all.set(name, value))
  return new Response(body, { status, headers: all })
}

const DONE = encodeSse({ data: '[DONE]' })
const NOTHING = encodeSseComment()

function requireIterable(stream: unknown): void {
  if (typeof stream === 'object' && stream !== null && (Symbol.asyncIterator in stream || Symbol.iterator in stream)) return
  throw new ChatError('misuse', 'no stream: pass an iterable of chunks, e.g. what ai().chat() returns')
}
