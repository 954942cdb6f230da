import type { Chunk } from '@statechat/core/wire'
import { type RunPlan, run } from './run.ts'

/** The chunks of one run. Read it once, with `for await` or `toStreamResponse()`; nothing is asked of the model before. */
export interface ChatStream extends AsyncIterable<Chunk> {
  readonly threadId: string
  readonly runId: string
  next(): Promise<IteratorResult<Chunk, void>>
  /** Leaves the run and aborts the model, also while it hangs. `break` in a `for await` does it. */
  return(): Promise<IteratorResult<Chunk, void>>
  [Symbol.asyncIterator](): ChatStream
}

/** Runs a plan lazily, and ties the life of the model call to the reader and to `signal`. */
export function chatStream(plan: RunPlan, signal: AbortSignal | undefined): ChatStream {
  const controller = new AbortController()
  const abort = () => controller.abort(signal?.reason)
  const chunks = withSignal()

  async function* withSignal(): AsyncGenerator<Chunk, void, undefined> {
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    try {
      yield* run(plan, controller.signal)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  return {
    threadId: plan.request.threadId,
    runId: plan.request.runId,
    next: () => chunks.next(),
    return() {
      // A generator queues `return()` behind a pending `next()`: only the abort wakes a model that hangs.
      controller.abort()
      return chunks.return()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
