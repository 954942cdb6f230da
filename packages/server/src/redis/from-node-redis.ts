import type { RedisClient } from './client.ts'

interface EvalOptions {
  keys: string[]
  arguments: string[]
}

/** What is used of the `redis` package, 4 or later: what `createClient` or `createCluster` gives. */
export interface NodeRedis {
  evalSha(sha: string, options: EvalOptions): Promise<unknown>
  eval(script: string, options: EvalOptions): Promise<unknown>
  duplicate(): NodeRedisSubscriber
}

export interface NodeRedisSubscriber {
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
  /** From version 5 on. */
  destroy?(): void
  disconnect(): Promise<unknown>
}

/** Takes a connected client of the `redis` package, which stays yours to close. */
export function fromNodeRedis(client: NodeRedis): RedisClient {
  return {
    evalSha: (sha, keys, args) => client.evalSha(sha, { keys: [...keys], arguments: [...args] }),
    eval: (script, keys, args) => client.eval(script, { keys: [...keys], arguments: [...args] }),
    subscriber(onMessage) {
      const connection = client.duplicate()
      // Without a listener it ends the process. It connects again.
      connection.on('error', () => {})
      const listener = (_: string, channel: string) => onMessage(channel)
      let connecting: Promise<unknown> | undefined
      const connected = () => {
        connecting ??= connection.connect().catch((error: unknown) => {
          connecting = undefined
          throw error
        })
        return connecting
      }
      const end = async () => (connection.destroy ? connection.destroy() : await connection.disconnect())
      return {
        subscribe: async (channel) => connected().then(() => connection.subscribe(channel, listener)),
        unsubscribe: async (channel) => connected().then(() => connection.unsubscribe(channel)),
        async close() {
          // One that is destroyed while it is being made is made all the same (redis 6.3), and has to be destroyed again.
          connecting?.then(end).catch(() => {})
          await end()
        },
      }
    },
  }
}
