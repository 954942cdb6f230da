import { describe, expect, it } from 'vitest'
import { isRunLogError } from '../../src/run-log/run-log-error.ts'
import { manualClock } from '../support/manual-clock.ts'
import { next, onRedis, read, soon } from './on-redis.ts'
import { packageNames, packages } from './redis-clients.ts'
import { startRedis } from './redis-server.ts'
import { collect, events, expectCode, logged, readAll, RUN } from './suite/log-under-test.ts'

const { runId, threadId } = RUN

describe.each(packageNames)('redisRunLog with %s', (name) => {
  const { makeLog, redis } = onRedis(name)

  it('news that were lost are found at the next look', async () => {
    const clock = manualClock()
    const log = makeLog(redis.mine, { clock })
    const channels = redis.keys
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    const reading = read(log)
    expect(await next(reading)).toEqual(logged(1, 1, 1))
    await redis.subscribed(channels.news)
    await redis.send('CLIENT', 'KILL', 'TYPE', 'pubsub')
    const second = next(reading)
    // No message: as if it was published while nobody was connected.
    await redis.send('XADD', channels.events, '1-2', 'e', '{"n":2}')
    await redis.send('HSET', channels.run, 'tail', '2')
    clock.advance(1_000)
    expect(await second).toEqual(logged(1, 2, 2))
    // Both packages connect and subscribe again.
    await redis.subscribed(channels.news)
    const third = next(reading)
    await log.append(runId, 1, 3, events(3, 3))
    expect(await third).toEqual(logged(1, 3, 3))
  })

  it('a subscriber that is killed again and again costs no reader an event', async () => {
    const log = makeLog(redis.mine, { pollMs: 20 })
    await log.claim(RUN)
    const whole = readAll(log, runId)
    for (let seq = 1; seq <= 20; seq++) {
      await log.append(runId, 1, seq, events(seq, seq))
      await redis.send('CLIENT', 'KILL', 'TYPE', 'pubsub')
    }
    await log.close(runId, 1, 'finished')
    expect(await whole).toEqual(logged(1, 1, 20))
  })

  it('a Redis that was restarted has lost its runs, and takes new ones', async () => {
    const log = makeLog(redis.mine, { pollMs: 20 })
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 3))
    const reading = read(log)
    expect(await next(reading)).toEqual(logged(1, 1, 3))
    const lost = next(reading)
    // Handled here, whenever it comes.
    const told = expectCode(lost, 'expired', 'unavailable')
    await redis.restart()
    await told
    await soon(
      () => log.status(runId).catch(() => undefined),
      (run) => run === null,
    )
    await expectCode(log.append(runId, 1, 4, events(4, 4)), 'unknown_run')
    await expectCode(readAll(log, runId, 3), 'unknown_run')
    expect(await log.activeRun(threadId)).toBeNull()

    expect(await log.claim(RUN)).toEqual({ kind: 'created', epoch: 1 })
    const whole = readAll(log, runId)
    await log.append(runId, 1, 1, events(1, 2))
    await log.close(runId, 1, 'finished')
    expect(await whole).toEqual(logged(1, 1, 2))
  })

  it('a Redis that is gone is unavailable, with the error of the client as the cause', async () => {
    const own = await startRedis()
    const connection = await packages[name](own.port, true)
    const log = makeLog(connection.client)
    await log.claim(RUN)
    await own.kill()
    const error = await log.append(runId, 1, 1, events(1, 1)).catch((error: unknown) => error)
    expect(isRunLogError(error) && error.code).toBe('unavailable')
    expect((error as Error).cause).toBeInstanceOf(Error)
    await expectCode(log.status(runId), 'unavailable')
    await expectCode(readAll(log, runId), 'unavailable')
    await log.dispose()
    await connection.close()
  })

  it('a reader is freed by its signal also while there is no connection', async () => {
    const own = await startRedis()
    const connection = await packages[name](own.port)
    const log = makeLog(connection.client, { pollMs: 10 })
    await log.claim(RUN)
    await own.kill()
    const leaving = new AbortController()
    const whole = collect(log.read(runId, 0, leaving.signal))
    leaving.abort()
    expect(await whole).toEqual([])
    await log.dispose()
    await connection.close()
  })

  it('a Redis that has forgotten the scripts is sent them again', async () => {
    const log = makeLog(redis.mine)
    await log.claim(RUN)
    const whole = readAll(log, runId)
    for (let seq = 1; seq <= 5; seq++) {
      await redis.send('SCRIPT', 'FLUSH')
      await log.append(runId, 1, seq, events(seq, seq))
    }
    await redis.send('SCRIPT', 'FLUSH')
    await log.close(runId, 1, 'finished')
    expect(await whole).toEqual(logged(1, 1, 5))
  })

  it('a Redis without memory is unavailable; what was written is read, and the run goes on when there is memory again', async () => {
    const log = makeLog(redis.mine)
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 2))
    await redis.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    await redis.send('CONFIG', 'SET', 'maxmemory', '1')
    try {
      const error = await log.append(runId, 1, 3, events(3, 3)).catch((error: unknown) => error)
      expect(isRunLogError(error) && error.code).toBe('unavailable')
      expect(String((error as Error).cause)).toContain('OOM')
      await expectCode(log.claim({ runId: 'another', threadId }), 'unavailable')
      expect(await next(read(log))).toEqual(logged(1, 1, 2))
      expect(await log.status(runId)).toMatchObject({ tail: 2, status: 'open' })
    } finally {
      await redis.send('CONFIG', 'SET', 'maxmemory', '0')
    }
    expect(await log.status('another')).toBeNull()
    await log.append(runId, 1, 3, events(3, 3))
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual(logged(1, 1, 3))
  })
})
