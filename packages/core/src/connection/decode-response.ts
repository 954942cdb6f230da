import type { Answer } from '../bytes/answer.ts'
import { emptyAnswer, type ResponseHead } from '../bytes/check-response.ts'
import { messageOf } from '../errors.ts'
import { ChatError } from '../errors.ts'
import type { Silence } from '../bytes/silence.ts'
import type { Frame, FrameDecoder } from '../framing/frame.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ChunkDecoder } from '../protocol/protocol.ts'
import { isFinal } from './is-final.ts'
import { createPositions, type Positions } from './positions.ts'

export interface ResponseStream extends Answer {
  frames: FrameDecoder
  decoder: ChunkDecoder
  isText?: true | undefined
  signal: AbortSignal
  /** Told of each read, and of the end. */
  silence?: Silence | undefined
  positions?: Positions | undefined
  /** The stream has come to another position; before the chunks that led there are yielded. */
  onPosition?: ((positions: Positions) => void) | undefined
}

/** What one network read came to. */
interface Step {
  chunks: Chunk[]
  over: boolean
  failure?: unknown
}

/**
 * Bytes → frames → chunks: one array for each network read that completes a chunk.
 * What a read brought before an error in it is yielded before the error is thrown.
 */
export async function* decodeResponse({
  isText,
  response,
  reads,
  frames,
  decoder,
  signal,
  silence,
  positions = createPositions(),
  onPosition,
}: ResponseStream): AsyncGenerator<readonly Chunk[], void, void> {
  let seen = 0
  let last: Chunk | undefined
  let step: Step = { chunks: [], over: false }
  let isMarked = false
  const start = positions.last()
  let position = start
  /** The first read, until something in it or after it is understood. */
  let opening: Uint8Array | undefined

  function tellPosition() {
    if (positions.last() === position) return
    position = positions.last()
    onPosition?.(positions)
  }

  /** Waits only where the decoder does. */
  const decode = (read: () => readonly Frame[], first = 0, chunks: Chunk[] = []): Step | Promise<Step> => {
    try {
      const all = read()
      for (let i = first; i < all.length; i++) {
        const frame = all[i]!
        if (!isText && frame.data === '[DONE]') {
          isMarked = true
          return { chunks, over: true }
        }
        seen += 1
        if (frame.id && !positions.isNew(frame.id)) continue
        const loading = decoder.decode(isText ? frame.data : parse(frame, seen), chunks)
        if (loading) return goOn(loading, all, i + 1, chunks)
      }
      return { chunks, over: false }
    } catch (failure) {
      return { chunks, over: true, failure }
    }
  }
  /** A function of its own: one in the loop would take memory for each frame (80 tool calls: 0.23 → 0.14 MB). */
  const goOn = (loading: Promise<void>, all: readonly Frame[], next: number, chunks: Chunk[]): Promise<Step> =>
    loading.then(
      () => decode(() => all, next, chunks),
      (failure: unknown) => ({ chunks, over: true, failure }),
    )

  try {
    for await (const bytes of reads) {
      silence?.heard()
      const decoded = decode(() => frames.feed(bytes))
      step = decoded instanceof Promise ? await decoded : decoded
      last = step.chunks.at(-1) ?? last
      opening = last ? undefined : (opening ?? bytes)
      tellPosition()
      if (step.chunks.length > 0) yield step.chunks
      if (step.over) break
    }
    if (!step.over) silence?.check()
  } catch (cause) {
    if (isFinal(last)) return
    throw broken(response, seen, cause)
  } finally {
    silence?.end()
  }
  if (signal.aborted) return

  if (!step.over) step = await decode(() => frames.end())
  else step = { ...step, chunks: [] }
  if (step.failure === undefined) decoder.end(step.chunks, { isMarked })
  tellPosition()
  if (step.chunks.length > 0) yield step.chunks
  if (step.failure !== undefined) throw step.failure
  last = step.chunks.at(-1) ?? last
  // What comes after a position may be nothing new. Else it is another protocol, or none: not an answer without words.
  if (seen === 0 || (!last && start === '')) throw emptyAnswer(response, new TextDecoder().decode(opening))
}

function parse(frame: Frame, number: number): unknown {
  try {
    return JSON.parse(frame.data)
  } catch (cause) {
    const data = frame.data.length > 200 ? `${frame.data.slice(0, 200)}…` : frame.data
    throw new ChatError('protocol', `Frame ${number} of the stream is not JSON: ${data}`, { cause })
  }
}

function broken(response: ResponseHead, seen: number, cause: unknown): ChatError {
  const details = { cause, status: response.status }
  if (seen === 0) return new ChatError('network', `The connection broke before anything arrived: ${messageOf(cause)}`, details)
  return new ChatError('truncated', `The connection broke after ${seen} frames: ${messageOf(cause)}`, details)
}
