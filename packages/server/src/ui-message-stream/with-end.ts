import type { ChunkSource } from '../chunk-body.ts'

type AnyChunk = { readonly type: string }

/** Comes last when the source has ended after a terminal chunk. */
export const END: AnyChunk = { type: 'END' }

/**
 * The source, and {@link END} after it. Not a generator: that would queue `return()` behind a `next()` that hangs,
 * and the model would never hear that nobody listens any more.
 */
export function withEnd(source: ChunkSource): AsyncIterable<AnyChunk> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
      let isOver = false
      let hasEnded = false
      return {
        async next() {
          if (hasEnded) return { done: true, value: undefined }
          const step = await iterator.next()
          if (step.done) {
            hasEnded = true
            return isOver ? { done: false, value: END } : { done: true, value: undefined }
          }
          if (step.value.type === 'RUN_FINISHED') isOver = true
          else if (step.value.type === 'RUN_STARTED') isOver = false
          return { done: false, value: step.value }
        },
        async return() {
          hasEnded = true
          await iterator.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
