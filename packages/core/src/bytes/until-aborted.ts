/** What {@link untilAborted} gives when the signal was first. */
export const ABORTED: unique symbol = Symbol('aborted')

/** Waits for `promise`, but not beyond the abort of `signal`. What the promise does later is ignored. */
export function untilAborted<T>(promise: PromiseLike<T> | T, signal: AbortSignal): Promise<T | typeof ABORTED> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(ABORTED)
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort)
      act()
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    Promise.resolve(promise).then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => (signal.aborted ? resolve(ABORTED) : reject(error))),
    )
  })
}
