import type { Clock } from '../clock.ts'
import type { RedisClient, RedisSubscriber } from './client.ts'

/** Wake-ups over one connection for all runs. They may be lost, and come for nothing: who is woken looks. */
export interface News {
  /** Calls back at each message of the channel, when it is subscribed to, and every `pollMs`. Returns what ends it. */
  listen(channel: string, listener: () => void): () => void
  /** Calls everybody back a last time. */
  dispose(): Promise<void>
}

interface Channel {
  listeners: Set<() => void>
  isSubscribed: boolean
  timer: unknown
}

export function news(client: RedisClient, { clock, pollMs }: { clock: Clock; pollMs: number }): News {
  const channels = new Map<string, Channel>()
  let connection: RedisSubscriber | undefined

  const tell = (name: string) => {
    for (const listener of channels.get(name)?.listeners ?? []) listener()
  }

  function subscribe(name: string, channel: Channel): void {
    connection ??= client.subscriber(tell)
    const onSubscribed = () => {
      if (channels.get(name) !== channel) return
      channel.isSubscribed = true
      // What came between the first look and now was not heard.
      tell(name)
    }
    connection.subscribe(name).then(onSubscribed, () => {})
  }

  function open(name: string): Channel {
    const tick = () => {
      channel.timer = clock.setTimeout(tick, pollMs)
      if (!channel.isSubscribed) subscribe(name, channel)
      tell(name)
    }
    const channel: Channel = { listeners: new Set(), isSubscribed: false, timer: clock.setTimeout(tick, pollMs) }
    channels.set(name, channel)
    subscribe(name, channel)
    return channel
  }

  function close(name: string, channel: Channel): void {
    channels.delete(name)
    clock.clearTimeout(channel.timer)
    connection?.unsubscribe(name).catch(() => {})
  }

  return {
    listen(name, listener) {
      const channel = channels.get(name) ?? open(name)
      channel.listeners.add(listener)
      return () => {
        if (channel.listeners.delete(listener) && channel.listeners.size === 0) close(name, channel)
      }
    },
    async dispose() {
      for (const [name, channel] of channels) {
        tell(name)
        close(name, channel)
      }
      const last = connection
      connection = undefined
      await last?.close()
    },
  }
}
