import { memoryRunLog, type MemoryRunLogOptions } from '../../src/index.ts'
import { manualClock } from './manual-clock.ts'

/** A log whose time passes when the test says so. */
export function timedLog(options: MemoryRunLogOptions = {}) {
  const clock = manualClock()
  let now = 0
  const log = memoryRunLog({ clock, now: () => now, ...options })
  return {
    log,
    clock,
    /** In steps, so that what falls due sees the time that it is. */
    pass(ms: number) {
      for (let left = ms; left > 0; left -= 1000) {
        const step = Math.min(left, 1000)
        now += step
        clock.advance(step)
      }
    },
  }
}
