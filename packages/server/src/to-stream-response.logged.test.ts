import { describe, expect, it, vi } from 'vitest'
import { yielding, say, stop } from '../test/support/adapters.ts'
import { closed, finished, opened, said, started } from '../test/support/by-hand.ts'
import { eventReader, eventsOf, ids } from '../test/support/logged-events.ts'
import { timedLog } from '../test/support/timed-log.ts'
import { until } from '../test/support/until.ts'
import { ai, type Chunk, memoryRunLog, toHttpStreamResponse, toStreamResponse } from './index.ts'

const messages = [{ role: 'user' as const, content: 'hi' }]
const chat = (adapter = yielding(say('a'), stop)) => ai(adapter).chat({ messages, threadId: 't', runId: 'r' })
const run = { threadId: 't', runId: 'r' }
const chunks: Chunk[] = [started(), opened, said('x'), closed, finished()]
const resuming = (lastEventId: string) => new Request('http://in.process', { headers: { 'last-event-id': lastEventId } })

it('the answer of ai() has ids, its run is in the log, and goes on without a reader', async () => {
  const log = memoryRunLog()
  const adapter = yielding(say('a'), stop)
  const kept = vi.fn()
  const response = toStreamResponse(chat(adapter), { log, waitUntil: kept })
  await until(() => kept.mock.calls.length === 1)
  await kept.mock.calls[0]![0]
  expect(await log.status('r')).toMatchObject({ status: 'finished', threadId: 't', tail: 5 })
  const events = await eventsOf(response)
  expect(events.map(({ id }) => id)).toEqual(ids(1, 5))
  expect(adapter.requests).toHaveLength(1)
})

it('the same run again is joined, and its stream not read', async () => {
  const log = memoryRunLog()
  const first = await eventsOf(toStreamResponse(chat(), { log }))
  const adapter = yielding(say('b'), stop)
  expect(await eventsOf(toStreamResponse(chat(adapter), { log }))).toEqual(first)
  expect(await eventsOf(toStreamResponse(chat(adapter), { log, request: resuming('1-3') }))).toEqual(first.slice(3))
  expect(await eventsOf(toStreamResponse(chat(adapter), { log, lastEventId: '1-4', request: resuming('1-3') }))).toEqual(first.slice(4))
  expect(await eventsOf(toStreamResponse(chat(adapter), { log, lastEventId: '1-5' }))).toEqual([])
  expect(adapter.requests).toHaveLength(0)
})

it('newline-delimited JSON has them in envelopes', async () => {
  const text = await toHttpStreamResponse(chunks, { log: memoryRunLog(), run }).text()
  expect(text).toBe(chunks.map((chunk, i) => `{"id":"1-${i + 1}","chunk":${JSON.stringify(chunk)}}\n`).join(''))
})

it.each([
  ['of another thread', { run: { ...run, threadId: 'another' } }, 'conflict'],
  ['that is unknown and was to be resumed', { run: { ...run, runId: 'x' }, lastEventId: '1-1' }, 'expired'],
  ['at no position', { run, lastEventId: 'x' }, 'bad_request'],
  ['beyond its end', { run, lastEventId: '1-6' }, 'bad_request'],
])('a run %s is refused in the stream, without an id', async (_what, options, code) => {
  const log = memoryRunLog()
  await eventsOf(toStreamResponse(chunks, { log, run }))
  const events = await eventsOf(toStreamResponse(chunks, { log, ...options }))
  expect(events).toEqual([{ chunk: { type: 'RUN_ERROR', message: expect.any(String), code, metadata: { retryable: false } } }])
})

describe('misuse is said at once', () => {
  const log = memoryRunLog()
  it.each([
    ['a stream without a name', () => toStreamResponse(chunks, { log })],
    ['no stream', () => toStreamResponse(undefined as never, { log, run })],
    [
      'the signal of the request',
      () => {
        const request = new Request('http://in.process')
        return toStreamResponse(chunks, { log, run, request, signal: request.signal })
      },
    ],
  ])('%s', (_what, respond) => expect(respond).toThrow(expect.objectContaining({ code: 'misuse' })))
})

it('a server that is shutting down begins no run', async () => {
  const log = memoryRunLog()
  const events = await eventsOf(toStreamResponse(chunks, { log, run, signal: AbortSignal.abort() }))
  expect(events).toEqual([{ chunk: expect.objectContaining({ type: 'RUN_ERROR', code: 'aborted' }) }])
  expect(await log.status('r')).toBeNull()
})

it('a shutdown ends the run, and leaves no listener', async () => {
  const shutdown = new AbortController()
  const add = vi.spyOn(shutdown.signal, 'addEventListener')
  const remove = vi.spyOn(shutdown.signal, 'removeEventListener')
  const log = memoryRunLog()
  const source = async function* () {
    yield* [started(), opened]
    await new Promise(() => {})
  }
  const reader = eventReader(toStreamResponse(source(), { log, run, signal: shutdown.signal }))
  await reader.take(2)
  shutdown.abort()
  expect((await reader.rest()).map(({ chunk }) => chunk)).toEqual([expect.objectContaining({ code: 'aborted' })])
  await until(() => remove.mock.calls.length === add.mock.calls.length)
})

it.each([
  ['a comment', toStreamResponse, ': keep-alive\n\n'],
  ['a blank line', toHttpStreamResponse, '\n'],
])('a silent run is kept alive with %s each 15 s, one at most for a reader that does not read', async (_what, respond, beat) => {
  const { log, clock, pass } = timedLog()
  const source = async function* () {
    yield started()
    await new Promise(() => {})
  }
  const reader = respond(source(), { log, run, clock }).body!.getReader()
  const next = async () => new TextDecoder().decode((await reader.read()).value)
  if (respond === toStreamResponse) await next()
  expect(await next()).toContain('RUN_STARTED')
  for (let beats = 0; beats < 2; beats++) {
    const read = next()
    // Those of the producer, of who looks after it, and this one.
    await until(() => clock.pending() === 3)
    pass(15_000)
    expect(await read).toBe(beat)
  }
  for (let left = 10; left > 0; left--) {
    pass(5000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await next()).toBe(beat)
  const read = reader.read()
  await new Promise((resolve) => setImmediate(resolve))
  await reader.cancel()
  expect((await read).done).toBe(true)
  await log.requestCancel('r', 'done')
  await until(async () => (await log.status('r'))!.status === 'cancelled')
})
