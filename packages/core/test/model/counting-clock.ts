import { SimulatedClock } from '../../testing/index.ts'

export interface CountingClock {
  /** What is scheduled. */
  readonly due: ReadonlySet<unknown>
  increment(ms: number): void
  setTimeout(task: () => void, ms: number): unknown
  clearTimeout(id: unknown): void
}

/** A clock that knows what is scheduled on it. */
export function countingClock(): CountingClock {
  const clock = new SimulatedClock()
  const due = new Set<unknown>()
  return {
    due,
    increment: (ms) => clock.increment(ms),
    setTimeout(task, ms) {
      const id = clock.setTimeout(() => {
        due.delete(id)
        task()
      }, ms)
      due.add(id)
      return id
    },
    clearTimeout(id) {
      due.delete(id)
      clock.clearTimeout(id as never)
    },
  }
}
