import { memoryRunLog } from '../../src/run-log/memory-run-log.ts'
import { manualClock } from '../support/manual-clock.ts'
import { runLogSuite } from './suite.ts'

const CLOSED_TTL_MS = 60_000

runLogSuite('memoryRunLog', {
  schedules: 100,
  async makeLog() {
    const clock = manualClock()
    let now = 0
    const pass = (ms: number) => {
      now += ms
      clock.advance(ms)
    }
    const log = memoryRunLog({ clock, now: () => now, closedTtlMs: CLOSED_TTL_MS })
    return {
      log,
      second: log,
      lapse: async () => pass(log.leaseMs),
      expire: async () => pass(CLOSED_TTL_MS),
      tick: () => pass(1),
      dispose: () => log.dispose(),
    }
  },
})
