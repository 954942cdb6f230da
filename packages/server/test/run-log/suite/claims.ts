import { expect, it } from 'vitest'
import { type Current, events, logged, readAll, RUN } from './log-under-test.ts'

const STRANGE_IDS = [
  '__proto__',
  'constructor',
  'a b/{c}',
  'a b/{c',
  '{}',
  '}',
  '{x}',
  '%',
  '%7b',
  '🦊',
  'ü',
  '..',
  'a:m',
  '',
  'x'.repeat(500),
  '\u2028\n',
]

export function claimTests(current: Current): void {
  it('of a hundred claims at once exactly one creates the run', async () => {
    const { log, second } = current()
    const claims = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? log : second).claim(RUN)))
    expect(claims.filter(({ kind }) => kind === 'created')).toEqual([{ kind: 'created', epoch: 1 }])
  })

  it('a known run is told as it is', async () => {
    const { log, second } = current()
    await log.claim({ ...RUN, fingerprint: 'abc' })
    const run = { ...RUN, fingerprint: 'abc', status: 'open', epoch: 1, tail: 0, isLeaseValid: true, unreadMs: expect.any(Number) }
    expect(await second.claim({ ...RUN, threadId: 'another', fingerprint: 'def' })).toEqual({ kind: 'known', run })
    expect(await second.status(RUN.runId)).toEqual(run)

    await log.append(RUN.runId, 1, 1, events(1, 3))
    await log.close(RUN.runId, 1, 'cancelled')
    const ended = { ...run, status: 'cancelled', tail: 3, isLeaseValid: expect.any(Boolean) }
    expect(await log.claim(RUN)).toEqual({ kind: 'known', run: ended })
  })

  it('a run that was claimed without a fingerprint has an empty one', async () => {
    const { log } = current()
    await log.claim(RUN)
    expect(await log.status(RUN.runId)).toMatchObject({ fingerprint: '' })
  })

  it('nothing is known of a run that nobody claimed', async () => {
    expect(await current().log.status('never')).toBeNull()
  })

  it('any text is an id, of a run and of a thread', async () => {
    const { log } = current()
    for (const id of STRANGE_IDS) {
      expect(await log.status(id)).toBeNull()
      expect(await log.activeRun(id)).toBeNull()
      expect(await log.claim({ runId: id, threadId: id, fingerprint: id })).toEqual({ kind: 'created', epoch: 1 })
      await log.append(id, 1, 1, events(1, 2))
    }
    for (const id of STRANGE_IDS) {
      expect(await log.status(id)).toMatchObject({ runId: id, threadId: id, fingerprint: id, tail: 2 })
      expect(await log.activeRun(id)).toBe(id)
      expect(await log.requestCancel(id, id)).toBe('requested')
      expect((await log.renew(id, 1)).cancel).toBe(id)
      await log.close(id, 1, 'finished')
      expect(await readAll(log, id)).toEqual(logged(1, 1, 2))
      expect(await log.activeRun(id)).toBeNull()
    }
  })

  it('the active run of a thread is its newest one that is open', async () => {
    const { log, second } = current()
    for (const runId of ['a', 'b', 'c']) await log.claim({ runId, threadId: 't' })
    await log.claim({ runId: 'd', threadId: 'another' })
    expect(await second.activeRun('t')).toBe('c')
    await log.close('b', 1, 'finished')
    expect(await second.activeRun('t')).toBe('c')
    await log.close('c', 1, 'error')
    expect(await second.activeRun('t')).toBe('a')
    expect(await second.activeRun('t')).toBe('a')
    await log.close('a', 1, 'cancelled')
    expect(await second.activeRun('t')).toBeNull()
    expect(await second.activeRun('another')).toBe('d')
    expect(await second.activeRun('never')).toBeNull()
  })

  it('a run whose producer is gone is still the active one', async () => {
    const { log, lapse } = current()
    await log.claim(RUN)
    await lapse(RUN.runId)
    expect(await log.activeRun(RUN.threadId)).toBe(RUN.runId)
  })

  it('an id is free again when its run is no longer kept', async () => {
    const { log, expire } = current()
    await log.claim(RUN)
    await log.append(RUN.runId, 1, 1, events(1, 3))
    await log.close(RUN.runId, 1, 'finished')
    await expire(RUN.runId)
    expect(await log.status(RUN.runId)).toBeNull()
    expect(await log.activeRun(RUN.threadId)).toBeNull()
    expect(await log.claim(RUN)).toEqual({ kind: 'created', epoch: 1 })
    await log.append(RUN.runId, 1, 1, events(1, 1))
    await log.close(RUN.runId, 1, 'finished')
    expect(await readAll(log, RUN.runId)).toEqual(logged(1, 1, 1))
  })
}
