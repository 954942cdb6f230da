import { Redis } from 'ioredis'
import { afterEach, expect, it, vi } from 'vitest'
import { fromIoredis, type RedisClient, redisRunLog } from '../../src/redis/index.ts'
import { startRedis } from './redis-server.ts'

afterEach(() => void vi.unstubAllEnvs())

const idle = () => fromIoredis(new Redis({ lazyConnect: true }))

it.each(['leaseMs', 'openTtlMs', 'closedTtlMs', 'pollMs'])('%s is a whole number of milliseconds', (name) => {
  for (const value of [0, -1, 1.5, NaN, Infinity]) {
    const call = () => redisRunLog(idle(), { [name]: value })
    expect(call).toThrow(`${name} is ${value}: it has to be a whole number, 1 or more`)
    expect(call).toThrow(expect.objectContaining({ name: 'ChatError', code: 'misuse' }))
  }
  expect(redisRunLog(idle(), { [name]: 1 })).toBeDefined()
})

it('a bare client of a package is refused with a word on what to do', () => {
  expect(() => redisRunLog(new Redis({ lazyConnect: true }) as unknown as RedisClient)).toThrow('give it fromIoredis(redis) or fromNodeRedis(client)')
})

it('opens no connection of its own before it has to', async () => {
  const redis = new Redis({ lazyConnect: true })
  const duplicate = vi.spyOn(redis, 'duplicate')
  const log = redisRunLog(fromIoredis(redis))
  await log.dispose()
  expect(duplicate).not.toHaveBeenCalled()
  expect(redis.status).toBe('wait')
})

it('these tests fail without a Redis, and say what to install', async () => {
  vi.stubEnv('PATH', '')
  await expect(startRedis()).rejects.toThrow('apt-get install redis-server')
})
