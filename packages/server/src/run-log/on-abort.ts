/** Calls back when a signal aborts. Returns how to be called no more. */
export type OnAbort = (callback: () => void) => () => void

interface Shared {
  callbacks: Set<{ call: () => void }>
  tell: () => void
}

const shared = new WeakMap<AbortSignal, Shared>()

/**
 * One listener for any number of callbacks, whoever they are of, and none when there are none: beyond ten on one signal Node warns of a leak, and
 * the signal of a shutdown is that of every socket.
 */
export function onAbortOf(signal: AbortSignal | undefined): OnAbort {
  if (!signal) return () => () => {}
  const { callbacks, tell } = shared.get(signal) ?? share(signal)
  return (call) => {
    if (signal.aborted) call()
    const entry = { call }
    if (callbacks.size === 0) signal.addEventListener('abort', tell)
    callbacks.add(entry)
    return () => {
      callbacks.delete(entry)
      if (callbacks.size === 0) signal.removeEventListener('abort', tell)
    }
  }
}

function share(signal: AbortSignal): Shared {
  const callbacks: Shared['callbacks'] = new Set()
  const tell = () => {
    for (const { call } of [...callbacks]) call()
  }
  const made = { callbacks, tell }
  shared.set(signal, made)
  return made
}
