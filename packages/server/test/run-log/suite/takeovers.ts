import { expect, it } from 'vitest'
import { type Current, events, expectCode, logged, readAll, RUN } from './log-under-test.ts'

const { runId } = RUN

export function takeoverTests(current: Current): void {
  it('only a run whose producer is gone is taken over', async () => {
    const { log, lapse } = current()
    expect(await log.takeover(runId)).toBeNull()
    await log.claim(RUN)
    expect(await log.takeover(runId)).toBeNull()
    await log.close(runId, 1, 'finished')
    await lapse(runId)
    expect(await log.takeover(runId)).toBeNull()
    expect(await log.status(runId)).toMatchObject({ epoch: 1, status: 'finished' })
  })

  it('of twenty who take over at once exactly one does', async () => {
    const { log, second, lapse } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 3))
    await lapse(runId)
    const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? log : second).takeover(runId)))
    expect(taken.filter((each) => each !== null)).toEqual([{ epoch: 2, tail: 3 }])
    expect(await log.status(runId)).toMatchObject({ epoch: 2, isLeaseValid: true, tail: 3, status: 'open' })
  })

  it('who was replaced can no longer write, neither before nor after the run has ended', async () => {
    const { log, second, lapse } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    await lapse(runId)
    await second.takeover(runId)
    const zombie = async () => {
      await expectCode(log.append(runId, 1, 2, events(2, 2)), 'fenced')
      await expectCode(log.append(runId, 1, 1, events(1, 1)), 'fenced')
      await expectCode(log.renew(runId, 1), 'fenced')
      await expectCode(log.close(runId, 1, 'finished'), 'fenced')
    }
    await zombie()
    await second.append(runId, 2, 2, ['"lost"'])
    await second.close(runId, 2, 'error')
    await zombie()
    expect(await log.status(runId)).toMatchObject({ status: 'error', tail: 2 })
  })

  it('events are numbered on over all epochs, and read from any position', async () => {
    const { log, second, lapse } = current()
    await log.claim(RUN)
    const whole = readAll(log, runId)
    await log.append(runId, 1, 1, events(1, 3))
    await lapse(runId)
    await second.takeover(runId)
    // The second producer is gone before it has written.
    await lapse(runId)
    expect(await log.takeover(runId)).toEqual({ epoch: 3, tail: 3 })
    await log.append(runId, 3, 4, events(4, 5))
    await lapse(runId)
    expect(await second.takeover(runId)).toEqual({ epoch: 4, tail: 5 })
    await second.append(runId, 4, 6, events(6, 6))
    await second.close(runId, 4, 'error')
    const all = [...logged(1, 1, 3), ...logged(3, 4, 5), ...logged(4, 6, 6)]
    expect(await whole).toEqual(all)
    for (let after = 0; after <= 6; after++) expect(await readAll(second, runId, after)).toEqual(all.slice(after))
  })
}
