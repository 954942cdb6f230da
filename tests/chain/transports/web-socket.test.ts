import type { Chunk, Connection } from '@statechat/core'
import { run as wholeRun, SimulatedClock, text } from '@statechat/core/testing'
import { ai } from '@statechat/server'
import { scripted } from '@statechat/server/scripted'
import { chat as tanstackChat, toWebSocketStream as theirWebSocketStream } from '@tanstack/ai'
import { webSocket as theirWebSocket } from '@tanstack/ai-client'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { addressOf, listen, serveNode } from '../support/serve.ts'
import { link } from '../support/proxy.ts'
import { open, openParts, textOf, transcript, until, untilSaid } from '../support/session.ts'
import { chatClient } from './chat-client.ts'
import { webSocket, type WebSocketOptions } from '@statechat/core'
import { toWebSocketStream, type WebSocketHandler, type WebSocketStreamOptions } from '@statechat/server/web-socket'
import { inbox } from './peer.ts'
import { serveSockets } from './socket-peer.ts'

const model = (...script: string[]) => ai(scripted({ delayMs: 0, chunkSize: 4, script }), { onError: () => {} })

/** Our server for sockets. Counts them. */
async function ourSockets(handler: WebSocketHandler, options?: WebSocketStreamOptions) {
  const sockets: WebSocket[] = []
  const url = await serveSockets((socket) => {
    sockets.push(socket)
    toWebSocketStream(socket, handler, { onError: () => {}, ...options })
  })
  return { url, sockets }
}

function connectTo(url: string, options?: WebSocketOptions) {
  const connection = webSocket(url, { WebSocketImpl: WebSocket, ...options })
  onTestFinished(() => connection.close())
  return connection
}

/** A handler whose runs are answered by hand. */
function byHand() {
  const runs = inbox<{
    runId: string
    say(...chunks: object[]): void
    end(): void
    fail(error: Error): void
    aborted: Promise<void>
    signal: AbortSignal
  }>()
  const handler: WebSocketHandler = ({ runId, signal }) => {
    let push: ReadableStreamDefaultController<Chunk>
    const source = new ReadableStream<Chunk>({ start: (controller) => void (push = controller) })
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    runs.put({
      runId,
      signal,
      aborted,
      say: (...chunks) => chunks.forEach((chunk) => push.enqueue(chunk as Chunk)),
      end: () => push.close(),
      fail: (error) => push.error(error),
    })
    return source
  }
  return { handler, next: runs.next }
}

const begin = (runId: string, said: string) => [
  { type: 'RUN_STARTED', threadId: 't', runId },
  { type: 'TEXT_MESSAGE_START', messageId: `m-${runId}`, role: 'assistant' },
  { type: 'TEXT_MESSAGE_CONTENT', messageId: `m-${runId}`, delta: said },
]

/** A client that knows nothing but the messages. */
async function rawClient(url: string) {
  const socket = new WebSocket(url)
  const messages = inbox<Record<string, unknown>>()
  socket.on('message', (data: Buffer) => messages.put(JSON.parse(data.toString()) as Record<string, unknown>))
  await once(socket, 'open')
  onTestFinished(() => socket.terminate())
  return { socket, next: messages.next, send: (value: unknown) => socket.send(typeof value === 'string' ? value : JSON.stringify(value)) }
}
const request = {
  threadId: 't',
  runId: 'r',
  messages: [{ id: 'u', role: 'user', content: 'Hello' }],
  tools: [],
  context: [],
  state: {},
  forwardedProps: {},
}

describe('webSocket() and our server', () => {
  it('run ten chats at once on one socket, each with its own answer', async () => {
    const { url, sockets } = await ourSockets(({ input: { messages, threadId, runId }, signal }) =>
      model(`You said ${String((messages[0] as { content: unknown }).content)}`).chat({ messages, threadId, runId, signal }),
    )
    const connection = connectTo(url)
    const turns = Array.from({ length: 10 }, (_, i) => open({ connection }).chat.sendMessage(`number ${i}`))
    expect((await Promise.all(turns)).map(({ message }) => textOf(message))).toEqual(Array.from({ length: 10 }, (_, i) => `You said number ${i}`))
    expect(sockets).toHaveLength(1)
  })

  it('stop a run and keep the socket for the next one', async () => {
    const { handler, next } = byHand()
    const { url, sockets } = await ourSockets(handler)
    const { chat } = open({ connection: connectTo(url) })
    void chat.sendMessage('Hello')
    const first = await next()
    first.say(...begin(first.runId, 'So far'))
    await untilSaid(chat, 'So far')
    chat.stop()
    await first.aborted
    const turn = chat.sendMessage('Again')
    const second = await next()
    second.say(...begin(second.runId, 'Done'), { type: 'TEXT_MESSAGE_END', messageId: `m-${second.runId}` })
    second.say({ type: 'RUN_FINISHED', threadId: 't', runId: second.runId })
    second.end()
    expect((await turn).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: So far', 'user: Again', 'assistant: Done'])
    expect(sockets).toHaveLength(1)
  })

  it('end every run when the socket breaks, and open another one for the retry', async () => {
    const { handler, next } = byHand()
    const { url, sockets } = await ourSockets(handler)
    const connection = connectTo(url)
    const [one, two] = [open({ connection }).chat, open({ connection }).chat]
    const turns = [one.sendMessage('One'), two.sendMessage('Two')]
    const [first, second] = [await next(), await next()]
    first.say(...begin(first.runId, 'So far'))
    await Promise.race([untilSaid(one, 'So far'), untilSaid(two, 'So far')])
    sockets[0]!.terminate()
    await Promise.all([first.aborted, second.aborted])
    expect((await Promise.all(turns)).map(({ error }) => error?.code).sort()).toEqual(['network', 'truncated'])
    const retried = one.retry()
    const again = await next()
    again.say(...wholeRun(text('m', 'Whole'), { finishReason: 'stop' }))
    again.end()
    expect((await retried).outcome).toBe('finished')
    expect(sockets).toHaveLength(2)
  })

  it('report what a handler throws as a failed run that gives nothing away, and a run that ends too early', async () => {
    const seen: unknown[] = []
    let turn = 0
    const { url } = await ourSockets(
      () => {
        turn += 1
        if (turn === 1) throw new Error('secret')
        return begin('r', 'So far') as Chunk[]
      },
      { onError: (error) => void seen.push(error) },
    )
    const { chat } = open({ connection: connectTo(url) })
    const { error } = await chat.sendMessage('Hello')
    expect(error).toMatchObject({ code: 'server', serverCode: 'internal', retryable: true })
    expect(error?.message).not.toContain('secret')
    expect(seen).toMatchObject([{ message: 'secret' }])
    expect((await chat.retry()).error).toMatchObject({ code: 'server', serverCode: 'incomplete' })
    expect(openParts(chat)).toEqual([])
  })

  it('refuse a request that is too long with 413, and one that is none with 400', async () => {
    const { url } = await ourSockets(() => [], { maxLength: 2000 })
    const { chat } = open({ connection: connectTo(url) })
    expect((await chat.sendMessage('x'.repeat(3000))).error).toMatchObject({ code: 'http', status: 413, serverCode: 'too_large', retryable: false })
    const raw = await rawClient(url)
    raw.send({ type: 'run', runId: 'r', messages: 'none' })
    expect(await raw.next()).toMatchObject({
      type: 'error',
      runId: 'r',
      error: { code: 'bad_request', status: 400, message: expect.stringContaining('messages') as string },
    })
  })

  it('say, without a log, that no run is kept', async () => {
    const { handler } = byHand()
    const { url } = await ourSockets(handler)
    const raw = await rawClient(url)
    raw.send({ type: 'active', threadId: 't' })
    expect(await raw.next()).toEqual({ type: 'active', threadId: 't', runId: null, tail: 0 })
    raw.send({ type: 'cancel', runId: 'r', threadId: 't' })
    expect(await raw.next()).toMatchObject({ type: 'cancelled', runId: 'r', status: 'refused', error: { code: 'unknown_run', status: 404 } })
    raw.send({ type: 'join', runId: 'r' })
    expect(await raw.next()).toMatchObject({
      type: 'error',
      runId: 'r',
      error: { code: 'unknown_run', message: expect.stringContaining('no log') as string },
    })
  })

  it('end the runs of a server that shuts down with an error that can be retried', async () => {
    const shutdown = new AbortController()
    const { handler, next } = byHand()
    const { url } = await ourSockets(handler, { signal: shutdown.signal })
    const { chat } = open({ connection: connectTo(url) })
    const turn = chat.sendMessage('Hello')
    const call = await next()
    call.say(...begin(call.runId, 'So far'))
    await untilSaid(chat, 'So far')
    shutdown.abort()
    expect((await turn).error).toMatchObject({ code: 'server', serverCode: 'aborted', retryable: true })
  })

  it('ask the model for no more than a client reads', async () => {
    let asked = 0
    const chunk = 'x'.repeat(10_000)
    const rests = inbox<() => void>()
    const clock = { setTimeout: (fn: () => void) => rests.put(fn), clearTimeout: () => {} }
    const handler = async function* ({ runId }: { runId: string }) {
      yield* begin(runId, '') as Chunk[]
      for (; asked < 2000; asked++) yield { type: 'TEXT_MESSAGE_CONTENT', messageId: `m-${runId}`, delta: chunk } as const
      yield { type: 'RUN_FINISHED', threadId: 't', runId } as const
    }
    const { url, sockets } = await ourSockets(handler, { clock, heartbeatMs: 0 })
    const raw = await rawClient(url)
    raw.socket.pause()
    raw.send({ ...request, type: 'run' })
    for (const wakes of [0, 1, 2]) {
      const goOn = await rests.next()
      const before = asked
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
      expect(asked, `after ${wakes} looks`).toBe(before)
      goOn()
    }
    expect(asked).toBeLessThan(2000)
    expect(sockets[0]!.bufferedAmount).toBeLessThan(64 * 1024 + 2 * chunk.length)

    raw.socket.resume()
    void (async () => {
      for (;;) {
        const goOn = await rests.next()
        setImmediate(goOn)
      }
    })()
    let received = 0
    for (let message = await raw.next(); message['type'] !== 'end'; message = await raw.next()) received += 1
    expect(received).toBe(3 + 2000 + 1)
  })

  it('never take an answer for whole that is cut, at whatever byte, and read it byte by byte', { timeout: 60_000 }, async () => {
    const said = 'a ö € 🎉.'
    const { url } = await ourSockets(({ runId }) => [...begin(runId, said), { type: 'RUN_FINISHED', threadId: 't', runId }] as Chunk[])
    const whole = await link(url, { piece: 1 })
    const reading = async (at: string) => {
      const connection = webSocket(at.replace('http', 'ws'), { WebSocketImpl: WebSocket })
      const client = chatClient(connection)
      const turn = await client.read()
      client.dispose()
      connection.close()
      return turn
    }
    expect(await reading(whole.url)).toEqual({ outcome: 'finished', text: said })
    const bytes = whole.received[0]!
    const finish = bytes.indexOf('RUN_FINISHED')
    for (let cutAfter = bytes.indexOf('\r\n\r\n'); cutAfter < bytes.length; cutAfter++) {
      const cut = await link(url, { cutAfter })
      const { outcome, text: came, error } = await reading(cut.url)
      expect(said.startsWith(came)).toBe(true)
      if (cutAfter <= finish) expect(outcome, `cut at ${cutAfter}`).toBe('failed')
      const code = cutAfter <= bytes.indexOf('RUN_STARTED') ? 'network' : expect.stringMatching(/network|truncated/)
      if (outcome === 'failed') expect(error?.code).toEqual(code)
      await cut.close()
    }
  })
})

describe('webSocket()', () => {
  it('asks a server that has been silent for 35 seconds, and gives it up after ten more', async () => {
    const clock = new SimulatedClock()
    const pings = inbox<string>()
    const runs = inbox<string>()
    let socket!: WebSocket
    const url = await serveSockets((each) => {
      socket = each
      each.on('message', (data: Buffer) => {
        const { type, runId } = JSON.parse(data.toString()) as { type: string; runId: string }
        if (type === 'ping') pings.put(type)
        else runs.put(runId)
      })
    })
    const { chat } = open({ connection: connectTo(url, { clock }) })
    const turn = chat.sendMessage('Hello')
    const runId = await runs.next()
    for (const chunk of begin(runId, 'So far')) socket.send(JSON.stringify({ type: 'chunk', runId, chunk }))
    await untilSaid(chat, 'So far')
    clock.increment(35_000)
    expect(pings.count()).toBe(0)
    clock.increment(35_000)
    await pings.next()
    socket.send('{"type":"pong"}')
    socket.send(JSON.stringify({ type: 'chunk', runId, chunk: { type: 'TEXT_MESSAGE_CONTENT', messageId: `m-${runId}`, delta: ' still' } }))
    await untilSaid(chat, 'So far still')
    clock.increment(10_000)
    expect(chat.getSnapshot().status).toBe('streaming')
    clock.increment(35_000)
    await pings.next()
    const closed = once(socket, 'close')
    clock.increment(10_000)
    expect((await turn).error).toMatchObject({ code: 'truncated', retryable: true, message: expect.stringContaining('silent') as string })
    await closed
  })

  it('closes its socket a minute after the last run, not while there is one, and at once when it is told', async () => {
    const clock = new SimulatedClock()
    const { handler, next } = byHand()
    const { url, sockets } = await ourSockets(handler)
    const connection = connectTo(url, { clock, heartbeatMs: 0 })
    const { chat } = open({ connection })
    const once1 = async () => {
      const turn = chat.sendMessage('Hello')
      const call = await next()
      clock.increment(100_000)
      call.say(...wholeRun(text(`m-${call.runId}`, 'Hi'), { finishReason: 'stop' }))
      call.end()
      expect((await turn).outcome).toBe('finished')
    }
    await once1()
    clock.increment(59_000)
    await once1()
    expect(sockets).toHaveLength(1)
    const closed = once(sockets[0]!, 'close')
    clock.increment(60_000)
    await closed
    await once1()
    expect(sockets).toHaveLength(2)
    const other = open({ connection }).chat
    const turns = [chat.sendMessage('Hello'), other.sendMessage('Hello')]
    const calls = [await next(), await next()]
    for (const [i, call] of calls.entries()) {
      call.say(...wholeRun(text(`m-${call.runId}`, 'Hi'), { finishReason: 'stop' }))
      call.end()
      await Promise.race(turns)
      clock.increment(i === 0 ? 100_000 : 0)
    }
    expect((await Promise.all(turns)).map(({ outcome }) => outcome)).toEqual(['finished', 'finished'])
    expect(sockets).toHaveLength(2)
    const closedToo = once(sockets[1]!, 'close')
    connection.close()
    await closedToo
  })

  it.each([
    ['refuses the upgrade', () => serveNode((_, response) => void response.writeHead(401).end())],
    ['is not there', async () => 'http://127.0.0.1:9'],
  ])('has no answer from a server that %s', async (_, serve) => {
    const { chat } = open({ connection: connectTo((await serve()).replace('http', 'ws')) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'network', retryable: true })
  })

  it('asks for its address once a socket, takes http for ws, and says what is wrong with an address', async () => {
    const { url } = await ourSockets(({ runId }) => wholeRun(text(`m-${runId}`, 'Hi'), { finishReason: 'stop' }))
    let asked = 0
    const own = webSocket(async () => `${url.replace('ws', 'http')}?token=${++asked}`, { WebSocketImpl: WebSocket })
    onTestFinished(() => own.close())
    const { chat } = open({ connection: own })
    await chat.sendMessage('One')
    expect((await chat.sendMessage('Two')).outcome).toBe('finished')
    expect(asked).toBe(1)
    own.close()
    await chat.sendMessage('Three')
    expect(asked).toBe(2)
    const wrong = open({ connection: webSocket('/relative', { WebSocketImpl: WebSocket }) }).chat
    expect((await wrong.sendMessage('Hello')).error).toMatchObject({
      code: 'connection',
      retryable: false,
      message: expect.stringContaining('/relative') as string,
    })
    const throwing = webSocket(() => Promise.reject(new Error('no token')), { WebSocketImpl: WebSocket })
    expect((await open({ connection: throwing }).chat.sendMessage('Hello')).error).toMatchObject({
      code: 'connection',
      message: expect.stringContaining('no token') as string,
    })
  })

  it('takes a whole answer for whole though the socket closes before its end, and says with what it closed if it is not', async () => {
    const whole = wholeRun(text('m', 'Hi'), { finishReason: 'stop' })
    let sent = whole
    const url = await serveSockets((socket) =>
      socket.on('message', (data: Buffer) => {
        const { runId } = JSON.parse(data.toString()) as { runId: string }
        for (const chunk of sent) socket.send(JSON.stringify({ type: 'chunk', runId, chunk }))
        socket.close(1012, 'restarting')
      }),
    )
    const { chat } = open({ connection: connectTo(url) })
    expect((await chat.sendMessage('Hello')).outcome).toBe('finished')
    sent = whole.slice(0, -1)
    const { error } = await chat.sendMessage('Hello')
    expect(error).toMatchObject({ code: 'truncated', message: expect.stringContaining('1012: restarting') as string })
  })

  it('asks for nothing when the run was stopped before the socket was open, and uses it for the next', async () => {
    const upgrades = inbox<() => void>()
    const asked = inbox<{ type: string; messages: { content: string }[]; runId: string }>()
    const sockets = new WebSocketServer({ noServer: true })
    const server = createServer().on('upgrade', (request, socket, head) =>
      upgrades.put(() =>
        sockets.handleUpgrade(request, socket, head, (each) => {
          each.on('message', (data: Buffer) => {
            const message = JSON.parse(data.toString()) as { type: string; messages: { content: string }[]; runId: string }
            asked.put(message)
            const { runId } = message
            for (const chunk of wholeRun(text('m', 'Hi'), { finishReason: 'stop' })) each.send(JSON.stringify({ type: 'chunk', runId, chunk }))
            each.send(JSON.stringify({ type: 'end', runId }))
          })
        }),
      ),
    )
    await listen(server)
    const connection = connectTo(addressOf(server))
    onTestFinished(async () => {
      connection.close()
      await new Promise((resolve) => server.close(resolve))
    })
    const { chat } = open({ connection })
    const first = chat.sendMessage('One')
    const upgrade = await upgrades.next()
    chat.stop()
    expect((await first).outcome).toBe('stopped')
    const second = chat.sendMessage('Two')
    upgrade()
    expect((await second).outcome).toBe('finished')
    expect([(await asked.next()).messages.at(-1)?.content, asked.count(), upgrades.count()]).toEqual(['Two', 1, 1])
  })

  it('does not know whose a garbled message is when there are several runs, and says so', async () => {
    const { handler, next } = byHand()
    const { url, sockets } = await ourSockets(handler)
    const connection = connectTo(url)
    const sessions = [open({ connection }), open({ connection })]
    const turns = sessions.map(({ chat }) => chat.sendMessage('Hello'))
    const calls = [await next(), await next()]
    sockets[0]!.send('{"type":')
    for (const call of calls) {
      call.say(...wholeRun(text(`m-${call.runId}`, 'Hi'), { finishReason: 'stop' }))
      call.end()
    }
    expect((await Promise.all(turns)).map(({ outcome }) => outcome)).toEqual(['finished', 'finished'])
    expect(sessions.map(({ warnings }) => warnings)).toMatchObject([[{ code: 'stray_chunk' }], [{ code: 'stray_chunk' }]])
  })
})

describe('toWebSocketStream()', () => {
  it('answers pings, sends its own, and gives up a client that answers none of them', async () => {
    const clock = new SimulatedClock()
    const { handler, next } = byHand()
    const { url } = await ourSockets(handler, { clock })
    const raw = await rawClient(url)
    raw.send({ type: 'ping' })
    expect(await raw.next()).toEqual({ type: 'pong' })
    raw.send({ ...request, type: 'run' })
    const call = await next()
    clock.increment(30_000)
    expect(await raw.next()).toEqual({ type: 'ping', id: 1 })
    raw.send({ type: 'pong', id: 1 })
    raw.send({ type: 'ping' })
    expect(await raw.next()).toEqual({ type: 'pong' })
    clock.increment(30_000)
    expect(await raw.next()).toEqual({ type: 'ping', id: 2 })
    const closed = once(raw.socket, 'close')
    clock.increment(30_000)
    await closed
    await call.aborted
  })

  it('keeps a client that answers its pings, as ours does', async () => {
    const clock = new SimulatedClock()
    const { handler, next } = byHand()
    const { url, sockets } = await ourSockets(handler, { clock })
    const { chat } = open({ connection: connectTo(url) })
    const turn = chat.sendMessage('Hello')
    const call = await next()
    const pongs = inbox<unknown>()
    sockets[0]!.on('message', (data: Buffer) => pongs.put(JSON.parse(data.toString())))
    for (const id of [1, 2, 3]) {
      clock.increment(30_000)
      expect(await pongs.next()).toEqual({ type: 'pong', id })
    }
    call.say(...wholeRun(text('m', 'Hi'), { finishReason: 'stop' }))
    call.end()
    expect((await turn).outcome).toBe('finished')
  })

  it('passes over what is no message, and an abort of a run that it does not know', async () => {
    const { url } = await ourSockets(({ runId }) => wholeRun(text(`m-${runId}`, 'Hi'), { finishReason: 'stop' }))
    const raw = await rawClient(url)
    for (const odd of ['{"type":', '[]', 'null', '{"type":"shout"}', { type: 'abort' }, { type: 'abort', runId: 'none' }]) raw.send(odd)
    raw.socket.send(Buffer.from([1, 2, 3]))
    raw.send({ type: 'ping' })
    expect(await raw.next()).toEqual({ type: 'pong' })
  })

  it('starts a run anew that is asked for again, and lets go of a source that comes after the stop, or hears nothing of it', async () => {
    const calls = inbox<{ signal: AbortSignal; answer(source: AsyncIterable<Chunk>): void }>()
    const { url } = await ourSockets(({ signal }) => new Promise((resolve) => calls.put({ signal, answer: resolve })))
    const raw = await rawClient(url)
    raw.send({ ...request, type: 'run' })
    const first = await calls.next()
    raw.send({ ...request, type: 'run' })
    const second = await calls.next()
    expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false])
    const deaf = () => {
      let leave = () => {}
      const left = new Promise<void>((resolve) => (leave = resolve))
      const iterator = {
        next: () => new Promise<IteratorResult<Chunk>>(() => {}),
        return: async () => {
          leave()
          return { done: true as const, value: undefined }
        },
      }
      return { left, source: { [Symbol.asyncIterator]: () => iterator } }
    }
    const [late, hanging] = [deaf(), deaf()]
    first.answer(late.source)
    await late.left
    second.answer(hanging.source)
    raw.send({ type: 'ping' })
    expect(await raw.next()).toEqual({ type: 'pong' })
    raw.send({ type: 'abort', runId: 'r' })
    await hanging.left
  })
})

describe('TanStack AI', () => {
  it('its webSocket() reads our server, stops a run and goes on on the same socket', async () => {
    const { handler, next } = byHand()
    const { url, sockets } = await ourSockets(handler)
    const theirs = theirWebSocket(url, { WebSocketImpl: WebSocket as never })
    const listening = new AbortController()
    const received = inbox<string>()
    void (async () => {
      for await (const chunk of theirs.subscribe(listening.signal)) received.put(chunk.type === 'TEXT_MESSAGE_CONTENT' ? chunk.delta : chunk.type)
    })()
    const ids = (runId: string) => ({ threadId: 't', runId, clientTools: [], forwardedProps: {} })
    const messages = [{ id: 'u', role: 'user' as const, parts: [{ type: 'text' as const, content: 'Hello' }] }]
    const stop = new AbortController()
    await theirs.send(messages, undefined, stop.signal, ids('r1'))
    const first = await next()
    first.say(...begin('r1', 'So far'))
    for (const expected of ['RUN_STARTED', 'TEXT_MESSAGE_START', 'So far']) expect(await received.next()).toBe(expected)
    stop.abort()
    await first.aborted
    await theirs.send(messages, undefined, new AbortController().signal, ids('r2'))
    const second = await next()
    second.say(...begin('r2', 'Done'), { type: 'TEXT_MESSAGE_END', messageId: 'm-r2' }, { type: 'RUN_FINISHED', threadId: 't', runId: 'r2' })
    second.end()
    for (const expected of ['RUN_STARTED', 'TEXT_MESSAGE_START', 'Done', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
      expect(await received.next()).toBe(expected)
    expect(sockets).toHaveLength(1)
    listening.abort()
    sockets[0]!.terminate()
  })

  it('its webSocket(), which subscribes and sends, is a connection of ours as it is', async () => {
    const { url, sockets } = await ourSockets(({ input: { messages, threadId, runId }, signal }) =>
      model('Hi there').chat({ messages, threadId, runId, signal }),
    )
    const { chat, warnings } = open({ connection: theirWebSocket(url, { WebSocketImpl: WebSocket as never }) as unknown as Connection })
    for (const said of ['One', 'Two']) expect(textOf((await chat.sendMessage(said)).message)).toBe('Hi there')
    expect(warnings).toEqual([])
    expect(sockets).toHaveLength(1)
  })

  it('its toWebSocketStream() is read by our webSocket(), stopped and asked again', async () => {
    const model = {
      kind: 'text',
      name: 'scripted',
      model: 'scripted-1',
      async *chatStream({ threadId = 't', runId = 'r' }: { threadId?: string; runId?: string }) {
        const at = { model: 'scripted-1', timestamp: 1 }
        yield { type: 'RUN_STARTED', threadId, runId, ...at }
        yield { type: 'TEXT_MESSAGE_START', messageId: `m-${runId}`, role: 'assistant', ...at }
        yield { type: 'TEXT_MESSAGE_CONTENT', messageId: `m-${runId}`, delta: 'Sunny.', ...at }
        yield { type: 'TEXT_MESSAGE_END', messageId: `m-${runId}`, ...at }
        yield { type: 'RUN_FINISHED', threadId, runId, finishReason: 'stop', ...at }
      },
    }
    const stopped = inbox<void>()
    let asked = 0
    const url = await serveSockets((socket) =>
      theirWebSocketStream(socket as never, new Request('http://localhost/chat'), {
        onRun({ messages, threadId, runId, signal }) {
          asked += 1
          if (asked > 1) return tanstackChat({ adapter: model as never, messages: messages as never, threadId, runId })
          return (async function* () {
            yield* begin(runId, 'So far') as never[]
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            stopped.put()
          })()
        },
      }),
    )
    const { chat, warnings } = open({ connection: connectTo(url) })
    void chat.sendMessage('Rome?')
    await untilSaid(chat, 'So far')
    chat.stop()
    await stopped.next()
    expect((await chat.sendMessage('And now?')).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: Rome?', 'assistant: So far', 'user: And now?', 'assistant: Sunny.'])
    expect(warnings).toEqual([])
    expect(await until(chat, ({ status }) => status === 'idle')).toMatchObject({ error: null })
  })
})

describe('a look for a run that is going on', () => {
  it('ends at once at a server without a log', async () => {
    const { handler, next } = byHand()
    const { url } = await ourSockets(handler)
    const { chat } = open({ connection: connectTo(url), resume: true })
    chat.attach()
    expect(chat.getSnapshot()).toMatchObject({ status: 'idle', phase: 'restoring' })
    await until(chat, ({ phase }) => phase === 'ready')
    const turn = chat.sendMessage('Hello')
    const run = await next()
    run.say(
      ...begin(run.runId, 'Hi'),
      { type: 'TEXT_MESSAGE_END', messageId: `m-${run.runId}` },
      { type: 'RUN_FINISHED', threadId: 't', runId: run.runId },
    )
    run.end()
    expect((await turn).outcome).toBe('finished')
  })
  it('is given up after ten seconds where nobody knows the question', async () => {
    const clock = new SimulatedClock()
    const asked = inbox<unknown>()
    const url = await serveSockets((socket) => socket.on('message', (data: Buffer) => asked.put(JSON.parse(data.toString()))))
    const { chat, warnings } = open({ threadId: 't', connection: connectTo(url, { clock }), resume: true })
    chat.attach()
    expect(await asked.next()).toEqual({ type: 'active', threadId: 't' })
    clock.increment(9999)
    await new Promise(setImmediate)
    expect(chat.getSnapshot().phase).toBe('restoring')
    clock.increment(1)
    await until(chat, ({ phase }) => phase === 'ready')
    expect(chat.getSnapshot()).toMatchObject({ status: 'idle', error: null })
    expect(warnings).toEqual([])
  })
})
