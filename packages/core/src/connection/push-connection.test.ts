import { describe, expect, it } from 'vitest'
import type { Chunk } from '../protocol/chunk.ts'
import type { Connection } from './connection.ts'
import { pushConnection, type PushBackend } from './push-connection.ts'
import { read, run } from './test-kit.ts'

/** A backend in this process; what it is asked is answered by hand. */
function backend() {
  const log: string[] = []
  let push: ReadableStreamDefaultController<unknown> | undefined
  const asked: ((runId: string) => void)[] = []
  const own: PushBackend = {
    async *subscribe(signal) {
      log.push('subscribed')
      const items = new ReadableStream<unknown>({ start: (controller) => void (push = controller) })
      signal.addEventListener('abort', () => log.push('unsubscribed'))
      yield* items
    },
    send(_messages, _data, _signal, { runId }) {
      log.push(`asked for ${runId}`)
      asked.shift()?.(runId)
    },
  }
  return {
    own,
    log,
    next: () => new Promise<string>((resolve) => asked.push(resolve)),
    push: (...chunks: unknown[]) => chunks.forEach((chunk) => push!.enqueue(chunk)),
    close: () => push!.close(),
    fail: (error: Error) => push!.error(error),
  }
}

const started = (runId: string): Chunk => ({ type: 'RUN_STARTED', threadId: 't', runId })
const said = (delta: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta })
const finished = (runId: string): Chunk => ({ type: 'RUN_FINISHED', threadId: 't', runId, metadata: { finishReason: 'stop' } })
const idle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a backend that pushes', () => {
  it('is a connection as it is, and is asked once it is listened to', async () => {
    const { own, log, next, push } = backend()
    const reading = read(own as unknown as Connection)
    await next()
    push(...run('Hello', ' you'))
    expect(await reading).toMatchObject({ text: 'Hello you', warnings: [] })
    expect(log).toEqual(['subscribed', 'asked for run-1', 'unsubscribed'])
  })

  it('may give its subscription later, and is asked after that', async () => {
    const order: string[] = []
    const connection = pushConnection({
      subscribe: async () => {
        await idle()
        order.push('subscribed')
        return (async function* () {
          yield* run('Hello')
        })()
      },
      send: () => void order.push('asked'),
    })
    expect((await read(connection)).error).toBeUndefined()
    expect(order).toEqual(['subscribed', 'asked'])
  })

  it('has one subscription for the runs of all chats, and tells them apart by run id', async () => {
    const { own, log, next, push } = backend()
    const readings = ['a', 'b'].map((runId) => read(own as unknown as Connection, { context: { runId } }))
    await next()
    await idle()
    push(
      [started('a'), started('b')],
      { ...said('B'), runId: 'b' },
      { ...said('A'), runId: 'a' },
      finished('a'),
      { ...said('b'), runId: 'b' },
      finished('b'),
    )
    expect((await Promise.all(readings)).map(({ text }) => text)).toEqual(['A', 'Bb'])
    expect(log.filter((line) => line === 'subscribed')).toHaveLength(1)
    expect(log.at(-1)).toBe('unsubscribed')
  })

  it('says with RUN_STARTED whose the chunks are that name no run', async () => {
    const { own, next, push } = backend()
    const readings = ['a', 'b'].map((runId) => read(own as unknown as Connection, { context: { runId } }))
    await next()
    await idle()
    push(started('b'), said('B'), finished('b'), started('a'), said('A'), finished('a'))
    expect((await Promise.all(readings)).map(({ text }) => text)).toEqual(['A', 'B'])
  })

  it('may make run ids of its own', async () => {
    const { own, next, push } = backend()
    const reading = read(own as unknown as Connection)
    await next()
    push(started('theirs'), { ...said('Hi'), runId: 'theirs' }, finished('theirs'))
    expect((await reading).text).toBe('Hi')
  })

  it('may name no run at all', async () => {
    const { own, next, push } = backend()
    const reading = read(own as unknown as Connection)
    await next()
    push({ type: 'content', delta: 'Hi', content: 'Hi' }, { type: 'done', finishReason: 'stop' })
    expect(await reading).toMatchObject({ text: 'Hi' })
  })

  it('is through with a run that finishes without a reason', async () => {
    const { own, next, push } = backend()
    const reading = read(own as unknown as Connection)
    await next()
    push(started('run-1'), said('Hi'), { type: 'RUN_FINISHED', threadId: 't', runId: 'run-1' })
    expect((await reading).text).toBe('Hi')
  })

  it('is not heard of a run that was stopped, though it goes on', async () => {
    const { own, next, push } = backend()
    const controller = new AbortController()
    const other = read(own as unknown as Connection, { context: { runId: 'other' } })
    await next()
    const first = read(own as unknown as Connection, { context: { runId: 'a' }, signal: controller.signal, onRead: () => controller.abort() })
    await next()
    push(started('a'), said('A'))
    expect((await first).error).toBeUndefined()
    const second = read(own as unknown as Connection, { context: { runId: 'b' } })
    await next()
    push(said(' late'), finished('a'), started('b'), said('B'), finished('b'), finished('other'))
    expect((await second).text).toBe('B')
    expect((await other).text).toBe('')
  })

  it('does not give the next run the chunks of one that was stopped before it started', async () => {
    const { own, next, push } = backend()
    const controller = new AbortController()
    const other = read(own as unknown as Connection, { context: { runId: 'other' } })
    await next()
    push(started('other'))
    const stopped = read(own as unknown as Connection, { context: { runId: 'a' }, signal: controller.signal })
    await next()
    controller.abort()
    await stopped
    const second = read(own as unknown as Connection, { context: { runId: 'b' } })
    await next()
    push(started('a'), said('late'), started('b'), said('B'), finished('b'), finished('other'))
    expect((await second).text).toBe('B')
    expect((await other).text).toBe('')
  })

  it('goes on after the end of a step that called tools', async () => {
    const { own, next, push } = backend()
    const reading = read(own as unknown as Connection)
    await next()
    const step: Chunk = { type: 'RUN_FINISHED', threadId: 't', runId: 'run-1', metadata: { finishReason: 'tool_calls' } }
    push(started('run-1'), said('One'), step, started('run-1'), said(' two'), finished('run-1'))
    expect((await reading).text).toBe('One two')
  })

  it('fails the run with what send throws, and everyone with what the subscription throws', async () => {
    const cause = new Error('queue is full')
    const refusing = pushConnection({ ...backend().own, send: () => Promise.reject(cause) })
    expect((await read(refusing)).error).toMatchObject({ code: 'connection', cause })
    const deaf = pushConnection({
      subscribe() {
        throw cause
      },
      send: () => {},
    })
    expect((await read(deaf)).error).toMatchObject({ code: 'connection', cause })
    const { own, next, fail } = backend()
    const readings = ['a', 'b'].map((runId) => read(own as unknown as Connection, { context: { runId } }))
    await next()
    fail(cause)
    expect((await Promise.all(readings)).map(({ error }) => error)).toMatchObject([{ code: 'connection', cause }, { code: 'connection' }])
  })

  it('that stops pushing has cut its runs, and is subscribed to again by the next', async () => {
    const { own, log, next, push, close } = backend()
    const first = read(own as unknown as Connection, { context: { runId: 'a' } })
    const second = read(own as unknown as Connection, { context: { runId: 'b' } })
    await next()
    push(started('a'), { ...said('A'), runId: 'a' })
    await idle()
    close()
    expect((await first).error).toMatchObject({ code: 'truncated' })
    expect((await second).error).toMatchObject({ code: 'network' })
    const third = read(own as unknown as Connection)
    await next()
    push(...run('Hi'))
    expect((await third).text).toBe('Hi')
    expect(log.filter((line) => line === 'subscribed')).toHaveLength(2)
  })
})
