import type { Clock } from '../../src/index.ts'

interface Timer {
  at: number
  fn: () => void
}

/** Time passes when the test says so. */
export function manualClock() {
  let now = 0
  const timers = new Set<Timer>()
  let waiting: (() => void)[] = []
  const clock: Clock = {
    setTimeout(fn, ms) {
      const timer = { at: now + ms, fn }
      timers.add(timer)
      for (const wake of waiting.splice(0)) wake()
      return timer
    },
    clearTimeout: (timer) => void timers.delete(timer as Timer),
  }
  return {
    ...clock,
    pending: () => timers.size,
    /** Resolves once a timer is set. */
    timerSet: () => (timers.size > 0 ? Promise.resolve() : new Promise<void>((resolve) => (waiting = [...waiting, resolve]))),
    advance(ms: number) {
      const until = now + ms
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        now = due.at
        timers.delete(due)
        due.fn()
      }
      now = until
    },
  }
}
