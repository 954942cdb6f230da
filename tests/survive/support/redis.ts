import { Redis } from 'ioredis'
import { fromIoredis, redisRunLog } from '@statechat/server/redis'
import { startRedis } from '../../../packages/server/test/run-log/redis-server.ts'

/** A Redis of its own, and logs in it. */
export async function ownRedis() {
  const server = await startRedis()
  const clients: Redis[] = []
  const url = `redis://127.0.0.1:${server.port}`
  return {
    url,
    log(leaseMs?: number) {
      const client = new Redis(url)
      clients.push(client)
      return redisRunLog(fromIoredis(client), { leaseMs })
    },
    async close() {
      for (const client of clients) client.disconnect()
      await server.kill()
    },
  }
}
