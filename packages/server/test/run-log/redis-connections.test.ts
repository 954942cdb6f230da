import { describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/index.ts'
import { deferred } from '../support/deferred.ts'
import { manualClock } from '../support/manual-clock.ts'
import { next, onRedis, read, soon } from './on-redis.ts'
import { packageNames } from './redis-clients.ts'
import { events, expectCode, logged, readAll, RUN } from './suite/log-under-test.ts'

const { runId } = RUN
const forever = new AbortController().signal

describe.each(packageNames)('redisRunLog with %s', (name) => {
  const { makeLog, redis } = onRedis(name)

  it('five hundred readers of one run share one connection', async () => {
    const log = makeLog(redis.mine)
    await log.claim(RUN)
    const readers = Array.from({ length: 500 }, () => readAll(log, runId))
    for (let seq = 1; seq <= 10; seq++) await log.append(runId, 1, seq, events(seq, seq))
    await redis.subscribed(redis.keys.news)
    expect(await redis.subscribers()).toBe(1)
    // Ours, the admin's and that of the other process.
    expect(await redis.connections()).toBe(4)
    await log.close(runId, 1, 'finished')
    for (const each of await Promise.all(readers)) expect(each).toEqual(logged(1, 1, 10))
    await soon(
      async () => await redis.send<string[]>('PUBSUB', 'CHANNELS'),
      (channels) => channels.length === 0,
    )
  })

  it('a connection that is closed while it is being made, however far it is, is closed', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const connection = redis.mine.subscriber(() => {})
      connection.subscribe('news').catch(() => {})
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
      await connection.close()
    }
    // Ours, the admin's and that of the other process.
    await expect.poll(redis.connections).toBe(3)
  })

  it('two processes are woken by each other, without a look by the clock', async () => {
    const [log, other] = [makeLog(redis.mine, { clock: manualClock() }), makeLog(redis.theirs, { clock: manualClock() })]
    const { news, cancel } = redis.keys
    await log.claim(RUN)
    const reading = read(other)
    const first = next(reading)
    const asked = new Promise((resolve) => log.onCancel!(runId, resolve, forever))
    await redis.subscribed(news)
    await redis.subscribed(cancel)
    await log.append(runId, 1, 1, events(1, 1))
    expect(await first).toEqual(logged(1, 1, 1))
    expect(await other.requestCancel(runId, 'stop')).toBe('requested')
    expect(await asked).toBe('stop')
    const last = reading.next()
    await log.close(runId, 1, 'cancelled')
    expect((await last).done).toBe(true)
  })

  it('what comes while a reader is still being subscribed is found as soon as it is', async () => {
    const gate = deferred()
    const client: RedisClient = {
      ...redis.mine,
      subscriber(onMessage) {
        const connection = redis.mine.subscriber(onMessage)
        return { ...connection, subscribe: (channel) => gate.promise.then(() => connection.subscribe(channel)) }
      },
    }
    const log = makeLog(client, { clock: manualClock() })
    await log.claim(RUN)
    const first = next(read(log))
    const asked = new Promise((resolve) => log.onCancel!(runId, resolve, forever))
    await log.append(runId, 1, 1, events(1, 1))
    await log.requestCancel(runId, 'stop')
    gate.resolve()
    expect(await first).toEqual(logged(1, 1, 1))
    expect(await asked).toBe('stop')
  })

  it('a subscription that fails is asked for again', async () => {
    let failures = 2
    const client: RedisClient = {
      ...redis.mine,
      subscriber(onMessage) {
        const connection = redis.mine.subscriber(onMessage)
        const subscribe = async (channel: string) => {
          if (failures-- > 0) throw new Error('NOPERM')
          return connection.subscribe(channel)
        }
        return { ...connection, subscribe }
      },
    }
    const clock = manualClock()
    const log = makeLog(client, { clock })
    await log.claim(RUN)
    const first = next(read(log))
    await soon(
      async () => clock.advance(1_000),
      () => failures < 0,
    )
    await redis.subscribed(redis.keys.news)
    await log.append(runId, 1, 1, events(1, 1))
    expect(await first).toEqual(logged(1, 1, 1))
  })

  it('a reader that waits asks for nothing', async () => {
    let asked = 0
    const client: RedisClient = {
      ...redis.mine,
      evalSha(...command) {
        asked += 1
        return redis.mine.evalSha(...command)
      },
    }
    const log = makeLog(client, { clock: manualClock() })
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    const reading = read(log)
    await next(reading)
    const waiting = next(reading)
    await redis.subscribed(redis.keys.news)
    // The looks that its subscription was followed by are over when as many other questions were answered.
    for (let i = 0; i < 5; i++) await log.status(runId)
    asked = 0
    for (let i = 0; i < 20; i++) await log.status(runId)
    expect(asked).toBe(20)
    await log.append(runId, 1, 2, events(2, 2))
    expect(await waiting).toEqual(logged(1, 2, 2))
  })

  it('a producer is told to stop though the message was lost', async () => {
    const clock = manualClock()
    const log = makeLog(redis.mine, { clock })
    await log.claim(RUN)
    const reasons: string[] = []
    log.onCancel!(runId, (reason) => reasons.push(reason), forever)
    await redis.subscribed(redis.keys.cancel)
    // Asked without a message.
    await redis.send('HSET', redis.keys.run, 'cancel', 'stop')
    expect(await log.append(runId, 1, 1, events(1, 1))).toEqual({ cancel: 'stop' })
    expect(await log.renew(runId, 1)).toEqual({ cancel: 'stop' })
    clock.advance(1_000)
    await soon(
      async () => reasons,
      ({ length }) => length > 0,
    )
    clock.advance(5_000)
    // What was looked up by now would have been answered before this.
    await log.status(runId)
    expect(reasons).toEqual(['stop'])
    expect(clock.pending()).toBe(0)
  })

  it('what is disposed of leaves nothing behind, and fails who still reads', async () => {
    const clock = manualClock()
    const log = makeLog(redis.mine, { clock })
    const before = await redis.connections()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    const waiting = read(log)
    await next(waiting)
    const failed = expectCode(next(waiting), 'unavailable')
    const slow = read(log)
    await next(slow)
    log.onCancel!(runId, () => {}, forever)
    await redis.subscribed(redis.keys.cancel)
    expect(await redis.connections()).toBe(before + 1)
    expect(clock.pending()).toBeGreaterThan(0)
    await log.dispose()
    await failed
    expect(clock.pending()).toBe(0)
    await expectCode(next(slow), 'unavailable')
    await expectCode(readAll(log, runId), 'unavailable')
    expect(clock.pending()).toBe(0)
    await soon(redis.connections, (count) => count === before)
    // What is the store's stays.
    expect(await log.status(runId)).toMatchObject({ tail: 1, status: 'open' })
  })

  it('a slow reader is a reader', async () => {
    const clock = manualClock()
    const log = makeLog(redis.mine, { clock, pollMs: 20 })
    const unreadMs = async () => (await log.status(runId))!.unreadMs
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    const slow = read(log)
    await next(slow)
    // It has gone, as far as one can tell: it was not heard of for three looks.
    await soon(unreadMs, (ms) => ms > 0)
    clock.advance(20)
    expect(await soon(unreadMs, (ms) => ms === 0)).toBe(0)
    await slow.return?.()
  })
})
