import fc from 'fast-check'
import { BrokenInvariant } from './play.ts'
import { type Schedule, schedules } from './schedule.ts'
import { shorten } from './shorten.ts'
import { traceOf } from './trace-of.ts'

/** A test that does what the schedule does, to be pasted in. */
const testOf = (schedule: Schedule, name: string) => [`it('${name}', async () => {`, `  await play(${literalOf(schedule)})`, '})'].join('\n')
const literalOf = (value: object) =>
  JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, ' $1: ')
    .replaceAll('"', "'")
    .replaceAll(",'", ", '")

/**
 * Plays random schedules. Throws for the first that fails, shortened: as a test that can be pasted in, and as a trace that `replayTrace` plays.
 */
export async function checkSchedules(playOne: (schedule: Schedule) => Promise<void>, { numRuns, seed }: { numRuns: number; seed?: number }) {
  const result = await fc.check(fc.asyncProperty(schedules, playOne), { numRuns, endOnFailure: true, ...(seed !== undefined && { seed }) })
  if (!result.failed) return result
  const error = result.errorInstance
  if (!(error instanceof BrokenInvariant)) throw error
  const { schedule, failure } = await shorten(playOne, result.counterexample![0], error)
  const trace = await traceOf(schedule).then(
    ({ trace }) => JSON.stringify(trace),
    (cause: unknown) => `none: ${String(cause)}`,
  )
  const message = [
    failure.message,
    `Found by schedule ${result.numRuns} of seed ${result.seed}, and shortened from ${result.counterexample![0].steps.length} steps to ${schedule.steps.length}.`,
    `As a test:\n${testOf(schedule, `${failure.invariant}, …`)}`,
    `As a trace:\n${trace}`,
  ]
  throw new Error(message.join('\n\n'), { cause: failure })
}
