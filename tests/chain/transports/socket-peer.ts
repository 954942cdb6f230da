import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { addressOf, listen } from '../support/serve.ts'
import type { WebSocketConnection } from '@statechat/core'
import { clientOf } from './client-of.ts'
import { inbox, type Peer, type PeerCall, tally } from './peer.ts'

/** A server for sockets that knows nothing but the messages, written by hand. */
export async function socketPeer(connect: (url: string) => WebSocketConnection): Promise<Peer> {
  const calls = inbox<PeerCall>()
  const open = tally()
  const url = await serveSockets((socket) => {
    open.add()
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
    void closed.then(open.remove)
    const aborts = new Map<string, () => void>()
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; runId: string }
      if (message.type === 'abort') aborts.get(message.runId)?.()
      if (message.type !== 'run') return
      const { runId, ...body } = message
      const left = new Promise<void>((resolve) => aborts.set(runId, resolve))
      const send = (value: object) => socket.send(JSON.stringify({ runId, ...value }))
      calls.put({
        body: { ...body, runId },
        closed: Promise.race([left, closed]),
        say: (...chunks) => chunks.forEach((chunk) => send({ type: 'chunk', chunk })),
        raw: () => Promise.reject(new Error('no bytes here')),
        garble: () => socket.send('{"type":'),
        end() {
          send({ type: 'end' })
          aborts.get(runId)?.()
        },
        cut: () => socket.terminate(),
        refuse({ status, message: text, retryAfter }) {
          send({ type: 'error', error: { message: text, status, ...(retryAfter !== undefined && { retryAfter: retryAfter * 1000 }) } })
          aborts.get(runId)?.()
        },
      })
    })
  })
  const connection = connect(url)
  onTestFinished(() => connection.close())
  return {
    next: calls.next,
    count: calls.count,
    client: async () => clientOf(connection),
    async allClosed() {
      connection.close()
      await open.none()
    },
  }
}

/** A real server for sockets on loopback, for the length of the test. Gives its address. */
export async function serveSockets(onSocket: (socket: WebSocket) => void): Promise<string> {
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', onSocket)
  await listen(server)
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate()
    await new Promise((resolve) => server.close(resolve))
  })
  return `${addressOf(server)}/chat`.replace('http', 'ws')
}
