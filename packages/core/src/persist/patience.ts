import type { Timers } from '../bytes/timers.ts'

/** Some storages never answer. Ten seconds are more than any disk, and most networks, need. */
const PATIENCE_MS = 10_000

/** Waits for a storage, but not for ever. */
export interface Patience {
  /** What the storage answers; rejects with what it throws, or when there is no answer in 10 seconds. */
  answer<T>(ask: () => T): Promise<Awaited<T>>
  /** Calls back if the work is not done in 10 seconds; gives the function that says that it is. */
  whenSlow(tell: () => void): () => void
  /** Waits for nothing, until the next {@link begin}. */
  end(): void
  begin(): void
}

export function createPatience(timers: Timers): Patience {
  const waits = new Set<unknown>()
  let isOver = false

  function whenSlow(tell: () => void) {
    if (isOver) return () => {}
    const timer = timers.setTimeout(tell, PATIENCE_MS)
    waits.add(timer)
    return () => {
      waits.delete(timer)
      timers.clearTimeout(timer)
    }
  }

  return {
    whenSlow,
    answer: (ask) =>
      new Promise((resolve, reject) => {
        const done = whenSlow(() => reject(new Error(`no answer in ${PATIENCE_MS / 1000} seconds`)))
        new Promise<Awaited<ReturnType<typeof ask>>>((answered) => answered(ask() as Awaited<ReturnType<typeof ask>>))
          .then(resolve, reject)
          .finally(done)
      }),
    begin() {
      isOver = false
    },
    end() {
      isOver = true
      for (const timer of waits) timers.clearTimeout(timer)
      waits.clear()
    },
  }
}
