import { describe, expect, it } from 'vitest'
import { next, onRedis, read, soon } from './on-redis.ts'
import { packageNames } from './redis-clients.ts'
import { events, expectCode, logged, readAll, RUN } from './suite/log-under-test.ts'

const { runId, threadId } = RUN

describe.each(packageNames)('redisRunLog with %s', (name) => {
  const { makeLog, redis } = onRedis(name)

  it('events that were evicted are expired, not the end of the run', async () => {
    const log = makeLog(redis.mine, { pollMs: 20 })
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 3))
    const atTheTail = read(log, 3)
    const waiting = next(atTheTail)
    await redis.send('DEL', redis.keys.events)
    await expectCode(readAll(log, runId), 'expired')
    await expectCode(readAll(log, runId, 1), 'expired')
    // Who has all of it misses nothing.
    await log.append(runId, 1, 4, events(4, 4))
    expect(await waiting).toEqual(logged(1, 4, 4))
    await expectCode(readAll(log, runId, 2), 'expired')
    await log.close(runId, 1, 'finished')
    await expectCode(readAll(log, runId), 'expired')
  })

  it('a run whose hash was evicted is expired for its readers, unknown for its producer, and may be claimed again', async () => {
    const log = makeLog(redis.mine, { pollMs: 20 })
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 3))
    const reading = read(log)
    await next(reading)
    const lost = expectCode(next(reading), 'expired')
    await redis.send('DEL', redis.keys.run)
    await lost
    await expectCode(log.append(runId, 1, 4, events(4, 4)), 'unknown_run')
    await expectCode(readAll(log, runId, 3), 'unknown_run')
    expect(await log.claim({ runId, threadId: 'another' })).toEqual({ kind: 'created', epoch: 1 })
    expect(await log.activeRun(RUN.threadId)).toBeNull()
    expect(await log.activeRun('another')).toBe(runId)
    await log.append(runId, 1, 1, ['"new"'])
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual([{ epoch: 1, seq: 1, data: '"new"' }])
  })

  it('a reader is not given the events of another run of the same id', async () => {
    const log = makeLog(redis.mine)
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    const reading = read(log)
    expect(await next(reading)).toEqual(logged(1, 1, 1))
    await redis.send('DEL', redis.keys.run, redis.keys.events)
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 5))
    await expectCode(next(reading), 'expired')
  })

  it('a run is kept for its time, and then its reader is told', async () => {
    const log = makeLog(redis.mine, { openTtlMs: 60, closedTtlMs: 30, pollMs: 10 })
    await log.claim(RUN)
    await expectCode(readAll(log, runId), 'expired')
    expect(await log.status(runId)).toBeNull()
    expect(await log.claim(RUN)).toMatchObject({ kind: 'created' })
    await log.close(runId, 1, 'finished')
    await soon(
      () => log.status(runId),
      (run) => run === null,
    )
  })

  it('each key has a time to live, after each operation', async () => {
    const log = makeLog(redis.mine, { openTtlMs: 100_000, closedTtlMs: 50_000 })
    const { run, events: stream } = redis.keys
    const ttl = async (key: string) => await redis.send<number>('PTTL', key)
    const expectTtls = async (...within: number[]) => {
      const keys = await redis.send<string[]>('KEYS', `${redis.prefix}:*`)
      for (const key of keys) expect(await ttl(key), key).toBeGreaterThan(0)
      for (const [i, key] of [run, stream].entries()) {
        if (within[i] === undefined) continue
        expect(await ttl(key)).toBeGreaterThan(within[i] - 40_000)
        expect(await ttl(key)).toBeLessThanOrEqual(within[i])
      }
    }
    const shorten = async () => {
      for (const key of [run, stream]) await redis.send('PEXPIRE', key, '5000')
    }
    await log.claim(RUN)
    await expectTtls(100_000)
    await log.append(runId, 1, 1, [])
    await expectTtls(100_000)
    await log.append(runId, 1, 1, events(1, 1))
    await expectTtls(100_000, 100_000)
    await shorten()
    await log.append(runId, 1, 2, events(2, 2))
    await expectTtls(100_000, 100_000)
    await shorten()
    await log.renew(runId, 1)
    await expectTtls(100_000, 100_000)
    await log.requestCancel(runId, 'stop')
    await next(read(log))
    await expectTtls(100_000, 100_000)
    await shorten()
    await redis.send('HSET', run, 'lease', '0')
    await log.takeover(runId)
    await expectTtls(100_000, 100_000)
    await log.activeRun(threadId)
    await log.close(runId, 2, 'finished')
    await expectTtls(50_000, 50_000)
    // Each of these finds nothing, and leaves nothing.
    await log.requestCancel('never', 'stop')
    await log.takeover('never')
    await log.activeRun('never')
    for (const work of [log.renew('never', 1), log.append('never', 1, 1, events(1, 1)), log.close('never', 1, 'error')]) {
      await expectCode(work, 'unknown_run')
    }
    await expectCode(readAll(log, 'never'), 'unknown_run')
    await expectTtls(50_000, 50_000)
    expect((await redis.send<string[]>('KEYS', `${redis.prefix}:*`)).sort()).toEqual([run, stream].sort())
  })
})
