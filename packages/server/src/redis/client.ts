/** What the log asks of a client of Redis: {@link fromIoredis} and {@link fromNodeRedis} make one. */
export interface RedisClient {
  /** EVALSHA. Rejects with Redis' own message, e.g. `NOSCRIPT …`. */
  evalSha(sha: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  /** A connection of its own for subscriptions, opened in the background; it connects and subscribes again by itself. */
  subscriber(onMessage: (channel: string) => void): RedisSubscriber
}

export interface RedisSubscriber {
  /** Rejects if there is no connection; it is asked again then. */
  subscribe(channel: string): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
  close(): Promise<void>
}
