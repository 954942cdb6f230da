import { ChatError } from '@statechat/core/wire'
import { backgroundClock, type Clock } from '../clock.ts'
import type { RedisClient } from './client.ts'

export interface RedisRunLogOptions {
  /** Begins the name of each key and channel. Default: `'statechat'`. */
  prefix?: string | undefined
  /** See `RunLog.leaseMs`. Default: 15,000. */
  leaseMs?: number | undefined
  /** How long an open run is kept after its last sign of life, in milliseconds. Default: an hour. */
  openTtlMs?: number | undefined
  /** How long a run is kept after its end, in milliseconds. Default: 10 minutes. */
  closedTtlMs?: number | undefined
  /** How often readers look whether they are woken or not, in milliseconds: messages of Redis may be lost. Default: 1,000. */
  pollMs?: number | undefined
  clock?: Clock | undefined
}

/** With the defaults, and checked. */
export function settingsOf(client: RedisClient, options: RedisRunLogOptions) {
  const { prefix = 'statechat', leaseMs = 15_000, openTtlMs = 3_600_000, closedTtlMs = 600_000, pollMs = 1_000, clock = backgroundClock } = options
  if (typeof client.subscriber !== 'function') {
    throw new ChatError('misuse', 'redisRunLog() was given no client that it knows: give it fromIoredis(redis) or fromNodeRedis(client)')
  }
  for (const [name, value] of Object.entries({ leaseMs, openTtlMs, closedTtlMs, pollMs })) {
    if (!Number.isInteger(value) || value < 1) throw new ChatError('misuse', `${name} is ${value}: it has to be a whole number, 1 or more`)
  }
  return { prefix, leaseMs, openTtlMs, closedTtlMs, pollMs, clock }
}
