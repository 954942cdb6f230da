import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { fromIoredis, fromNodeRedis, type RedisClient } from '../../src/redis/index.ts'

export interface Connection {
  client: RedisClient
  /** Any command, for what a log does not do. */
  send(...command: string[]): Promise<unknown>
  close(): Promise<void>
}

/** One connection with each of the two packages. `isImpatient`: fails at once while there is no connection. */
export const packages: Record<'ioredis' | 'redis', (port: number, isImpatient?: boolean) => Promise<Connection>> = {
  async ioredis(port, isImpatient = false) {
    const redis = new Redis({ port, retryStrategy: () => 20, ...(isImpatient && { maxRetriesPerRequest: 0 }) })
    redis.on('error', () => {})
    await redis.ping()
    return {
      client: fromIoredis(redis),
      send: (name, ...args) => redis.call(name!, ...args),
      close: async () => redis.disconnect(),
    }
  },
  async redis(port, isImpatient = false) {
    const client = createClient({ socket: { port, reconnectStrategy: () => 20 }, disableOfflineQueue: isImpatient })
    client.on('error', () => {})
    await client.connect()
    return {
      client: fromNodeRedis(client),
      send: (...command) => client.sendCommand(command),
      close: async () => client.destroy(),
    }
  },
}
export const packageNames = ['ioredis', 'redis'] as const
