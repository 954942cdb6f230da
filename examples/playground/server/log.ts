import { memoryRunLog, type RunLog } from '@statechat/server'
import { fromIoredis, redisRunLog } from '@statechat/server/redis'
import { Redis } from 'ioredis'

const { REDIS_URL, RUN_LEASE_MS = '15000' } = process.env

/** With a `REDIS_URL` the runs outlive this process; without one they are in its memory. `RUN_LEASE_MS`: how soon it counts as gone. */
export const log: RunLog = REDIS_URL ? inRedis(REDIS_URL) : memoryRunLog()

function inRedis(url: string): RunLog {
  const redis = new Redis(url)
  redis.on('error', (error) => console.error(`[redis] ${error.message}`))
  const kept = redisRunLog(fromIoredis(redis), { leaseMs: Number(RUN_LEASE_MS) })
  return {
    ...kept,
    async dispose() {
      await kept.dispose()
      redis.disconnect()
    },
  }
}
