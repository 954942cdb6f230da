import type { Locks } from '../session/options.ts'

/** Lets go of a lock. */
export type Release = () => void

export interface TabLocks {
  /** At once, or null when somebody else has it. */
  tryTake(name: string): Promise<Release | null>
  /** Waits for it; null when the signal aborts first. */
  take(name: string, signal: AbortSignal): Promise<Release | null>
}

/** Locks that are held until they are let go of. Where none may be used (an opaque origin) a request rejects. */
export function createTabLocks(locks: Locks): TabLocks {
  function request(name: string, options: { ifAvailable?: boolean; signal?: AbortSignal }): Promise<Release | null> {
    return new Promise((resolve, reject) => {
      const hold = (lock: unknown) => {
        if (lock === null || options.signal?.aborted) {
          resolve(null)
          return Promise.resolve()
        }
        return new Promise<void>((release) => resolve(release))
      }
      locks.request(name, options, hold).catch((cause: unknown) => (options.signal?.aborted ? resolve(null) : reject(cause)))
    })
  }
  return {
    tryTake: (name) => request(name, { ifAvailable: true }),
    take: (name, signal) => (signal.aborted ? Promise.resolve(null) : request(name, { signal })),
  }
}
