import type { Chunk } from '@statechat/core/wire'
import { describe, expect, it, vi } from 'vitest'
import { hanging, say } from '../../test/support/adapters.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { ai } from '../index.ts'
import { toUIMessageStreamResponse } from './to-ui-message-stream-response.ts'

const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished: Chunk = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
const delta: Chunk = { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'a' }

/** What the events of the body hold, comments left out. */
const events = async (response: Response): Promise<unknown[]> =>
  (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => (block === 'data: [DONE]' ? '[DONE]' : (JSON.parse(block.slice(6)) as unknown)))

const types = async (response: Response) => (await events(response)).map((event) => (event as { type?: string }).type ?? event)

describe('the answer', () => {
  it('has the headers that say what it is, and that no proxy may hold it back', () => {
    const { status, headers } = toUIMessageStreamResponse([started, finished], { status: 203, headers: { 'X-Run': '1' } })
    expect(status).toBe(203)
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-vercel-ai-ui-message-stream': 'v1',
      'x-run': '1',
    })
  })

  it('opens with a comment and ends with [DONE]', async () => {
    expect(await toUIMessageStreamResponse([started, finished]).text()).toBe(
      ': open\n\ndata: {"type":"start"}\n\n: \n\ndata: {"type":"finish"}\n\ndata: [DONE]\n\n',
    )
  })

  it('has one finish, after the last of several runs', async () => {
    const response = toUIMessageStreamResponse([started, delta, finished, started, { ...delta, messageId: 'm2' } as Chunk, finished])
    expect((await types(response)).slice(-3)).toEqual(['finish-step', 'finish', '[DONE]'])
  })
})

describe('a stream that goes wrong', () => {
  it.each([undefined, Promise.resolve([]), {}])('says so at once when it is none: %s', (source) => {
    expect(() => toUIMessageStreamResponse(source as never)).toThrow(expect.objectContaining({ code: 'misuse' }))
  })

  it('ends with an error, and no finish, when there is no terminal chunk', async () => {
    expect((await types(toUIMessageStreamResponse([started, delta]))).slice(-2)).toEqual(['error', '[DONE]'])
  })

  it('sends nothing after an error', async () => {
    const response = toUIMessageStreamResponse([started, { type: 'RUN_ERROR', message: 'no' }, delta, finished])
    expect(await events(response)).toEqual([{ type: 'start' }, { type: 'error', errorText: 'no' }, '[DONE]'])
  })

  it('masks what the source throws', async () => {
    const onError = vi.fn()
    const error = new Error('secret')
    const source = (async function* () {
      yield started
      throw error
    })()
    expect((await events(toUIMessageStreamResponse(source, { onError }))).at(-2)).toEqual({ type: 'error', errorText: 'The model could not answer.' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
  })

  it('masks a chunk that is malformed', async () => {
    const bad = { type: 'TEXT_MESSAGE_CONTENT', messageId: 5 } as unknown as Chunk
    const all = await events(toUIMessageStreamResponse([started, bad, finished], { onError: () => 'sorry' }))
    expect(all.slice(-2)).toEqual([{ type: 'error', errorText: 'sorry' }, '[DONE]'])
  })
})

describe('the end of the reader', () => {
  it('aborts the model, also one that hangs', async () => {
    const adapter = hanging(say('a'))
    const clock = manualClock()
    const stream = ai(adapter).chat({ messages: [{ role: 'user', content: 'Hello' }] })
    const reader = toUIMessageStreamResponse(stream, { clock }).body!.getReader()
    let seen = ''
    while (!seen.includes('text-delta')) seen += new TextDecoder().decode((await reader.read()).value)
    const silent = reader.read()
    await clock.timerSet()
    await reader.cancel()
    await silent
    expect(adapter.signal().aborted).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  it('by the signal of the server is an error for whoever still reads', async () => {
    const controller = new AbortController()
    const adapter = hanging(say('a'))
    const stream = ai(adapter).chat({ messages: [{ role: 'user', content: 'Hello' }] })
    const reader = toUIMessageStreamResponse(stream, { signal: controller.signal, heartbeatMs: 0 }).body!.getReader()
    let seen = ''
    while (!seen.includes('text-delta')) seen += new TextDecoder().decode((await reader.read()).value)
    const silent = reader.read()
    controller.abort()
    expect(new TextDecoder().decode((await silent).value)).toBe(
      'data: {"type":"error","errorText":"The server stopped this run."}\n\ndata: [DONE]\n\n',
    )
    expect(adapter.signal().aborted).toBe(true)
  })
})

describe('the heartbeat', () => {
  it('is a comment, once per 15 s of silence', async () => {
    const clock = manualClock()
    const silent: AsyncIterable<Chunk> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
    const reader = toUIMessageStreamResponse(silent, { clock }).body!.getReader()
    await reader.read()
    const read = reader.read()
    await clock.timerSet()
    clock.advance(15_000)
    expect(new TextDecoder().decode((await read).value)).toBe(': keep-alive\n\n')
    await reader.cancel()
  })
})
