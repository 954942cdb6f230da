import type { Connection } from '@statechat/core'
import { onTestFinished } from 'vitest'
import { chatClient } from './chat-client.ts'
import type { Client } from './peer.ts'

/** A client in this process, for the length of the test. */
export function clientOf(connection: Connection): Client {
  const client = chatClient(connection)
  onTestFinished(() => client.dispose())
  return client
}

/** Clients of one address, all with the same connection. */
export function sharing(connect: (url: string) => Connection): (url: string) => Client {
  let connection: Connection | undefined
  return (url) => clientOf((connection ??= connect(url)))
}
