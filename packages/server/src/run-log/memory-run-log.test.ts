import { describe, expect, it } from 'vitest'
import { timedLog } from '../../test/support/timed-log.ts'
import { memoryRunLog } from './memory-run-log.ts'
import type { RunLog } from './run-log.ts'

async function over(log: RunLog, runId: string, data = '{}'): Promise<void> {
  await log.claim({ runId, threadId: 't' })
  await log.append(runId, 1, 1, [data])
  await log.close(runId, 1, 'finished')
}
const kept = async (log: RunLog, ...runIds: string[]) => {
  const infos = await Promise.all(runIds.map((runId) => log.status(runId)))
  return runIds.filter((_, i) => infos[i] !== null)
}

describe('what is kept', () => {
  it('is each closed run for its time, with one timer for all', async () => {
    const { log, clock, pass } = timedLog({ closedTtlMs: 10_000 })
    await over(log, 'a')
    pass(4000)
    await over(log, 'b')
    expect(clock.pending()).toBe(1)
    pass(6000)
    expect(await kept(log, 'a', 'b')).toEqual(['b'])
    pass(4000)
    expect(await kept(log, 'a', 'b')).toEqual([])
    expect(clock.pending()).toBe(0)
  })

  it('is the newest of too many closed runs, and every open one', async () => {
    const { log } = timedLog({ maxRuns: 2 })
    for (const runId of ['open 1', 'open 2', 'open 3']) await log.claim({ runId, threadId: 't' })
    for (const runId of ['a', 'b', 'c', 'd']) await over(log, runId)
    expect(await kept(log, 'open 1', 'open 2', 'open 3', 'a', 'b', 'c', 'd')).toEqual(['open 1', 'open 2', 'open 3', 'c', 'd'])
    await log.close('open 2', 1, 'finished')
    expect(await kept(log, 'open 1', 'open 2', 'open 3', 'c', 'd')).toEqual(['open 1', 'open 2', 'open 3', 'd'])
  })

  it('is the newest of too many bytes, the last one whatever its size', async () => {
    const { log } = timedLog({ maxBytes: 3000 })
    for (const runId of ['a', 'b', 'c', 'd']) await over(log, runId, 'x'.repeat(936))
    expect(await kept(log, 'a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd'])
    await over(log, 'big', 'x'.repeat(10_000))
    expect(await kept(log, 'b', 'c', 'd', 'big')).toEqual(['big'])
    await over(log, 'e')
    expect(await kept(log, 'big', 'e')).toEqual(['e'])
  })

  it('is not for a reader that takes longer than the run is kept', async () => {
    const { log, pass } = timedLog({ closedTtlMs: 1000 })
    await log.claim({ runId: 'r', threadId: 't' })
    await log.append('r', 1, 1, Array.from({ length: 300 }, String))
    await log.close('r', 1, 'finished')
    const batches = log.read('r', 0, new AbortController().signal)[Symbol.asyncIterator]()
    await batches.next()
    pass(1000)
    await expect(batches.next()).rejects.toMatchObject({ code: 'expired' })
  })
})

it('a disposed log has no timers, and leaves no reader waiting', async () => {
  const { log, clock } = timedLog()
  await over(log, 'a')
  await log.claim({ runId: 'r', threadId: 't' })
  const waiting = log.read('r', 0, new AbortController().signal)[Symbol.asyncIterator]().next()
  await log.dispose()
  await expect(waiting).rejects.toMatchObject({ code: 'expired' })
  expect(clock.pending()).toBe(0)
})

it('its own timers do not keep a process alive', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const log = memoryRunLog()
  await over(log, 'a')
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBe(before)
  await log.dispose()
})

it.each(['closedTtlMs', 'maxRuns', 'maxBytes', 'leaseMs'])('%s has to be more than 0', (option) => {
  for (const value of [0, -1, Number.NaN]) expect(() => memoryRunLog({ [option]: value })).toThrow(expect.objectContaining({ code: 'misuse' }))
})
