import type { Scheduler } from '../src/view/scheduler.ts'

export interface ManualScheduler extends Scheduler {
  /** Shows what is due: the next frame. */
  flush(): void
  /** How many flushes are due; at most one per chat. */
  readonly due: number
}

/** A scheduler whose frames a test makes. */
export function manualScheduler(): ManualScheduler {
  const due = new Set<() => void>()
  const scheduler: Scheduler = (flush) => {
    due.add(flush)
    return () => due.delete(flush)
  }
  return Object.defineProperties(scheduler, {
    flush: {
      value() {
        const now = [...due]
        due.clear()
        for (const flush of now) flush()
      },
    },
    due: { get: () => due.size },
  }) as ManualScheduler
}
