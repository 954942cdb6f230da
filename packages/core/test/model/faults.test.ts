import { describe, expect, it } from 'vitest'
import { checkSchedules } from './check-schedules.ts'
import { faults } from './faults.ts'
import { invariants, lastInvariants } from './invariants.ts'
import { BrokenInvariant, play } from './play.ts'

/** As many schedules as find any of the faults below many times over. */
const numRuns = 500

describe('a chat that is broken on purpose', () => {
  it.each(Object.entries(faults))('"%s" notices', async (invariant, { arm }) => {
    const failure = await checkSchedules((schedule) => play(schedule, arm), { numRuns, seed: 1 }).catch((error: unknown) => error as Error)
    expect(failure).toBeInstanceOf(Error)
    const { cause, message } = failure as Error
    expect((cause as BrokenInvariant | undefined)?.invariant, message).toBe(invariant)
  })
  it('there is a fault for every invariant', () => {
    const all = new Set([
      ...Object.keys(invariants),
      ...Object.keys(lastInvariants),
      'only what callbacks throw is reported',
      'after dispose nothing changes',
    ])
    expect(new Set(Object.keys(faults))).toEqual(all)
  })
})
