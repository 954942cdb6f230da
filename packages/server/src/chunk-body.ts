import { ChatError, type Chunk } from '@statechat/core/wire'
import { letGo } from './abortable.ts'
import type { Clock } from './clock.ts'
import { type ErrorHandler, runError } from './model-error.ts'

export type AnyChunk = Chunk | { readonly type: string }

/** Chunks from anywhere: ours, or another library's AG-UI events. */
export type ChunkSource = AsyncIterable<AnyChunk> | Iterable<AnyChunk>

export interface ChunkBodyOptions {
  encode: (chunk: AnyChunk) => string
  /** Sent at once, so that the response opens before the first chunk. */
  opening?: string | undefined
  /** Sent whenever the source has been silent for `heartbeatMs`. */
  heartbeat: string
  heartbeatMs: number
  signal?: AbortSignal | undefined
  onError?: ErrorHandler | undefined
  clock: Clock
}

/**
 * Chunks → bytes, one chunk per read: the source is asked for the next only when the reader has taken the last.
 * Always ends with a terminal chunk, nothing after a RUN_ERROR; lets go of the source when the reader or the signal does.
 */
export function chunkBody(source: ChunkSource, options: ChunkBodyOptions): ReadableStream<Uint8Array> {
  const { encode, opening, heartbeat, heartbeatMs, signal, onError, clock } = options
  const iterator = iteratorOf(source)
  const encoder = new TextEncoder()
  let ended = false
  let runIsOver = false
  let timer: unknown

  type Controller = ReadableStreamDefaultController<Uint8Array>
  const send = (controller: Controller, text: string) => controller.enqueue(encoder.encode(text))
  const stopTimer = () => {
    if (timer !== undefined) clock.clearTimeout(timer)
    timer = undefined
  }
  const startTimer = (controller: Controller) => {
    if (!(heartbeatMs > 0)) return
    timer = clock.setTimeout(() => {
      // A reader that has stopped reading needs none, and must not be left a heap of them.
      if ((controller.desiredSize ?? -1) >= 0) send(controller, heartbeat)
      startTimer(controller)
    }, heartbeatMs)
  }

  function end(): void {
    ended = true
    stopTimer()
    unlisten()
  }
  function close(controller: Controller, last?: AnyChunk): void {
    end()
    if (last) send(controller, encode(last))
    controller.close()
  }
  let unlisten = () => {}

  function onAbort(controller: Controller): void {
    if (ended) return
    // Whoever still reads must not take the answer for whole.
    close(controller, runIsOver ? undefined : ABORTED_RUN)
    letGo(iterator)
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (opening !== undefined) send(controller, opening)
        const abort = () => onAbort(controller)
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort)
        unlisten = () => signal?.removeEventListener('abort', abort)
      },
      async pull(controller) {
        startTimer(controller)
        try {
          const { done, value } = await iterator.next()
          stopTimer()
          if (ended) return
          if (done) return close(controller, runIsOver ? undefined : INCOMPLETE_RUN)
          send(controller, encode(value))
          if (value.type === 'RUN_ERROR') {
            close(controller)
            letGo(iterator)
          } else if (value.type === 'RUN_FINISHED') runIsOver = true
          else if (value.type === 'RUN_STARTED') runIsOver = false
        } catch (error) {
          if (ended) return
          close(controller, runError(error, onError))
          letGo(iterator)
        }
      },
      cancel() {
        end()
        letGo(iterator)
      },
    },
    // No reading ahead: what the client has not taken, the model has not been asked for.
    { highWaterMark: 0 },
  )
}

export const INCOMPLETE_RUN = {
  type: 'RUN_ERROR',
  message: 'The answer ended before it was complete.',
  code: 'incomplete',
  metadata: { retryable: true },
}
export const ABORTED_RUN = { type: 'RUN_ERROR', message: 'The server stopped this run.', code: 'aborted', metadata: { retryable: true } }

export function iteratorOf(source: ChunkSource): AsyncIterator<AnyChunk> | Iterator<AnyChunk> {
  requireSource(source)
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
}

export function requireSource(source: unknown): asserts source is ChunkSource {
  if (typeof source === 'object' && source !== null && (Symbol.asyncIterator in source || Symbol.iterator in source)) return
  throw new ChatError('misuse', 'no stream: pass an iterable of chunks, e.g. what ai().chat() returns')
}
