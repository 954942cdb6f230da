import { brief } from '../json.ts'
import { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ChunkDecoder } from '../protocol/protocol.ts'
import { isFinal, isLast } from './is-final.ts'
import { createPositions, type Positions } from './positions.ts'

/** One run on a channel that it shares with others: values are pushed in, chunks come out. Nothing is pushed back: a socket has no brake. */
export interface RunLane {
  readonly runId: string
  /** A value of this run, perhaps with its position. With `untilFinal` the run is over with the chunk that finishes it; else with {@link RunLane.end}. */
  push(value: unknown, untilFinal: boolean, id?: string): void
  /** The other side has said everything. */
  end(): void
  /** The run has failed. */
  fail(error: Error): void
  /** The channel is gone: a whole answer stays one, any other is cut. */
  cut(why: string): void
  warn(message: string, seen: unknown): void
  /** Whether the other side is through with this run. */
  isOver(): boolean
  /** One array for all values that were waiting. Ends at the abort of the run. */
  chunks(): AsyncGenerator<readonly Chunk[], void, void>
}

export interface LaneOptions {
  runId: string
  decoder: ChunkDecoder
  signal: AbortSignal
  onWarning: (warning: { code: 'stray_chunk'; message: string; seen: unknown }) => void
  /** Where the run was when its connection dropped. Default: at its start. */
  cursor?: string | undefined
  /** The run has come to another position; before the chunks that led there are given. */
  onPosition?: ((positions: Positions) => void) | undefined
}

type End = { type: 'said' } | { type: 'failed'; error: Error } | { type: 'cut'; why: string }

export function createRunLane({ runId, decoder, signal, onWarning, cursor, onPosition }: LaneOptions): RunLane {
  const positions = createPositions(cursor)
  let waiting: { value: unknown; untilFinal: boolean; id: string | undefined }[] = []
  let end: End | undefined
  let seen = 0
  let last: Chunk | undefined
  /** The first value, until something is understood. */
  let opening: unknown
  let wake = () => {}

  const close = (how: End) => {
    end ??= how
    wake()
  }

  /** Decodes what is waiting. What came before a failure is valid. */
  async function decodeWaiting(): Promise<{ chunks: Chunk[]; failure?: unknown }> {
    const values = waiting
    waiting = []
    const chunks: Chunk[] = []
    const before = positions.last()
    try {
      for (const { value, untilFinal, id } of values) {
        seen += 1
        if (id && !positions.isNew(id)) continue
        const loading = decoder.decode(value, chunks)
        if (loading) await loading
        last = chunks.at(-1) ?? last
        opening = last ? undefined : (opening ?? value)
        if (!untilFinal || !isLast(last)) continue
        end = { type: 'said' }
        break
      }
      return { chunks }
    } catch (failure) {
      return { chunks, failure }
    } finally {
      if (positions.last() !== before) onPosition?.(positions)
    }
  }

  async function* chunks(): AsyncGenerator<readonly Chunk[], void, void> {
    const onAbort = () => wake()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      while (!signal.aborted) {
        if (waiting.length > 0) {
          const step = await decodeWaiting()
          if (step.chunks.length > 0) yield step.chunks
          if (step.failure !== undefined) throw step.failure
        } else if (end === undefined) {
          await new Promise<void>((resolve) => (wake = resolve))
        } else {
          const rest = finish(end)
          if (rest.length > 0) yield rest
          return
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** What the end of the stream completes. */
  function finish(how: End): Chunk[] {
    if (how.type !== 'said' && isFinal(last)) return []
    if (how.type === 'failed') throw how.error
    if (how.type === 'cut' && seen === 0) throw new ChatError('network', `The connection broke before anything arrived: ${how.why}`)
    if (how.type === 'cut') throw new ChatError('truncated', `The connection broke after ${seen} chunks: ${how.why}`)
    if (seen === 0) throw new ChatError('bad_response', 'The server ended the run with nothing in it.')
    const rest: Chunk[] = []
    decoder.end(rest)
    if (opening !== undefined && rest.length === 0 && cursor === undefined)
      throw new ChatError('bad_response', `The server ended the run with nothing in it that the connection's protocol knows: ${brief(opening)}`)
    return rest
  }

  return {
    runId,
    push(value, untilFinal, id) {
      if (end !== undefined) return
      waiting.push({ value, untilFinal, id })
      wake()
    },
    end: () => close({ type: 'said' }),
    fail: (error) => close({ type: 'failed', error }),
    cut: (why) => close({ type: 'cut', why }),
    warn: (message, about) => onWarning({ code: 'stray_chunk', message, seen: about }),
    isOver: () => end !== undefined,
    chunks,
  }
}
