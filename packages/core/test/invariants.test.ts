import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { settled } from '../testing/index.ts'
import { checkSchedules } from './model/check-schedules.ts'
import { createCoverage } from './model/coverage.ts'
import { play } from './model/play.ts'
import { arrows, states } from './model/transitions.ts'
import { setups, world } from './random-world.ts'

/** More of them for a longer search: `SCHEDULES=100000 npx vitest run invariants`. */
const numRuns = Number(process.env['SCHEDULES'] ?? 2_000)

/** Far more than it takes; a busy machine gets it, because it only matters when something hangs. */
const timeout = 150 * numRuns

/**
 * The invariants of `state-machine.md` under random schedules of what a person, the application, the network and the clock do,
 * with a connection that obeys its abort signal and with one that does not.
 */
describe('random schedules', { timeout }, () => {
  it('keep every invariant after each step, leave nothing behind, and get nearly everywhere', async () => {
    const coverage = createCoverage()
    const { numRuns: played } = await checkSchedules((schedule) => play(schedule, ({ chat }) => coverage.follow(chat.actor)), { numRuns })
    expect(played).toBe(numRuns)
    const missing = coverage.missing()
    console.log(
      `${played} random schedules: all but ${missing.length} of ${states.length} states and ${arrows.length} transitions; not\n${missing.join('\n')}`,
    )
    // No schedule sends reports of runs that are over, has a guard that refuses, or another tab (src/tabs has schedules of its own); a few more are rare.
    expect(missing.filter((name) => !/isStray|isRefused|thread\.changed|chat: run\.chunks|local: run\./.test(name)).length).toBeLessThan(10)
  })
  it('come to rest when the chat is answered from then on, and every promise has settled', async () => {
    await fc.assert(
      fc.asyncProperty(setups, async ({ steps, ...setup }) => {
        const { chat, clock, promises, act } = world(setup)
        for (const step of steps) await act(step)
        for (let i = 0; i < 60; i++) {
          const { isLoading, queue, phase } = chat.getSnapshot()
          if (!isLoading && queue.length === 0) break
          if (!isLoading) chat.resumeQueue()
          else if (phase === 'local') chat.stop()
          else if (phase === 'reconnecting') {
            await act('online')
            clock.increment(30_000)
          }
          await settled()
          for (const name of ['finish', 'close'] as const) await act(name)
        }
        await settled()
        expect(chat.getSnapshot()).toMatchObject({ isLoading: false, queue: [] })
        expect(promises.filter(({ outcome }) => outcome === null)).toEqual([])
        chat.dispose()
      }),
      { numRuns: 100 },
    )
  })
})
