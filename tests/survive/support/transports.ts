import { type Connection, fetchHttpStream, fetchServerSentEvents, webSocket, xhrHttpStream, xhrServerSentEvents } from '@statechat/core'
import { WebSocket } from 'ws'
import { NodeXhr } from './node-xhr.ts'

export interface OpenConnection extends Connection {
  /** Lets go of what is kept open between runs. */
  close?(): void
}

const xhrFactory = () => new NodeXhr() as unknown as XMLHttpRequest

/** Every way of ours from a chat to a server, by name; `url` is `http://…`. */
export const TRANSPORTS = {
  'fetch, server-sent events': (url: string) => fetchServerSentEvents(url, { resumable: true }),
  'fetch, NDJSON': (url: string) => fetchHttpStream(url, { resumable: true }),
  'XMLHttpRequest, server-sent events': (url: string) => xhrServerSentEvents(url, { resumable: true, xhrFactory }),
  'XMLHttpRequest, NDJSON': (url: string) => xhrHttpStream(url, { resumable: true, xhrFactory }),
  WebSocket: (url: string) => webSocket(url.replace('http:', 'ws:'), { resumable: true, WebSocketImpl: WebSocket }),
} satisfies Record<string, (url: string) => OpenConnection>

export type TransportName = keyof typeof TRANSPORTS
export const TRANSPORT_NAMES = Object.keys(TRANSPORTS) as TransportName[]
