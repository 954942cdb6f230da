import { describe, expect, it } from 'vitest'
import { manualClock } from './manual-clock.ts'

describe('manualClock', () => {
  it('calls back when the time has come, not before, and once', async () => {
    const clock = manualClock()
    const log: string[] = []
    clock.setTimeout(() => log.push(`at ${clock.now()}`), 500)
    await clock.advance(499)
    expect(log).toEqual([])
    await clock.advance(1)
    await clock.advance(1_000)
    expect(log).toEqual(['at 500'])
    expect(clock.now()).toBe(1_500)
  })
  it('calls back in the order of the times, and of setting where they are equal', async () => {
    const clock = manualClock(1_000)
    const log: string[] = []
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 10],
    ] as const)
      clock.setTimeout(() => log.push(`${name} ${clock.now()}`), ms)
    await clock.advance(100)
    expect(log).toEqual(['a 1010', 'b 1010', 'c 1030'])
  })
  it('counts what is scheduled on the way from its own time', async () => {
    const clock = manualClock()
    const log: number[] = []
    clock.setTimeout(() => {
      // As code that awaits would: some microtasks later.
      void Promise.resolve().then(() => clock.setTimeout(() => log.push(clock.now()), 100))
    }, 100)
    await clock.advance(200)
    expect(log).toEqual([200])
  })
  it('forgets what is cleared', async () => {
    const clock = manualClock()
    const log: string[] = []
    const id = clock.setTimeout(() => log.push('no'), 10)
    expect(clock.due).toBe(1)
    clock.clearTimeout(id)
    expect(clock.due).toBe(0)
    await clock.advance(10)
    expect(log).toEqual([])
  })
})
