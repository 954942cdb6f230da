import type { Chunk, ChunkSource } from '../../src/index.ts'

export interface HandMadeRun {
  runId: string
  signal: AbortSignal
  say(...chunks: Chunk[]): void
  end(): void
  fail(error: unknown): void
  /** The signal has aborted. */
  aborted: Promise<void>
}

/** A model whose runs are answered by the test. */
export function byHand() {
  const asked: HandMadeRun[] = []
  const waiting: ((run: HandMadeRun) => void)[] = []
  let taken = 0
  function model({ input: { runId }, signal }: { input: { runId: string }; signal: AbortSignal }): ChunkSource {
    let push!: ReadableStreamDefaultController<Chunk>
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    const source = new ReadableStream<Chunk>({ start: (controller) => void (push = controller) })
    const run = {
      runId,
      signal,
      aborted,
      say: (...chunks: Chunk[]) => chunks.forEach((chunk) => push.enqueue(chunk)),
      end: () => push.close(),
      fail: (error: unknown) => push.error(error),
    }
    asked.push(run)
    for (const go of waiting.splice(0)) go(run)
    return source
  }
  return {
    model,
    /** How often the model was asked. */
    calls: () => asked.length,
    /** The next run that the model is asked for. */
    next: async (): Promise<HandMadeRun> => {
      const at = taken++
      while (asked[at] === undefined) await new Promise<HandMadeRun>((resolve) => waiting.push(resolve))
      return asked[at]
    },
  }
}

export const started = (runId = 'r', threadId = 't'): Chunk => ({ type: 'RUN_STARTED', threadId, runId })
export const finished = (runId = 'r', threadId = 't'): Chunk => ({ type: 'RUN_FINISHED', threadId, runId })
export const opened: Chunk = { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' }
export const said = (delta: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })
export const closed: Chunk = { type: 'TEXT_MESSAGE_END', messageId: 'm' }
