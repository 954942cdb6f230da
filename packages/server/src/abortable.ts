/** What {@link Abortable.next} gives once its signal has aborted. */
export const ABORTED = Symbol('aborted')

export interface Abortable<T> {
  /** The next step, or {@link ABORTED} as soon as the signal aborts, whatever the source does. One call at a time. */
  next(): Promise<IteratorResult<T, unknown> | typeof ABORTED>
  /** Lets go of the source. Does not wait for it: a source that ignores its signal may never answer. */
  close(): void
}

/** An async iterable whose reader never hangs on it after an abort. */
export function abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): Abortable<T> {
  const iterator = source[Symbol.asyncIterator]()
  // One listener for the whole stream: racing each step against one long-lived promise would keep every step alive.
  let wake: (() => void) | undefined
  const onAbort = () => wake?.()
  signal.addEventListener('abort', onAbort)
  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return resolve(ABORTED)
        wake = () => resolve(ABORTED)
        iterator.next().then(resolve, reject)
      }),
    close() {
      wake = undefined
      signal.removeEventListener('abort', onAbort)
      letGo(iterator)
    },
  }
}

/** Calls `return()` without waiting; what it throws has no reader any more. */
export function letGo(iterator: AsyncIterator<unknown> | Iterator<unknown>): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => {})
  } catch {
    // as above
  }
}

/** The value, or {@link ABORTED} as soon as the signal aborts. */
export async function unlessAborted<T>(value: T | Promise<T>, signal: AbortSignal): Promise<T | typeof ABORTED> {
  if (signal.aborted) return ABORTED
  let onAbort = () => {}
  const aborted = new Promise<typeof ABORTED>((resolve) => (onAbort = () => resolve(ABORTED)))
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([value, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
