import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { memoryRunLog, RunLogError } from '../src/index.ts'
import { toWebSocketStream, type WebSocketStreamOptions } from '../src/web-socket/index.ts'
import { byHand, closed, finished, opened, said, started } from './support/by-hand.ts'
import { body } from './support/chat-server.ts'
import { until } from './support/until.ts'

type Frame = Record<string, unknown>

/** A server whose runs are answered by hand, and clients that know nothing but the messages. */
async function sockets(options: WebSocketStreamOptions = {}) {
  const hand = byHand()
  const log = options.log ?? memoryRunLog()
  const server = createServer()
  new WebSocketServer({ server }).on('connection', (socket) => {
    toWebSocketStream(socket, hand.model, { log, authorize: () => true, onError: () => {}, ...options })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  async function connect() {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const frames: Frame[] = []
    let wake = () => {}
    socket.on('message', (data: Buffer) => {
      frames.push(JSON.parse(data.toString()) as Frame)
      wake()
    })
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')
    const next = async (): Promise<Frame> => {
      while (frames.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return frames.shift()!
    }
    return {
      socket,
      next,
      send: (frame: Frame) => socket.send(JSON.stringify(frame)),
      async take(count: number) {
        const taken: Frame[] = []
        while (taken.length < count) taken.push(await next())
        return taken
      },
    }
  }
  return { hand, log, connect }
}
const runFrame = { type: 'run', ...body() }
const framed = (...chunks: object[]) => chunks.map((chunk, i) => ({ type: 'chunk', runId: 'r', id: `1-${i + 1}`, chunk }))
const end = { type: 'end', runId: 'r' }

it('a run has ids, and goes on when its socket closes; another socket reads the rest', async () => {
  const { hand, log, connect } = await sockets()
  const first = await connect()
  first.send(runFrame)
  const run = await hand.next()
  run.say(started(), opened)
  expect(await first.take(2)).toEqual(framed(started(), opened))
  first.socket.close()
  await until(async () => (await log.status('r'))!.unreadMs > 0)
  run.say(said('x'), closed, finished())
  run.end()
  const all = framed(started(), opened, said('x'), closed, finished())
  const second = await connect()
  second.send({ ...runFrame, lastEventId: '1-2' })
  expect(await second.take(4)).toEqual([...all.slice(2), end])
  second.send({ type: 'join', runId: 'r' })
  expect(await second.take(6)).toEqual([...all, end])
  second.send({ type: 'join', runId: 'r', lastEventId: '1-5' })
  expect(await second.next()).toEqual(end)
  expect([run.signal.aborted, hand.calls()]).toEqual([false, 1])
})

it('abort leaves the run, cancel ends it, and active tells of it', async () => {
  const { hand, connect } = await sockets()
  const client = await connect()
  client.send({ type: 'active', threadId: 't' })
  expect(await client.next()).toEqual({ type: 'active', threadId: 't', runId: null, tail: 0 })
  client.send(runFrame)
  const run = await hand.next()
  run.say(started(), opened)
  await client.take(2)
  client.send({ type: 'abort', runId: 'r' })
  client.send({ type: 'active', threadId: 't' })
  expect(await client.next()).toEqual({ type: 'active', threadId: 't', runId: 'r', tail: 2 })
  expect(run.signal.aborted).toBe(false)
  client.send({ type: 'cancel', runId: 'r', threadId: 't' })
  expect(await client.next()).toEqual({ type: 'cancelled', runId: 'r', status: 'cancelled' })
  expect(run.signal.aborted).toBe(true)
  client.send({ type: 'join', runId: 'r', lastEventId: '1-2' })
  expect((await client.take(3)).map(({ chunk }) => (chunk as Frame | undefined)?.['type'])).toEqual(['TEXT_MESSAGE_END', 'RUN_FINISHED', undefined])
})

it('a run that is cancelled before it arrives never asks the model', async () => {
  const { hand, connect } = await sockets()
  const client = await connect()
  client.send({ type: 'cancel', runId: 'r', threadId: 't' })
  client.send(runFrame)
  expect(await client.take(4)).toEqual([
    { type: 'cancelled', runId: 'r', status: 'cancelled' },
    ...framed(started(), { ...finished(), outcome: { type: 'cancelled' } }),
    end,
  ])
  expect(hand.calls()).toBe(0)
})

describe('refused', () => {
  it.each([
    ['a run of another thread', { ...runFrame, threadId: 'another' }, { code: 'conflict', status: 409 }],
    ['other messages', { type: 'run', ...body('r', 't', 'something else') }, { code: 'conflict', status: 409 }],
    ['no position', { type: 'join', runId: 'r', lastEventId: 'x' }, { code: 'bad_request', status: 400 }],
    ['a position to come', { ...runFrame, lastEventId: '1-9' }, { code: 'bad_request', status: 400 }],
    ['an unknown run', { type: 'join', runId: 'x' }, { code: 'unknown_run', status: 404 }],
    ['a run that is gone', { ...runFrame, runId: 'x', lastEventId: '1-1' }, { code: 'expired', status: 410 }],
  ])('is %s', async (_what, frame, error) => {
    const { hand, connect } = await sockets()
    const client = await connect()
    client.send(runFrame)
    const run = await hand.next()
    run.say(started(), finished())
    run.end()
    await client.take(3)
    client.send(frame)
    expect(await client.next()).toEqual({ type: 'error', runId: frame.runId, error: { ...error, message: expect.any(String) } })
  })

  it('is whatever authorize does not allow', async () => {
    const asked: unknown[] = []
    const { connect, hand } = await sockets({ authorize: (what) => asked.push(what) < 0 })
    const client = await connect()
    const error = { code: 'forbidden', status: 403, message: expect.any(String) }
    client.send(runFrame)
    expect(await client.next()).toEqual({ type: 'error', runId: 'r', error })
    client.send({ type: 'join', runId: 'r' })
    expect(await client.next()).toEqual({ type: 'error', runId: 'r', error })
    client.send({ type: 'active', threadId: 't' })
    expect(await client.next()).toEqual({ type: 'active', threadId: 't', runId: null, tail: 0, error })
    client.send({ type: 'cancel', runId: 'r', threadId: 't' })
    expect(await client.next()).toEqual({ type: 'cancelled', runId: 'r', status: 'refused', error })
    expect(asked).toEqual([
      { action: 'run', runId: 'r', threadId: 't' },
      { action: 'join', runId: 'r', threadId: undefined },
      { action: 'active', runId: undefined, threadId: 't' },
      { action: 'cancel', runId: 'r', threadId: 't' },
    ])
    expect(hand.calls()).toBe(0)
  })

  it('is a log without authorize, at once', () => {
    const socket = { send() {}, close() {}, addEventListener() {} }
    expect(() => toWebSocketStream(socket, () => [], { log: memoryRunLog() })).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
})

it('a log that fails in the middle closes the socket, and the run does not look whole', async () => {
  const memory = memoryRunLog()
  const log = {
    ...memory,
    async *read(...args: Parameters<typeof memory.read>) {
      for await (const batch of memory.read(...args)) {
        yield batch
        throw new RunLogError('unavailable', 'gone')
      }
    },
  }
  const { hand, connect } = await sockets({ log })
  const client = await connect()
  const gone = once(client.socket, 'close')
  client.send(runFrame)
  const run = await hand.next()
  run.say(started())
  expect(await client.next()).toEqual(framed(started())[0])
  expect((await gone)[0]).toBe(1011)
  run.end()
})

it('TanStack AI’s form is answered with bare chunks', async () => {
  const { hand, connect } = await sockets()
  const client = await connect()
  client.send(body())
  const run = await hand.next()
  run.say(started(), finished())
  run.end()
  expect(await client.take(2)).toEqual([started(), finished()])
})
