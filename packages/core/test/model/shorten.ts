import { BrokenInvariant } from './play.ts'
import type { Schedule, Step } from './schedule.ts'

type Play = (schedule: Schedule) => Promise<void>

async function broken(play: Play, schedule: Schedule): Promise<BrokenInvariant | undefined> {
  try {
    await play(schedule)
  } catch (error) {
    if (error instanceof BrokenInvariant) return error
    throw error
  }
  return undefined
}

/**
 * The same failure with as few steps as it takes: what comes after it goes, and then every step without which it still happens. (Arrays of
 * fast-check lose their first steps only, and these schedules need those: nothing happens without a `send`.)
 */
export async function shorten(play: Play, schedule: Schedule, failure: BrokenInvariant): Promise<{ schedule: Schedule; failure: BrokenInvariant }> {
  let found = { schedule: { ...schedule, steps: schedule.steps.slice(0, failure.played) }, failure }

  async function attempt(steps: Step[]): Promise<boolean> {
    const shorter = { ...found.schedule, steps }
    const again = await broken(play, shorter)
    if (again?.invariant !== failure.invariant) return false
    found = { schedule: { ...shorter, steps: steps.slice(0, again.played) }, failure: again }
    return true
  }

  for (let size = Math.ceil(found.schedule.steps.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
    for (let at = 0; at < found.schedule.steps.length;) if (!(await attempt(found.schedule.steps.toSpliced(at, size)))) at += size
  return found
}
