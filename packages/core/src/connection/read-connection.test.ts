import { describe, expect, it } from 'vitest'
import { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { Connection } from './connection.ts'
import { fetcher } from './fetcher.ts'
import { stream } from './stream.ts'
import { contextFor, ndjson, read, run, serve, sse } from './test-kit.ts'
import { readConnection } from './read-connection.ts'

async function* each<T>(...items: T[]): AsyncGenerator<T> {
  yield* items
}
const never = () => new Promise<never>(() => {})
/** Objects that are not ours have no reason to follow our types. */
const foreign = (connect: (...call: never[]) => unknown) => ({ connect }) as unknown as Connection

describe('readConnection', () => {
  it('takes single chunks and arrays, and yields one array for each item', async () => {
    const [first, ...rest] = run('a', 'b')
    const { reads } = await read({ connect: () => each<Chunk | Chunk[]>(first!, [], rest) })
    expect(reads).toEqual([[first], rest])
  })
  it('takes a promise of an iterable, and a ReadableStream', async () => {
    expect(await read(foreign(async () => each(...run('a'))))).toMatchObject({ text: 'a' })
    const readable = new ReadableStream({
      start(queue) {
        for (const chunk of run('b')) queue.enqueue(chunk)
        queue.close()
      },
    })
    expect(await read(foreign(() => readable))).toMatchObject({ text: 'b' })
    const items = each(...run('c'))
    const asInSafari = { getReader: () => ({ read: () => items.next(), cancel: async () => {} }) }
    expect(await read(foreign(() => asInSafari))).toMatchObject({ text: 'c' })
  })
  it('passes what our own adapters decoded through', async () => {
    const own = stream(() => each(...run('a')))
    const context = contextFor()
    const signal = new AbortController().signal
    const direct = own.connect([], undefined, signal, context)
    expect(readConnection({ connect: () => direct }, [], undefined, signal, context)).toBe(direct)
  })
  it('decodes classic chunks of any object, without making a RUN_STARTED', async () => {
    const { chunks } = await read(foreign(() => each({ type: 'content', id: 'c', delta: 'Hi' })))
    expect(chunks.map(({ type }) => type)).toEqual(['TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END'])
  })
  it('yields what came before a malformed chunk of the same array, then throws', async () => {
    const reading = await read(foreign(() => each([...run('a').slice(0, 3), { type: 'TEXT_MESSAGE_CONTENT' }])))
    expect(reading).toMatchObject({ text: 'a', error: { code: 'protocol' } })
  })
  it('a connect that throws, or gives nothing to iterate, is a connection error', async () => {
    const cause = new Error('no')
    const throwing = foreign(() => {
      throw cause
    })
    expect((await read(throwing)).error).toMatchObject({ code: 'connection', cause })
    expect((await read(foreign(() => undefined))).error).toMatchObject({ code: 'connection', retryable: false })
  })
})

describe('stream', () => {
  it('gives the function messages, data, signal and context', async () => {
    let seen: unknown[] = []
    const controller = new AbortController()
    await read(
      stream((...call) => {
        seen = call
        return each(...run())
      }),
      { data: { a: 1 }, signal: controller.signal },
    )
    expect(seen).toMatchObject([[], { a: 1 }, controller.signal, { threadId: 'thread-1', runId: 'run-1' }])
  })
  it('what the function or its iterable throws is a connection error with its cause; a ChatError stays as it is', async () => {
    const cause = new Error('boom')
    const own = new ChatError('http', 'no', { status: 418 })
    const sync = stream(() => {
      throw cause
    })
    const late = stream(async () => {
      throw cause
    })
    const midway = stream(async function* () {
      yield run()[0]
      throw cause
    })
    const chatError = stream(async function* () {
      yield run()[0]
      throw own
    })
    expect((await read(sync)).error).toMatchObject({ code: 'connection', cause, retryable: true })
    expect((await read(late)).error).toMatchObject({ code: 'connection', cause })
    expect(await read(midway)).toMatchObject({ chunks: [run()[0]], error: { code: 'connection', cause } })
    expect((await read(chatError)).error).toBe(own)
  })

  describe('5: a source that ignores its signal', () => {
    it('is left at once, and told to return', async () => {
      const controller = new AbortController()
      let returned = false
      const source: AsyncIterable<Chunk> = {
        [Symbol.asyncIterator]: () => {
          let sent = false
          return {
            next: () => {
              if (sent) return never()
              sent = true
              return Promise.resolve({ done: false, value: run()[0]! })
            },
            // It never settles, and nobody waits for it.
            return: () => {
              returned = true
              return never()
            },
          }
        },
      }
      const reading = await read(
        stream(() => source),
        { signal: controller.signal, onRead: () => queueMicrotask(() => controller.abort()) },
      )
      expect(reading.chunks).toEqual([run()[0]])
      expect(reading.error).toBeUndefined()
      expect(returned).toBe(true)
    })
    it('is left while it is stuck in an await of its own', async () => {
      const controller = new AbortController()
      const stuck = stream(async function* () {
        yield run()[0]
        await never()
      })
      const reading = await read(stuck, { signal: controller.signal, onRead: () => queueMicrotask(() => controller.abort()) })
      expect(reading.chunks).toHaveLength(1)
    })
    it('is not read further when it goes on at full speed', async () => {
      const controller = new AbortController()
      const endless = stream(async function* () {
        yield* run('x').slice(0, 2)
        for (;;) yield { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: '.' }
      })
      let reads = 0
      const reading = await read(endless, { signal: controller.signal, onRead: () => void ((reads += 1) === 10 && controller.abort()) })
      expect(reading.reads).toHaveLength(10)
    })
    it('is left while it is still being opened, and closed when it comes after all', async () => {
      const controller = new AbortController()
      let open: (source: AsyncIterable<Chunk>) => void = () => {}
      let returned = () => {}
      const wasReturned = new Promise<void>((resolve) => (returned = resolve))
      const slow = stream(() => {
        queueMicrotask(() => controller.abort())
        return new Promise<AsyncIterable<Chunk>>((resolve) => (open = resolve))
      })
      const reading = await read(slow, { signal: controller.signal })
      expect(reading).toMatchObject({ chunks: [] })
      expect(reading.error).toBeUndefined()
      open({ [Symbol.asyncIterator]: () => ({ next: never, return: async () => (returned(), { done: true, value: undefined }) }) })
      await wasReturned
    })
    it('its error after the abort is no error', async () => {
      const controller = new AbortController()
      const failing = stream(async function* (_messages, _data, signal) {
        yield run()[0]
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        signal.throwIfAborted()
      })
      const reading = await read(failing, { signal: controller.signal, onRead: () => queueMicrotask(() => controller.abort()) })
      expect(reading.error).toBeUndefined()
    })
  })
  it('leaving the loop returns the source', async () => {
    let closed = false
    const source = stream(async function* () {
      try {
        yield* run('a', 'b')
      } finally {
        closed = true
      }
    })
    await read(source, {
      onRead: () => {
        throw new Error('leave')
      },
    })
    expect(closed).toBe(true)
  })
})

describe('fetcher', () => {
  it.each([
    ['server-sent events', sse],
    ['newline-delimited JSON', ndjson],
  ])('decodes a Response of %s by its content type', async (_, write) => {
    const url = await serve((_request, response) => {
      write(response, ...run('Hi'))
      response.end()
    })
    const connection = fetcher(({ body }, { signal }) => fetch(url, { method: 'POST', body: JSON.stringify(body), signal }))
    const reading = await read(connection)
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toEqual(run('Hi'))
  })
  it('takes an iterable, or a promise of one, as an in-process stream', async () => {
    const chunks: Chunk[] = [{ type: 'TEXT_MESSAGE_START', messageId: 'm' }]
    expect((await read(fetcher(() => each(...chunks)))).chunks).toEqual(chunks)
    expect((await read(fetcher(async () => each(...chunks)))).chunks).toEqual(chunks)
  })
  it('gives the function what it needs to make the request', async () => {
    let input: unknown
    await read(
      fetcher((given) => {
        input = given
        return each(...run())
      }),
      { data: { a: 1 }, context: { body: { model: 'x' }, parentRunId: 'run-0' } },
    )
    expect(input).toMatchObject({
      messages: [],
      data: { a: 1 },
      threadId: 'thread-1',
      runId: 'run-1',
      parentRunId: 'run-0',
      body: { model: 'x', threadId: 'thread-1', data: { a: 1 } },
    })
  })
  it('12, 13: checks a Response as the other adapters do', async () => {
    const answer = (body: string | null, init: ResponseInit) => read(fetcher(() => new Response(body, init)))
    expect((await answer('<html>', { headers: { 'content-type': 'text/html' } })).error).toMatchObject({ code: 'bad_response' })
    expect((await answer(null, { status: 204 })).error).toMatchObject({ code: 'bad_response', status: 204 })
    expect((await answer('{"message":"later"}', { status: 429, headers: { 'retry-after': '1' } })).error).toMatchObject({
      code: 'http',
      retryAfter: 1000,
    })
  })
  it('what the function throws is a connection error', async () => {
    const cause = new TypeError('fetch failed')
    expect((await read(fetcher(() => Promise.reject(cause)))).error).toMatchObject({ code: 'connection', cause })
  })
  it('5: ends when the function never answers', async () => {
    const controller = new AbortController()
    const deaf = fetcher(() => {
      queueMicrotask(() => controller.abort())
      return never()
    })
    const reading = await read(deaf, { signal: controller.signal })
    expect(reading).toMatchObject({ chunks: [] })
    expect(reading.error).toBeUndefined()
  })
})
