import type { Chunk } from '@statechat/core'
import type { ServerResponse } from 'node:http'
import { bodyOf, serveNode } from '../support/serve.ts'
import { pushConnection, rpcStream } from '@statechat/core'
import { clientOf } from './client-of.ts'
import { inbox, type Peer, type PeerCall, tally } from './peer.ts'

/** A backend that is asked by POST and answers on one event stream for everybody. */
export async function pushPeer(): Promise<Peer> {
  const calls = inbox<PeerCall>()
  const open = tally()
  const streams = new Set<ServerResponse>()
  let leave: (() => void)[] = []
  const url = await serveNode(async (request, response) => {
    if (request.method === 'GET') {
      open.add()
      streams.add(response.writeHead(200, { 'content-type': 'application/x-ndjson' }))
      response.flushHeaders()
      response.on('close', () => {
        streams.delete(response)
        open.remove()
        leave.forEach((each) => each())
        leave = []
      })
      return
    }
    const body = await bodyOf(request)
    const runId = String(body['runId'])
    const write = (text: string) => streams.forEach((stream) => stream.write(text))
    calls.put({
      body,
      closed: new Promise((resolve) => leave.push(resolve)),
      say(...chunks) {
        if (!response.headersSent) response.writeHead(202).end()
        write(chunks.map((chunk) => `${JSON.stringify({ runId, ...chunk })}\n`).join(''))
      },
      raw: () => Promise.reject(new Error('no bytes here')),
      garble: () => write('{}\n'),
      end: () => {},
      cut: () => streams.forEach((stream) => stream.socket?.destroy()),
      refuse: ({ status }) => response.writeHead(status).end(),
    })
  })
  const connection = pushConnection({
    subscribe: async (signal) => lines(await fetch(url, { signal })),
    async send(_messages, _data, signal, { input }) {
      const { ok, status } = await fetch(url, { method: 'POST', body: JSON.stringify(input), signal })
      if (!ok) throw new Error(`refused with ${status}`)
    },
  })
  return { next: calls.next, count: calls.count, allClosed: open.none, client: async () => clientOf(connection) }
}

async function* lines(response: Response): AsyncGenerator<Chunk, void, void> {
  let rest = ''
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + text).split('\n')
    rest = whole.pop()!
    for (const line of whole) yield JSON.parse(line) as Chunk
  }
}

/** A function of a server in this process. */
export async function rpcPeer(): Promise<Peer> {
  const calls = inbox<PeerCall>()
  const open = tally()
  const connection = rpcStream((_messages, _data, signal, { input }) => {
    open.add()
    let push: ReadableStreamDefaultController<unknown>
    let leave = () => {}
    const closed = new Promise<void>((resolve) => (leave = resolve))
    void closed.then(open.remove)
    signal.addEventListener('abort', () => leave())
    const items = new ReadableStream<unknown>({ start: (controller) => void (push = controller), cancel: () => leave() })
    const fail = (message: string) => {
      push.error(new Error(message))
      leave()
    }
    calls.put({
      body: input as unknown as Record<string, unknown>,
      closed,
      say: (...chunks) => chunks.forEach((chunk) => push.enqueue(chunk)),
      raw: () => Promise.reject(new Error('no bytes here')),
      garble: () => push.enqueue('chunk'),
      end() {
        push.close()
        leave()
      },
      cut: () => fail('broken'),
      refuse: ({ message }) => fail(message),
    })
    return items
  })
  return { next: calls.next, count: calls.count, allClosed: open.none, client: async () => clientOf(connection) }
}
