import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LoggedEvent, RunEnd } from '../../../src/run-log/run-log.ts'
import { collect, type LogUnderTest, RUN, type SuiteOptions, take } from './log-under-test.ts'

const { runId } = RUN

type Step =
  | { do: 'append'; count: number; again: number }
  /** `at`: its position, as a share of the tail. `leaves`: after so many events. */
  | { do: 'read'; at: number; leaves?: number | undefined; isSecond: boolean }
  | { do: 'takeover' }
  | { do: 'cancel' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.nat({ max: 5 }), again: fc.nat({ max: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      leaves: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
      isSecond: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'takeover' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'cancel' as const }) },
)
const end = fc.constantFrom<RunEnd>('finished', 'error', 'cancelled')

export function scheduleTests({ makeLog, schedules }: Pick<SuiteOptions, 'makeLog' | 'schedules'>): void {
  it('whatever is written, taken over and read in any order, every reader gets exactly the events after its position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), end, async (steps, end) => {
        const under = await makeLog()
        try {
          await play(under, steps, end)
        } finally {
          await under.dispose()
        }
      }),
      { numRuns: schedules },
    )
  })
}

async function play({ log, second, lapse }: LogUnderTest, steps: readonly Step[], end: RunEnd): Promise<void> {
  const written: LoggedEvent[] = []
  const readers: { after: number; leaves: number | undefined; events: Promise<LoggedEvent[]> }[] = []
  let epoch = 1
  let isCancelled = false
  await log.claim(RUN)
  for (const step of steps) {
    switch (step.do) {
      case 'append': {
        const tail = written.length
        for (let seq = tail + 1; seq <= tail + step.count; seq++) written.push({ epoch, seq, data: `"${epoch}-${seq}"` })
        const from = Math.max(0, tail - step.again)
        const answer = await log.append(
          runId,
          epoch,
          from + 1,
          written.slice(from).map(({ data }) => data),
        )
        expect(answer.cancel !== undefined).toBe(isCancelled)
        break
      }
      case 'read': {
        const { leaves } = step
        const after = Math.round(step.at * written.length)
        const reading = (step.isSecond ? second : log).read(runId, after, new AbortController().signal)
        readers.push({ after, leaves, events: leaves === undefined ? collect(reading) : take(reading, leaves) })
        break
      }
      case 'takeover':
        await lapse(runId)
        epoch += 1
        expect(await second.takeover(runId)).toEqual({ epoch, tail: written.length })
        break
      case 'cancel':
        expect(await second.requestCancel(runId, 'stop')).toBe(isCancelled ? 'already' : 'requested')
        isCancelled = true
    }
  }
  await log.close(runId, epoch, end)
  expect(await second.status(runId)).toMatchObject({ status: end, epoch, tail: written.length })
  for (const { after, leaves, events } of readers) {
    const expected = written.slice(after)
    const read = await events
    if (leaves === undefined) expect(read).toEqual(expected)
    else expect(read).toEqual(expected.slice(0, Math.max(read.length, Math.min(leaves, expected.length))))
  }
}
