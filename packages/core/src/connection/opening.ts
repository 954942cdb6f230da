import { OVER } from '../bytes/read-bytes.ts'

/**
 * A source that is opened when it is first read, if there is one. From then on it is read without a step between: each generator around
 * another one costs every read three turns of the queue of promises (2.0 → 1.7 times the floor of a long answer with one event a read).
 */
export function opening<T>(open: () => Promise<AsyncIterator<T> | undefined>): AsyncIterable<T> {
  let source: AsyncIterator<T> | undefined

  async function begin(): Promise<IteratorResult<T>> {
    source = NOTHING
    source = (await open()) ?? NOTHING
    return source.next()
  }

  const iterator: AsyncIterator<T> = {
    next: () => (source ? source.next() : begin()),
    return: async () => (await source?.return?.()) ?? OVER,
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

const NOTHING: AsyncIterator<never> = { next: async () => OVER }
