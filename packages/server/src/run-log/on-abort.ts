/** Calls back when a signal aborts. Returns how to be called no more. */
export type OnAbort = (callback: () => void) => () => void

/** One listener for any number of callbacks, and none when there are none: beyond ten on one signal Node warns of a leak. */
export function onAbortOf(signal: AbortSignal | undefined): OnAbort {
  const callbacks = new Set<{ call: () => void }>()
  const tell = () => {
    for (const { call } of [...callbacks]) call()
  }
  return (call) => {
    if (signal?.aborted) call()
    const entry = { call }
    if (callbacks.size === 0) signal?.addEventListener('abort', tell)
    callbacks.add(entry)
    return () => {
      callbacks.delete(entry)
      if (callbacks.size === 0) signal?.removeEventListener('abort', tell)
    }
  }
}
