import { ABORTED, untilAborted } from '../bytes/until-aborted.ts'
import { ChatError } from '../errors.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ConnectContext } from './connection.ts'
import { asConnectionError } from './connection-error.ts'
import { type AsyncSource, isAsyncSource, iterateUntilAborted } from './iterate-until-aborted.ts'

/** Chunks of the application: one at a time or in arrays, from a generator, a server function or another library. */
export type ChunkSource = AsyncSource<unknown>

export interface IterableStream {
  /** Opens the source; what it throws, and what the source throws, becomes `ChatError` `connection`. */
  open: () => ChunkSource | PromiseLike<ChunkSource>
  signal: AbortSignal
  context: ConnectContext
}

/** Runs every item through the default decoder: one array for each item that comes to a chunk. */
export async function* decodeIterable({ open, signal, context }: IterableStream): AsyncGenerator<readonly Chunk[], void, void> {
  const source = await openSource(open, signal)
  if (source === undefined) return
  const { threadId, runId, onWarning, cursor } = context
  const decoder = agUi().createDecoder({ threadId, runId, onWarning, source: 'in-process', isContinued: cursor !== undefined })

  for await (const item of named(iterateUntilAborted(source, signal))) {
    const chunks: Chunk[] = []
    let failure: { error: unknown } | undefined
    try {
      for (const each of Array.isArray(item) ? (item as unknown[]) : [item]) {
        const loading = decoder.decode(each, chunks)
        if (loading) await loading
      }
    } catch (error) {
      failure = { error }
    }
    if (chunks.length > 0) yield chunks
    if (failure !== undefined) throw failure.error
  }
  if (signal.aborted) return
  const rest: Chunk[] = []
  decoder.end(rest)
  if (rest.length > 0) yield rest
}

/** Waits for a source, not beyond the abort: then undefined. Throws `ChatError` `connection`. */
export async function openSource(open: IterableStream['open'], signal: AbortSignal): Promise<ChunkSource | undefined> {
  let opening: ChunkSource | PromiseLike<ChunkSource> | undefined
  try {
    opening = open()
    const source = await untilAborted(opening, signal)
    if (source === ABORTED) {
      void Promise.resolve(opening).then(discard, () => {})
      return undefined
    }
    if (isAsyncSource(source)) return source
  } catch (error) {
    throw asConnectionError(error)
  }
  throw new ChatError('connection', 'The connection did not return an async iterable of chunks.', { retryable: false })
}

/** A source that comes after the run was stopped is closed, unread. */
function discard(source: unknown): void {
  if (!isAsyncSource(source)) return
  if (Symbol.asyncIterator in source) void Promise.resolve(source[Symbol.asyncIterator]().return?.()).catch(() => {})
  else void (source as ReadableStream).cancel().catch(() => {})
}

async function* named<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* items
  } catch (error) {
    throw asConnectionError(error)
  }
}
