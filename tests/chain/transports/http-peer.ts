import type { ServerResponse } from 'node:http'
import { bodyOf, serveNode } from '../support/serve.ts'
import { type Client, inbox, type Peer, type PeerCall, tally } from './peer.ts'

const HEAD = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': '*',
  'access-control-max-age': '600',
}

/** How chunks are written in an HTTP answer. */
export interface HttpFraming {
  contentType: string
  encode: (chunk: object) => string
  garbage: string
}

export const SSE: HttpFraming = {
  contentType: 'text/event-stream',
  encode: (chunk) => `data: ${JSON.stringify(chunk)}\n\n`,
  garbage: 'data: {"type":\n\n',
}
export const NDJSON: HttpFraming = { contentType: 'application/x-ndjson', encode: (chunk) => `${JSON.stringify(chunk)}\n`, garbage: '{"type":\n' }

/** A server whose answers are written by hand; `toClient` makes a client for its address. */
export async function httpPeer(framing: HttpFraming, toClient: (url: string) => Client | Promise<Client>): Promise<Peer> {
  const calls = inbox<PeerCall>()
  const open = tally()
  const url = await serveNode(async (request, response) => {
    // A browser asks again by itself on a connection that it has used before, if that one breaks.
    if (request.method === 'OPTIONS') return void response.writeHead(204, { ...HEAD, connection: 'close' }).end()
    open.add()
    const closed = new Promise<void>((resolve) => response.on('close', resolve))
    void closed.then(open.remove)
    calls.put({ body: await bodyOf(request), closed, ...answering(response, framing) })
  })
  return { next: calls.next, count: calls.count, allClosed: open.none, client: async () => toClient(url) }
}

function answering(response: ServerResponse, { contentType, encode, garbage }: HttpFraming): Omit<PeerCall, 'body' | 'closed'> {
  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      if (!response.headersSent) response.writeHead(200, { ...HEAD, 'content-type': contentType })
      response.write(bytes, () => setImmediate(resolve))
    })
  return {
    say: (...chunks) => void write(chunks.map(encode).join('')),
    raw: write,
    garble: () => void write(garbage),
    end() {
      if (!response.headersSent) response.writeHead(200, { ...HEAD, 'content-type': contentType })
      response.end()
    },
    cut: () => response.socket?.destroy(),
    refuse({ status, message, retryAfter }) {
      const after = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
      response.writeHead(status, { ...HEAD, ...after, 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }))
    },
  }
}
