import { type ChatClient, chatClient } from '../../chain/transports/chat-client.ts'
import { xhrHttpStream, xhrServerSentEvents } from '@statechat/core'

const connectors = { xhrServerSentEvents, xhrHttpStream }

export type Connector = keyof typeof connectors

const connections = new Map<string, ReturnType<typeof xhrServerSentEvents>>()
const clients: ChatClient[] = []

/** What the test reaches in the page. */
export const bench = {
  clients,
  /** A client of this address; all of one address share a connection. Gives its number. */
  open(name: Connector, url: string): number {
    const connection = connections.get(url) ?? connectors[name](url)
    connections.set(url, connection)
    return clients.push(chatClient(connection)) - 1
  },
}

export type Bench = typeof bench

Object.assign(globalThis, { bench })
