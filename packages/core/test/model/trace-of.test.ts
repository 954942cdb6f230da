import fc from 'fast-check'
import { expect, it, onTestFinished, vi } from 'vitest'
import { replayTrace } from '../../src/trace/index.ts'
import { schedules } from './schedule.ts'
import { traceOf, whereIs } from './trace-of.ts'

it('the trace of any schedule, as a failure prints it, is played to where the schedule came', { timeout: 120_000 }, async () => {
  // What callbacks throw is reported there.
  const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation((() => 0) as never)
  onTestFinished(() => timers.mockRestore())
  let played = 0
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const { trace, end } = await traceOf(schedule)
      const replay = replayTrace(trace)
      await replay.seek(replay.length)
      expect(replay.divergedAt).toBeNull()
      // A recording ends when the chat is disposed of, a schedule goes on.
      if (trace.end !== 'disposed') expect(whereIs(replay.chat)).toBe(end)
      replay.stop()
      played += replay.length
    }),
    { numRuns: 300 },
  )
  expect(played).toBeGreaterThan(3_000)
})
