import { describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/index.ts'
import { runKeys, threadKey } from '../../src/redis/keys.ts'
import { onRedis, soon } from './on-redis.ts'
import { packageNames } from './redis-clients.ts'
import { events, expectCode, logged, readAll, RUN } from './suite/log-under-test.ts'

const { runId, threadId } = RUN

describe.each(packageNames)('redisRunLog with %s', (name) => {
  const { makeLog, redis } = onRedis(name)

  it('what was done though its reply was lost is done once', async () => {
    const lost = new Error('Command timed out')
    /** Does each command, and gives no reply to the first of them. */
    let isLossy = false
    const client: RedisClient = {
      ...redis.mine,
      async evalSha(...command) {
        const reply = await redis.mine.evalSha(...command)
        if (!isLossy) return reply
        isLossy = false
        throw lost
      },
    }
    const log = makeLog(client)
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    isLossy = true
    const error = await log.append(runId, 1, 2, events(2, 3)).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'unavailable', cause: lost })
    await log.append(runId, 1, 2, events(2, 3))
    await log.close(runId, 1, 'finished')
    isLossy = true
    await expectCode(log.close(runId, 1, 'finished'), 'unavailable')
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual(logged(1, 1, 3))
  })

  it('a claim or takeover that the client sends twice, as after a reconnection, is one', async () => {
    const client: RedisClient = {
      ...redis.mine,
      async evalSha(...command) {
        await redis.mine.evalSha(...command)
        return redis.mine.evalSha(...command)
      },
    }
    const log = makeLog(redis.mine)
    await log.claim({ runId: 'other', threadId })
    await redis.send('HSET', runKeys(redis.prefix, 'other').run, 'lease', '0')
    await log.takeover('other')
    const twice = makeLog(client)
    expect(await twice.claim(RUN)).toEqual({ kind: 'created', epoch: 1 })
    expect((await twice.claim(RUN)).kind).toBe('known')
    await redis.send('HSET', redis.keys.run, 'lease', '0')
    expect(await twice.takeover(runId)).toEqual({ epoch: 2, tail: 0 })
    expect(await twice.takeover(runId)).toBeNull()
  })

  it('a lease lapses by the clock of the server, and its zombie is fenced', async () => {
    const log = makeLog(redis.mine, { leaseMs: 30 })
    const other = makeLog(redis.theirs)
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    await soon(
      () => other.status(runId),
      (run) => run?.isLeaseValid === false,
    )
    expect(await other.takeover(runId)).toEqual({ epoch: 2, tail: 1 })
    await expectCode(log.append(runId, 1, 2, events(2, 2)), 'fenced')
    await expectCode(log.renew(runId, 1), 'fenced')
    await expectCode(log.close(runId, 1, 'finished'), 'fenced')
    await other.append(runId, 2, 2, ['"lost"'])
    await other.close(runId, 2, 'error')
    expect((await readAll(log, runId)).map(({ epoch, seq }) => `${epoch}-${seq}`)).toEqual(['1-1', '2-2'])
  })

  it('the run of a thread is found as long as its producer renews', async () => {
    const log = makeLog(redis.mine)
    await log.claim(RUN)
    await redis.send('DEL', threadKey(redis.prefix, threadId))
    expect(await log.activeRun(threadId)).toBeNull()
    await log.renew(runId, 1)
    expect(await log.activeRun(threadId)).toBe(runId)
  })

  it('halves of surrogate pairs make different ids', async () => {
    const log = makeLog(redis.mine)
    for (const id of ['\uD800', '\uD801', '\uFFFD']) expect(await log.claim({ runId: id, threadId: id })).toMatchObject({ kind: 'created' })
  })
})
