import type { Chunk } from '@statechat/core/wire'
import { describe, expect, it, vi } from 'vitest'
import { hanging, say, stop, yielding } from '../test/support/adapters.ts'
import { collect } from '../test/support/collect.ts'
import { counter } from '../test/support/count.ts'
import { manualClock } from '../test/support/manual-clock.ts'
import { ai, ModelError, toHttpStreamResponse, toStreamResponse } from './index.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]
const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished: Chunk = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
const failed: Chunk = { type: 'RUN_ERROR', message: 'no' }
const delta: Chunk = { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'a' }

const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

/** The events of an SSE body, comments left out. */
const events = async (response: Response): Promise<Chunk[]> =>
  (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => JSON.parse(block.slice(6)) as Chunk)

describe('the answer', () => {
  it('is an event stream that no proxy may hold back, and opens with a comment', async () => {
    const response = toStreamResponse([started, finished])
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    expect(await response.text()).toBe(`: open\n\ndata: ${JSON.stringify(started)}\n\ndata: ${JSON.stringify(finished)}\n\n`)
  })

  it('is newline-delimited JSON with toHttpStreamResponse', async () => {
    const response = toHttpStreamResponse([started, finished])
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(await response.text()).toBe(`${JSON.stringify(started)}\n${JSON.stringify(finished)}\n`)
  })

  it('takes status and headers, which replace ours', () => {
    const { status, headers } = toStreamResponse([], { status: 203, headers: { 'X-Run': '1', 'Cache-Control': 'no-store' } })
    expect([status, headers.get('x-run'), headers.get('cache-control'), headers.get('content-type')]).toEqual([
      203,
      '1',
      'no-store',
      'text/event-stream; charset=utf-8',
    ])
  })

  it('carries every chunk of ai() unchanged', async () => {
    const run = () => ai(yielding(say('a\n\nb'), say('🙂'), stop), { generateId: counter() }).chat({ messages })
    expect(await events(toStreamResponse(run()))).toEqual(await collect(run()))
  })

  it('lets several runs follow each other, as an agent loop sends them', async () => {
    expect(await events(toStreamResponse([started, finished, started, delta, finished]))).toEqual([started, finished, started, delta, finished])
  })
})

describe('a stream that goes wrong', () => {
  it.each([undefined, Promise.resolve([]), {}])('says so at once when it is none: %s', (source) => {
    expect(() => toStreamResponse(source as never)).toThrow(expect.objectContaining({ code: 'misuse' }))
  })

  it.each([
    ['nothing came', []],
    ['there is no terminal chunk', [started, delta]],
    ['a second run was not ended', [started, finished, started]],
  ])('ends with RUN_ERROR incomplete when %s', async (_what, chunks) => {
    const all = await events(toStreamResponse(chunks))
    expect(all.slice(0, -1)).toEqual(chunks)
    await expect(collect(all.values() as never)).resolves.toHaveLength(all.length)
    expect(all.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'incomplete' })
  })

  it('sends nothing after a RUN_ERROR, and lets go of the source', async () => {
    const returned = vi.fn()
    const source = (async function* () {
      try {
        yield* [started, failed, delta, finished]
      } finally {
        returned()
      }
    })()
    expect(await events(toStreamResponse(source))).toEqual([started, failed])
    expect(returned).toHaveBeenCalledOnce()
  })

  it.each([
    ['an error', new Error('secret'), { code: 'internal', message: 'The model could not answer.' }],
    ['a ModelError', new ModelError('quota', 'secret'), { code: 'quota', message: 'The model is not available at the moment.' }],
  ])('turns %s that is thrown in the middle into a masked RUN_ERROR', async (_what, error, expected) => {
    const onError = vi.fn()
    const source = (async function* () {
      yield started
      throw error
    })()
    const all = await events(toStreamResponse(source, { onError }))
    expect(all).toEqual([started, expect.objectContaining({ type: 'RUN_ERROR', ...expected })])
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
  })

  it('turns a chunk that is no JSON into a RUN_ERROR', async () => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const all = await events(toStreamResponse([started, { type: 'CUSTOM', name: 'x', value: circular }], { onError: () => 'sorry' }))
    expect(all.at(-1)).toMatchObject({ type: 'RUN_ERROR', message: 'sorry' })
  })
})

describe('back-pressure', () => {
  /** Everything that could run without new input has run. */
  const settled = () => new Promise((resolve) => setImmediate(resolve))

  it('asks the model for a chunk only when the reader has taken the last one', async () => {
    let asked = 0
    const source = (async function* () {
      yield started
      for (;;) {
        asked++
        yield delta
      }
    })()
    const reader = toStreamResponse(source).body!.getReader()
    for (let read = 0; read < 5; read++) await reader.read()
    await settled()
    expect(asked).toBe(3)
    await reader.cancel()
  })

  it('asks for nothing at all before the body is read', async () => {
    const adapter = yielding(stop)
    toStreamResponse(ai(adapter).chat({ messages }))
    await settled()
    expect(adapter.requests).toHaveLength(0)
  })
})

describe('the end of the reader', () => {
  it('aborts the model, also one that hangs', async () => {
    const adapter = hanging(say('a'))
    const clock = manualClock()
    const reader = toStreamResponse(ai(adapter).chat({ messages }), { clock }).body!.getReader()
    for (let read = 0; read < 4; read++) await reader.read()
    const silent = reader.read()
    await clock.timerSet()
    await reader.cancel()
    await silent
    expect(adapter.signal().aborted).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  it('of the signal ends the answer with RUN_ERROR aborted, and aborts the model', async () => {
    const adapter = hanging(say('a'))
    const controller = new AbortController()
    const clock = manualClock()
    const reader = toStreamResponse(ai(adapter).chat({ messages }), { signal: controller.signal, clock }).body!.getReader()
    for (let read = 0; read < 4; read++) await reader.read()
    const silent = reader.read()
    await clock.timerSet()
    controller.abort()
    expect(decode((await silent).value)).toContain('"code":"aborted"')
    expect((await reader.read()).done).toBe(true)
    expect(adapter.signal().aborted).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  it('is no error when the run was over before', async () => {
    const controller = new AbortController()
    const source = (async function* () {
      yield* [started, finished]
      controller.abort()
      await new Promise(() => {})
    })()
    expect(await events(toStreamResponse(source, { signal: controller.signal }))).toEqual([started, finished])
  })

  it('before the start reads nothing of the source', async () => {
    const all = await events(toStreamResponse([started, finished], { signal: AbortSignal.abort() }))
    expect(all).toEqual([expect.objectContaining({ type: 'RUN_ERROR', code: 'aborted' })])
  })

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    const add = vi.spyOn(signal, 'addEventListener')
    const remove = vi.spyOn(signal, 'removeEventListener')
    await toStreamResponse([started, finished], { signal }).text()
    await toStreamResponse([started, finished], { signal }).body!.cancel()
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([2, 2])
  })
})

describe('the heartbeat', () => {
  const silent = () => {
    let say: (chunk: Chunk) => void = () => {}
    const source: AsyncIterable<Chunk> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise((resolve) => (say = (value) => resolve({ done: false, value }))) }),
    }
    return { source, say: (chunk: Chunk) => say(chunk) }
  }

  it.each([
    ['a comment in server-sent events', toStreamResponse, ': keep-alive\n\n'],
    ['a blank line in NDJSON', toHttpStreamResponse, '\n'],
  ])('is %s, once per 15 s of silence', async (_what, respond, beat) => {
    const clock = manualClock()
    const { source, say } = silent()
    const reader = respond(source, { clock }).body!.getReader()
    if (respond === toStreamResponse) await reader.read()
    const next = async () => decode((await reader.read()).value)

    let read = next()
    await clock.timerSet()
    clock.advance(15_000)
    expect(await read).toBe(beat)
    read = next()
    clock.advance(15_000)
    expect(await read).toBe(beat)

    read = next()
    clock.advance(14_999)
    say(started)
    expect(await read).toContain('RUN_STARTED')
    expect(clock.pending()).toBe(0)
    await reader.cancel()
  })

  it('takes its pace from heartbeatMs, 0 being never', async () => {
    const clock = manualClock()
    const reader = toStreamResponse(silent().source, { clock, heartbeatMs: 0 }).body!.getReader()
    await reader.read()
    const read = reader.read()
    await Promise.resolve()
    expect(clock.pending()).toBe(0)
    await reader.cancel()
    await read
  })

  it('is sent once at most to a reader that has stopped reading', async () => {
    const clock = manualClock()
    const { source, say } = silent()
    const reader = toHttpStreamResponse(source, { clock }).body!.getReader()
    const read = reader.read()
    await clock.timerSet()
    clock.advance(150_000)
    expect(decode((await read).value)).toBe('\n')
    say(started)
    expect(decode((await reader.read()).value)).toBe('\n')
    expect(decode((await reader.read()).value)).toContain('RUN_STARTED')
    await reader.cancel()
  })

  it('is not set going by a reader that does not read', async () => {
    const clock = manualClock()
    const reader = toStreamResponse([started, finished], { clock }).body!.getReader()
    await reader.read()
    await reader.read()
    expect(clock.pending()).toBe(0)
    await reader.cancel()
  })
})
