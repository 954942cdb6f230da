import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { chatHandler, type RunLog } from '@statechat/server'
import { toWebSocketStream } from '@statechat/server/web-socket'
import { WebSocketServer } from 'ws'
import { model, type ModelHooks } from './model.ts'

export interface ChatServer {
  readonly port: number
  /** `http://127.0.0.1:<port>/api/chat`; WebSockets are taken there too. */
  readonly url: string
  /** What waits in this process for readers to take it, in bytes, each connection by itself. */
  unread(): number[]
  /** Resolves when no run is being made here. */
  settled(): Promise<void>
  /** The graceful end of a deployment: resolves when the runs that are made here have ended, and nobody reads here any more. */
  drain(): Promise<void>
  /** The quick one: ends runs and readers; resolves when they have. */
  shutdown(): Promise<void>
  close(): Promise<void>
}

export interface ServerOptions {
  log: RunLog
  hooks: ModelHooks
  port?: number | undefined
}

/** The server of an app on loopback: a model behind a log, over HTTP and WebSocket. */
export async function startServer({ log, hooks, port = 0 }: ServerOptions): Promise<ChatServer> {
  const ending = new AbortController()
  const making = new Set<Promise<unknown>>()
  const sockets = new Set<Socket>()
  const waitUntil = (run: Promise<unknown>) => {
    making.add(run)
    void run.finally(() => making.delete(run))
  }
  const options = { log, signal: ending.signal, waitUntil, authorize: () => true, onError: (error: unknown) => String(error) }
  const answering = model(hooks)
  const handler = chatHandler({ ...options, model: answering })

  const server = createServer(getRequestListener(handler))
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const webSockets = new WebSocketServer({ server, perMessageDeflate: false })
  webSockets.on('connection', (socket) => {
    toWebSocketStream(socket, ({ input: { messages, threadId, runId }, signal }) => answering.chat({ messages, threadId, runId, signal }), options)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.address() as AddressInfo).port

  const settled = async () => {
    while (making.size > 0) await Promise.all(making)
  }
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/api/chat`,
    unread: () => [...sockets].map(({ writableLength }) => writableLength),
    settled,
    drain: handler.drain,
    async shutdown() {
      ending.abort()
      await settled()
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of webSockets.clients) socket.terminate()
      webSockets.close()
      server.closeAllConnections()
      await closed
    },
  }
}
