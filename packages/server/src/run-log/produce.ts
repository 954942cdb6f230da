import { abortable, ABORTED, letGo, unlessAborted } from '../abortable.ts'
import { ABORTED_RUN, type AnyChunk, type ChunkSource, INCOMPLETE_RUN, iteratorOf } from '../chunk-body.ts'
import type { Clock } from '../clock.ts'
import { type ErrorHandler, runError } from '../model-error.ts'
import { isRunLogError } from './run-log-error.ts'
import type { RunLog } from './run-log.ts'
import { runRecord } from './run-record.ts'
import { runWriter } from './run-writer.ts'

/** What becomes of a run that nobody reads: it goes on to its end, or is cancelled after a while, in milliseconds. */
export type OnAbandoned = 'continue' | { readonly cancelAfterMs: number }

export interface ProduceOptions {
  log: RunLog
  run: { readonly threadId: string; readonly runId: string; readonly epoch: number }
  /** Ends the run with RUN_ERROR `aborted`: that of a shutdown. */
  shutdown?: AbortSignal | undefined
  onAbandoned?: OnAbandoned | undefined
  onError?: ErrorHandler | undefined
  clock: Clock
}

/** Why a run is not read to its end. `lost`: what is made is no longer wanted. */
type Stop = 'cancelled' | 'aborted' | 'lost'

/**
 * Reads a source to its end, whoever reads the answer, and writes it into the log of a claimed run. The run always ends with a terminal chunk,
 * and closed; unless the log is lost to it. Never throws. `start` gets the signal of the run, which aborts when the source is no longer wanted.
 */
export async function produce(start: (signal: AbortSignal) => ChunkSource | Promise<ChunkSource>, options: ProduceOptions): Promise<void> {
  const { log, run, shutdown, onAbandoned = 'continue', onError, clock } = options
  const { runId, epoch } = run
  const controller = new AbortController()
  const { signal } = controller
  const over = new AbortController()
  const record = runRecord({ threadId: run.threadId, runId })
  let reason: Stop | undefined
  const stop = (why: Stop) => {
    // What is lost is not to be written to, also when it was being cancelled.
    if (reason === undefined || why === 'lost') reason = why
    controller.abort()
  }
  const writer = runWriter({
    log,
    runId,
    epoch,
    clock,
    onCancel: () => stop('cancelled'),
    onLost(error) {
      // Somebody else has seen to the end of the run.
      if (!isRunLogError(error) || (error.code !== 'fenced' && error.code !== 'closed')) runError(error, onError)
      stop('lost')
    },
    onTick: () => void cancelIfAbandoned(),
  })
  const write = (chunk: AnyChunk) => {
    const data = JSON.stringify(chunk)
    record.accept(chunk)
    return writer.write(data)
  }
  async function cancelIfAbandoned(): Promise<void> {
    if (onAbandoned === 'continue') return
    // The next tick asks again.
    const info = await log.status(runId).catch(() => null)
    if (info && info.unreadMs >= onAbandoned.cancelAfterMs) stop('cancelled')
  }

  const onShutdown = () => stop('aborted')
  shutdown?.addEventListener('abort', onShutdown, { signal: over.signal })
  if (shutdown?.aborted) onShutdown()
  log.onCancel?.(runId, () => stop('cancelled'), over.signal)
  producersOf(log).add(runId)
  try {
    await read(start, signal, async (chunk) => {
      const room = write(chunk)
      if (room) await unlessAborted(room, signal)
      // Nothing comes after it.
      return chunk.type !== 'RUN_ERROR'
    })
    if (reason === undefined && !record.isOver()) write(INCOMPLETE_RUN)
  } catch (error) {
    if (reason === undefined) write(runError(error, onError))
  }
  if (reason === 'cancelled') for (const chunk of record.cancelled()) write(chunk)
  if (reason === 'aborted' && !record.isOver()) write(ABORTED_RUN)
  await writer.close(record.end())
  over.abort()
  producersOf(log).delete(runId)
}

/** Gives each chunk to `take` until that says no, the source ends, or the signal aborts. */
async function read(
  start: (signal: AbortSignal) => ChunkSource | Promise<ChunkSource>,
  signal: AbortSignal,
  take: (chunk: AnyChunk) => Promise<boolean>,
): Promise<void> {
  if (signal.aborted) return
  const starting = Promise.resolve(start(signal))
  const source = await unlessAborted(starting, signal)
  if (source === ABORTED) return void starting.then((late) => letGo(iteratorOf(late))).catch(() => {})
  const iterator = iteratorOf(source)
  const chunks = abortable<AnyChunk>(
    { [Symbol.asyncIterator]: () => ({ next: async () => iterator.next(), return: async () => leave(iterator) }) },
    signal,
  )
  try {
    for (;;) {
      const step = await chunks.next()
      if (step === ABORTED || step.done || !(await take(step.value))) return
    }
  } finally {
    chunks.close()
  }
}

async function leave(iterator: AsyncIterator<AnyChunk> | Iterator<AnyChunk>): Promise<IteratorReturnResult<undefined>> {
  letGo(iterator)
  return { done: true, value: undefined }
}

/** The runs that are made in this process. */
const producers = new WeakMap<RunLog, Set<string>>()

function producersOf(log: RunLog): Set<string> {
  const known = producers.get(log) ?? new Set()
  producers.set(log, known)
  return known
}

export const isProducedHere = (log: RunLog, runId: string): boolean => producersOf(log).has(runId)
