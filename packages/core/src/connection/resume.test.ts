import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../testing/index.ts'
import { encodeNdjson } from '../framing/ndjson.ts'
import { encodeSse } from '../framing/sse.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { textStream } from '../protocol/text-stream.ts'
import type { ConnectContext, Connection, JoinedRun } from './connection.ts'
import type { ConnectionUrl, FetchConnectionOptions } from './fetch-options.ts'
import { fetchHttpStream } from './fetch-http-stream.ts'
import { fetchServerSentEvents } from './fetch-server-sent-events.ts'
import { joinConnection } from './read-connection.ts'
import { bodyOf, contextFor, read, run, serve } from './test-kit.ts'

interface Wire {
  connect: (url: ConnectionUrl, options?: FetchConnectionOptions) => Connection
  type: string
  write: (chunk: Chunk, id: string) => string
}
const WIRES: Record<string, Wire> = {
  'server-sent events': {
    connect: fetchServerSentEvents,
    type: 'text/event-stream',
    write: (chunk, id) => encodeSse({ data: JSON.stringify(chunk), id }),
  },
  'newline-delimited JSON': { connect: fetchHttpStream, type: 'application/x-ndjson', write: encodeNdjson },
}

const EVENTS = run('one ', 'two ', 'three')

describe.each(Object.entries(WIRES))('%s with ids', (_, { connect, type, write }) => {
  const send = (response: ServerResponse, from: number, to: number) => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': type })
    for (let seq = from; seq <= to; seq++) response.write(write(EVENTS[seq - 1]!, `1-${seq}`))
  }
  async function reading(answer: (response: ServerResponse, request: IncomingMessage) => void, context: Partial<ConnectContext> = {}) {
    const seen: { method: string | undefined; query: string; lastEventId: unknown; body: unknown }[] = []
    const url = await serve(async (request, response) => {
      const body = request.method === 'POST' ? await bodyOf(request) : undefined
      seen.push({ method: request.method, query: request.url!.replace('/api/chat', ''), lastEventId: request.headers['last-event-id'], body })
      answer(response, request)
    })
    const cursors: string[] = []
    return { seen, cursors, url, context: { onCursor: (cursor: string) => cursors.push(cursor), ...context } }
  }

  it('tells the position of each read before its chunks', async () => {
    const { url, cursors, context } = await reading((response) => {
      send(response, 1, EVENTS.length)
      response.end()
    })
    const known: (string | undefined)[] = []
    const { text, error } = await read(connect(url), { context, onRead: () => known.push(cursors.at(-1)) })
    expect(error).toBeUndefined()
    expect(text).toBe('one two three')
    expect(cursors.at(-1)).toBe(`1-${EVENTS.length}`)
    expect(known[0]).toMatch(/^1-[1-7]$/)
  })
  it('asks again for the same run after the last position, and skips what it has seen', async () => {
    const { url, seen, context } = await reading(
      (response) => {
        send(response, 2, EVENTS.length)
        response.end()
      },
      { cursor: '1-3' },
    )
    const { text, error, warnings } = await read(connect(url), { context })
    expect(error).toBeUndefined()
    expect(warnings).toEqual([])
    expect(text).toBe('two three')
    expect(seen).toMatchObject([{ method: 'POST', lastEventId: '1-3', body: { runId: 'run-1' } }])
  })
  it('ends when the run is over and nothing came after the position', async () => {
    const { url, context } = await reading((response) => response.writeHead(204).end(), { cursor: '1-7' })
    expect(await read(connect(url), { context })).toMatchObject({ chunks: [] })
    const fresh = await reading((response) => response.writeHead(204).end())
    expect((await read(connect(fresh.url), { context: fresh.context })).error).toMatchObject({ code: 'bad_response' })
  })
  it('takes a gap for a drop, and keeps what came before it', async () => {
    const { url, cursors, context } = await reading((response) => {
      send(response, 1, 3)
      send(response, 5, 6)
      response.end()
    })
    const { text, error } = await read(connect(url), { context })
    expect(error).toMatchObject({ code: 'truncated', message: expect.stringContaining('gap') })
    expect(text).toBe('one ')
    expect(cursors.at(-1)).toBe('1-3')
  })
  it('with ids that only number them is not taken for one that is kept, unless that is said', async () => {
    const numbered = async (options: FetchConnectionOptions) => {
      const { url, cursors, context } = await reading((response) => {
        response.writeHead(200, { 'content-type': type })
        EVENTS.forEach((chunk, i) => response.write(write(chunk, String(i % 2))))
        response.end()
      })
      const { text } = await read(connect(url, options), { context })
      expect(text).toBe('one two three')
      return cursors
    }
    expect(await numbered({})).toEqual([])
    expect((await numbered({ resumable: true })).at(-1)).toBe('0')
  })
  it('can be asked for from the start when the server is known to keep its runs', async () => {
    const { url, cursors, seen, context } = await reading((response) => response.destroy())
    const { error } = await read(connect(url, { resumable: true }), { context })
    expect(error).toMatchObject({ code: 'network' })
    expect(cursors).toEqual([''])
    await read(connect(url, { resumable: true }), { context: { ...context, cursor: '' } })
    expect(seen.map(({ lastEventId }) => lastEventId)).toEqual([undefined, undefined])
    const plain: string[] = []
    await read(connect(url), { context: { onCursor: (cursor) => plain.push(cursor) } })
    expect(plain).toEqual([])
  })
  it('counts silence of a server that can resume as a drop; a heartbeat is no silence', async () => {
    const clock = new SimulatedClock()
    let answer!: ServerResponse
    const { url, cursors, context } = await reading((response) => {
      answer = response
      send(response, 1, 2)
    })
    const heard = watchReads()
    const done = read(connect(url, { clock, fetch: heard.fetch }), { context })
    await heard.next()
    clock.increment(22_500)
    answer.write(type === 'text/event-stream' ? ': keep-alive\n\n' : '\n')
    await heard.next()
    clock.increment(22_500)
    expect(await isOver(done)).toBe(false)
    clock.increment(22_500)
    expect(await isOver(done)).toBe(false)
    clock.increment(22_500)
    expect(await done).toMatchObject({ error: { code: 'truncated', message: expect.stringMatching(/Nothing came for 45 seconds/) } })
    expect(cursors.at(-1)).toBe('1-2')
  })
  it('never counts the silence of a server that says nothing of positions', async () => {
    const clock = new SimulatedClock()
    let answer!: ServerResponse
    const url = await serve((_request, response) => {
      answer = response
      response.writeHead(200, { 'content-type': type })
      response.write(type === 'text/event-stream' ? `data: ${JSON.stringify(EVENTS[0])}\n\n` : `${JSON.stringify(EVENTS[0])}\n`)
    })
    let come = () => {}
    const first = new Promise<void>((resolve) => (come = resolve))
    const done = read(connect(url, { clock }), { onRead: come })
    await first
    clock.increment(10 * 60_000)
    for (const chunk of EVENTS.slice(1))
      answer.write(type === 'text/event-stream' ? `data: ${JSON.stringify(chunk)}\n\n` : `${JSON.stringify(chunk)}\n`)
    answer.end()
    const { text, error } = await done
    expect(error).toBeUndefined()
    expect(text).toBe('one two three')
  })

  describe('join', () => {
    async function joined(connection: Connection, overrides: Partial<ConnectContext> = {}) {
      const log: unknown[] = []
      const context = contextFor({
        onJoin: (found: JoinedRun) => log.push(found),
        onCaughtUp: () => log.push('caught up'),
        onCursor: (cursor) => log.push(cursor),
        ...overrides,
      })
      for await (const chunks of joinConnection(connection, new AbortController().signal, context)) log.push(chunks.map((chunk) => chunk.type).length)
      return log
    }
    it('finds the run of the thread, reads it from its start, and says when it has caught up', async () => {
      let stream!: ServerResponse
      const { url, seen } = await reading((response, request) => {
        if (request.url!.includes('threadId'))
          return response.writeHead(200, { 'content-type': 'application/json' }).end('{"runId":"theirs","tail":3}')
        stream = response
        send(response, 1, 3)
        return undefined
      })
      const log = await joined(connect(`${url}?a=1#part`), {
        onCaughtUp() {
          send(stream, 4, EVENTS.length)
          stream.end()
        },
      })
      expect(seen.map(({ method, query }) => `${method} ${query}`)).toEqual(['GET ?a=1&threadId=thread-1', 'GET ?a=1&runId=theirs&offset=-1'])
      expect(log[0]).toEqual({ runId: 'theirs', isReplay: true })
      expect(log.filter((entry) => typeof entry === 'number').reduce((sum, count) => sum + count, 0)).toBe(EVENTS.length)
    })
    it.each([204, 404, 405])('ends without a chunk when the server answers %i', async (status) => {
      const { url } = await reading((response) => response.writeHead(status).end())
      expect(await joined(connect(url))).toEqual([])
    })
    it('reads a run that was going on when the conversation was stored and has ended meanwhile', async () => {
      const { url, seen } = await reading((response, request) => {
        if (request.url!.includes('threadId')) return response.writeHead(204).end()
        send(response, 1, EVENTS.length)
        return response.end()
      })
      const log = await joined(connect(url), { soughtId: 'stored' })
      expect(seen.map(({ query }) => query)).toEqual(['?threadId=thread-1', '?runId=stored&offset=-1'])
      expect(log[0]).toEqual({ runId: 'stored', isReplay: true })
      expect(log).not.toContain('caught up')
    })
    it.each([204, 404, 410])('ends without a chunk when that run is no longer kept (%i)', async (status) => {
      const { url, seen } = await reading((response, request) => response.writeHead(request.url!.includes('threadId') ? 204 : status).end())
      expect(await joined(connect(url), { soughtId: 'stored' })).toEqual([{ runId: 'stored', isReplay: true }])
      expect(seen).toHaveLength(2)
    })
    it('reads on after a position, with GET', async () => {
      const { url, seen } = await reading((response) => {
        send(response, 4, EVENTS.length)
        response.end()
      })
      await joined(connect(url), { runId: 'theirs', cursor: '1-3' })
      expect(seen).toMatchObject([{ method: 'GET', query: '?runId=theirs&offset=-1', lastEventId: '1-3' }])
    })
    it('that finds something else than a run says so', async () => {
      const { url } = await reading((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
      await expect(joined(connect(url))).rejects.toMatchObject({ code: 'bad_response' })
      const broken = await reading((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"runId":'))
      await expect(joined(connect(broken.url))).rejects.toMatchObject({ code: 'protocol', message: expect.stringContaining('{"runId":') })
    })
    it('of a run that is no longer kept fails with its status', async () => {
      const gone = { error: { code: 'expired', message: 'The run is no longer kept.' } }
      const { url } = await reading((response) => response.writeHead(410, { 'content-type': 'application/json' }).end(JSON.stringify(gone)))
      await expect(joined(connect(url), { cursor: '1-3' })).rejects.toMatchObject({ code: 'http', status: 410, retryable: false })
    })
  })

  describe('cancel', () => {
    it('asks by run and thread, and waits for the answer', async () => {
      let answer!: ServerResponse
      let asked = () => {}
      const arrived = new Promise<void>((resolve) => (asked = resolve))
      const { url, seen } = await reading((response) => {
        answer = response
        asked()
      })
      let isDone = false
      const connection = connect(url, { resumable: true, headers: { authorization: 'me' } })
      const done = connection.cancel!({ runId: 'r/1', threadId: 't&2' }).then(() => (isDone = true))
      await arrived
      expect(seen).toMatchObject([{ method: 'POST', query: '?cancel=r%2F1&threadId=t%262', body: {} }])
      expect(isDone).toBe(false)
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"cancelled"}')
      await done
    })
    it('gives up after ten seconds, and rejects when it is refused', async () => {
      const clock = new SimulatedClock()
      let asked = () => {}
      const arrived = new Promise<void>((resolve) => (asked = resolve))
      const { url } = await reading(() => asked())
      const done = connect(url, { clock, resumable: true }).cancel!({ runId: 'r', threadId: 't' })
      await arrived
      clock.increment(10_000)
      await done
      const refused = await reading((response) => response.writeHead(403).end())
      await expect(connect(refused.url, { resumable: true }).cancel!({ runId: 'r', threadId: 't' })).rejects.toMatchObject({
        code: 'http',
        status: 403,
      })
    })
    it('asks a server that has shown that it keeps runs as ours do, and no other: that one would take it for a message', async () => {
      const asks = async (name: (seq: number) => string) => {
        const { url, seen, context } = await reading((response, request) => {
          if (request.url!.includes('cancel')) return response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
          response.writeHead(200, { 'content-type': type })
          EVENTS.forEach((chunk, i) => response.write(write(chunk, name(i + 1))))
          response.end()
        })
        const connection = connect(url)
        await connection.cancel!({ runId: 'r', threadId: 't' })
        expect(seen).toEqual([])
        expect((await read(connection, { context })).text).toBe('one two three')
        await connection.cancel!({ runId: 'r', threadId: 't' })
        return seen.length - 1
      }
      expect(await asks((seq) => `1-${seq}`)).toBe(1)
      // As TanStack AI's servers name events: a run can be asked for again, and cannot be cancelled.
      expect(await asks((seq) => `memory:v1:run-1:${seq}`)).toBe(0)
      expect(await asks((seq) => String(seq))).toBe(0)
    })
    it('gives up after ten seconds, also when it is not told where to ask', async () => {
      const clock = new SimulatedClock()
      const done = connect(() => new Promise<never>(() => {}), { clock, resumable: true }).cancel!({ runId: 'r', threadId: 't' })
      expect(await isOver(done)).toBe(false)
      clock.increment(10_000)
      await done
    })
  })
})

it('a text stream has no positions', async () => {
  const url = await serve((_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('Hello'))
  const cursors: string[] = []
  const { text } = await read(fetchServerSentEvents(url, { protocol: textStream() }), { context: { onCursor: (cursor) => cursors.push(cursor) } })
  expect(text).toBe('Hello')
  expect(cursors).toEqual([])
})

/** A `fetch` of which a test can await each read. */
function watchReads() {
  let wake = () => {}
  const next = () => new Promise<void>((resolve) => (wake = resolve))
  let waiting = next()
  const pass = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        controller.enqueue(bytes)
        setImmediate(wake)
      },
    })
  return {
    fetch: async (...call: Parameters<typeof globalThis.fetch>) => {
      const response = await fetch(...call)
      return new Response(response.body!.pipeThrough(pass()), response)
    },
    async next() {
      await waiting
      waiting = next()
    },
  }
}

async function isOver(work: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void work.finally(() => (isDone = true))
  await new Promise((resolve) => setImmediate(resolve))
  return isDone
}
