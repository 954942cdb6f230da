/** Something that can be iterated later on: `for await`, or a stream where the engine cannot iterate it yet (Safari). */
export type AsyncSource<T> = AsyncIterable<T> | ReadableStream<T>

/**
 * Iterates until `signal` aborts, and then ends at once, also if the source does not react.
 * The source's iterator is told to return, but not waited for: it may be stuck in the very await that made us leave.
 */
export async function* iterateUntilAborted<T>(source: AsyncSource<T>, signal: AbortSignal): AsyncGenerator<T, void, void> {
  const iterator = iteratorOf(source)
  let leave: () => void = () => {}
  // One listener for the whole iteration; a race of promises per item would pile up reactions on the signal's.
  const onAbort = () => leave()
  signal.addEventListener('abort', onAbort, { once: true })
  let ended = false
  try {
    while (!signal.aborted) {
      const result = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        leave = () => resolve(undefined)
        Promise.resolve(iterator.next()).then(resolve, reject)
      })
      if (result?.done === true) ended = true
      if (result === undefined || ended || signal.aborted) return
      yield (result as IteratorYieldResult<T>).value
    }
  } catch (error) {
    ended = true
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (!ended) close(iterator)
  }
}

function close(iterator: AsyncIterator<unknown>): void {
  try {
    void Promise.resolve(iterator.return?.()).catch(() => {})
  } catch {
    // It has nobody to tell.
  }
}

export function isAsyncSource(value: unknown): value is AsyncSource<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || 'getReader' in value)
}

function iteratorOf<T>(source: AsyncSource<T>): AsyncIterator<T> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]()
  const reader = (source as ReadableStream<T>).getReader()
  return {
    next: async () => (await reader.read()) as IteratorResult<T>,
    return: async () => {
      await reader.cancel()
      return { done: true, value: undefined }
    },
  }
}
