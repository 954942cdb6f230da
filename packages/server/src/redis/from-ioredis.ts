import type { RedisClient } from './client.ts'

/** What is used of ioredis 5 or later: a `Redis` or a `Cluster`. */
export interface Ioredis {
  evalsha(sha: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>
  eval(script: string, numberOfKeys: number, ...keysAndArgs: string[]): Promise<unknown>
  /** Options for a `Redis`, nodes for a `Cluster`. */
  duplicate(...override: never[]): IoredisSubscriber
}

export interface IoredisSubscriber {
  on(event: 'message', listener: (channel: string) => void): unknown
  on(event: 'error' | 'ready', listener: () => void): unknown
  subscribe(channel: string): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
  disconnect(): void
}

/** Takes a client of the `ioredis` package, which stays yours to close. */
export function fromIoredis(redis: Ioredis): RedisClient {
  return {
    evalSha: (sha, keys, args) => redis.evalsha(sha, keys.length, ...keys, ...args),
    eval: (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args),
    subscriber(onMessage) {
      // Its own way to subscribe again leaves a rejection to nobody when the connection is closed meanwhile. A cluster heeds no options.
      const connection = redis.duplicate({ autoResubscribe: false } as never)
      const channels = new Set<string>()
      connection.on('message', onMessage)
      connection.on('ready', () => {
        for (const channel of channels) connection.subscribe(channel).then(() => onMessage(channel), ignore)
      })
      // Without a listener it is written to the console. It connects again.
      connection.on('error', ignore)
      return {
        subscribe(channel) {
          channels.add(channel)
          return connection.subscribe(channel)
        },
        unsubscribe(channel) {
          channels.delete(channel)
          return connection.unsubscribe(channel)
        },
        close: async () => connection.disconnect(),
      }
    },
  }
}

const ignore = () => {}
