import { createNdjsonDecoder } from '@statechat/core/wire'
import { describe, expect, it } from 'vitest'
import { ai, type AuthorizeInput, chatHandler, memoryRunLog, RunLogError } from '../../src/index.ts'
import { scripted } from '../../src/scripted/index.ts'
import { byHand, closed, finished, opened, said, started } from '../support/by-hand.ts'
import { body, chatServer } from '../support/chat-server.ts'
import { eventReader, eventsOf, ids } from '../support/logged-events.ts'
import { timedLog } from '../support/timed-log.ts'

const error = async (response: Response) => {
  const { error: reason } = (await response.json()) as { error: { code: string } }
  return [response.status, reason.code]
}
/** A server whose run `r` has said five things and is over. */
async function withRun(options: Partial<Parameters<typeof chatServer>[0]> = {}) {
  const hand = byHand()
  const server = await chatServer({ model: hand.model, ...options })
  const response = await server.post()
  const run = await hand.next()
  run.say(started(), opened, said('Hi'), closed, finished())
  run.end()
  const events = await eventsOf(response)
  return { ...server, hand, events }
}

describe('POST', () => {
  it('answers with numbered events, after a comment and the pace of reconnects', async () => {
    const { post } = await chatServer({ model: ai(scripted({ delayMs: 0 })) })
    const response = await post()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    const text = await response.text()
    expect(text.startsWith(': open\n\nretry: 1000\n\nid: 1-1\ndata: {"type":"RUN_STARTED"')).toBe(true)
    const events = await eventsOf(new Response(text))
    expect(events.map(({ id }) => id)).toEqual(ids(1, events.length))
    expect(events.at(-1)!.chunk).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'success' } })
  })

  it.each([
    ['application/x-ndjson', 'application/x-ndjson'],
    ['application/x-ndjson, text/event-stream', 'text/event-stream; charset=utf-8'],
    ['*/*', 'text/event-stream; charset=utf-8'],
  ])('to a client that accepts %s answers %s', async (accept, type) => {
    const { post } = await chatServer({ model: () => [started(), finished()] })
    const response = await post(body(), { headers: { accept } })
    expect(response.headers.get('content-type')).toBe(type)
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (type === accept)
      expect(
        createNdjsonDecoder()
          .feed(bytes)
          .map(({ id }) => id),
      ).toEqual(['1-1', '1-2'])
  })

  it('of one run by a hundred clients at once asks the model once, and all have the same answer', async () => {
    const hand = byHand()
    const { post } = await chatServer({ model: hand.model })
    const answers = Promise.all(Array.from({ length: 100 }, async () => (await post()).text()))
    const run = await hand.next()
    run.say(started(), opened, said('one'), closed, finished())
    run.end()
    expect(new Set(await answers).size).toBe(1)
    expect((await answers)[0]).toContain('id: 1-5\n')
    expect(hand.calls()).toBe(1)
  })

  it('of a run that is over has it once more, whatever the order of the keys', async () => {
    const { post, events, hand } = await withRun()
    const { runId, threadId, messages } = body()
    expect(await eventsOf(await post({ messages: messages.map(({ id, role, content }) => ({ content, role, id })), threadId, runId }))).toEqual(
      events,
    )
    expect(hand.calls()).toBe(1)
  })

  it('with the id of an event reads on after it, whatever the messages', async () => {
    const { post, events } = await withRun()
    expect(await eventsOf(await post(body('r', 't', 'something else'), { lastEventId: '1-3' }))).toEqual(events.slice(3))
    expect((await post(body(), { lastEventId: '1-5' })).status).toBe(204)
  })

  it.each([
    ['of another thread is a conflict', body('r', 'another'), {}, [409, 'conflict']],
    ['of another thread is a conflict when it resumes too', body('r', 'another'), { lastEventId: '1-1' }, [409, 'conflict']],
    ['with other messages is a conflict', body('r', 't', 'something else'), {}, [409, 'conflict']],
    ['with another answer to a question is a conflict', { ...body(), resume: [{ interruptId: 'i', status: 'cancelled' }] }, {}, [409, 'conflict']],
    ['that resumes an unknown run is told that it is gone', body('unknown'), { lastEventId: '1-1' }, [410, 'expired']],
    ['that resumes at no position is refused', body(), { lastEventId: 'x' }, [400, 'bad_request']],
    ['that resumes beyond the last event is refused', body(), { lastEventId: '1-6' }, [400, 'bad_request']],
    ['that resumes in an epoch to come is refused', body(), { lastEventId: '2-2' }, [400, 'bad_request']],
    ['without messages is refused', { runId: 'x' }, {}, [400, 'bad_request']],
    ['that is no JSON is refused', '{', {}, [400, 'bad_request']],
    ['of another type is refused', 'x', { headers: { 'content-type': 'text/plain' } }, [415, 'unsupported_media_type']],
    ['that is too large is refused', body('x', 't', 'x'.repeat(2000)), {}, [413, 'too_large']],
  ] as const)('%s', async (_title, request, options, expected) => {
    const { post, hand } = await withRun({ maxBytes: 1000 })
    expect(await error(await post(request, options))).toEqual(expected)
    expect(hand.calls()).toBe(1)
  })
})

describe('GET of a run', () => {
  it.each([
    ['runId=r', undefined, 0],
    ['runId=r&offset=-1', undefined, 0],
    ['runId=r&offset=1-2', undefined, 2],
    ['runId=r', '1-4', 4],
    // As a browser's EventSource asks that reconnects to the address it has.
    ['runId=r&offset=-1', '1-4', 4],
  ])('?%s with Last-Event-ID %s gives the rest', async (query, lastEventId, from) => {
    const { join, events } = await withRun()
    expect(await eventsOf(await join(query, lastEventId === undefined ? {} : { lastEventId }))).toEqual(events.slice(from))
  })

  it.each<[query: string, status: number]>([
    ['runId=r&offset=1-5', 204],
    ['runId=unknown', 404],
    ['runId=unknown&offset=-1', 404],
    ['runId=unknown&offset=1-1', 410],
    ['', 400],
    ['runId=', 400],
    ...['1-6', '2-1', '1-0', '0-1', '-1-1', '1--1', '1', '-2', 'now', '1-1e3', '1-99999999999999999999', '%31-%F0%9F%A6%8A'].map(
      (offset): [string, number] => [`runId=r&offset=${offset}`, 400],
    ),
  ])('?%s is answered with %i', async (query, status) => {
    const { join } = await withRun()
    expect((await join(query)).status).toBe(status)
  })

  it('is told that a run is gone which was here', async () => {
    const { log, pass } = timedLog()
    const { join, post, events, hand } = await withRun({ log })
    pass(299_000)
    expect(await eventsOf(await join())).toEqual(events)
    pass(1000)
    expect(await error(await join())).toEqual([410, 'expired'])
    expect(await error(await join('runId=r', { lastEventId: '1-2' }))).toEqual([410, 'expired'])
    expect(await error(await post(body(), { lastEventId: '1-2' }))).toEqual([410, 'expired'])
    expect(hand.calls()).toBe(1)
  })
})

describe('GET of a thread', () => {
  it('has the run that is open, and how far it is', async () => {
    const hand = byHand()
    const { post, active } = await chatServer({ model: hand.model })
    expect((await active()).status).toBe(204)
    const reader = eventReader(await post())
    const run = await hand.next()
    run.say(started(), opened)
    await reader.take(2)
    expect(await (await active()).json()).toEqual({ runId: 'r', tail: 2 })
    expect((await active('another')).status).toBe(204)
    run.say(closed, finished())
    run.end()
    await reader.rest()
    expect((await active()).status).toBe(204)
  })
})

it.each(['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])('%s is not for it', async (method) => {
  const { url } = await chatServer({ model: () => [] })
  const response = await fetch(`${url}?runId=r`, { method })
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
})

describe('authorize', () => {
  it('is asked on all four before anything is told, with the thread of the run', async () => {
    const asked: Omit<AuthorizeInput, 'request'>[] = []
    let answer: boolean = true
    const { post, join, active, cancel } = await withRun({
      authorize({ request, ...what }) {
        expect(request.url).toMatch(/^http/)
        asked.push(what)
        return answer
      },
    })
    asked.length = 0
    answer = false
    for (const response of [
      await post(),
      await join(),
      await join('runId=unknown'),
      await join('runId=unknown&offset=1-1'),
      await active(),
      await cancel(),
      await cancel('unknown'),
    ]) {
      expect(await error(response)).toEqual([403, 'forbidden'])
    }
    expect(asked).toEqual([
      { action: 'run', runId: 'r', threadId: 't' },
      { action: 'join', runId: 'r', threadId: 't' },
      { action: 'join', runId: 'unknown', threadId: undefined },
      { action: 'join', runId: 'unknown', threadId: undefined },
      { action: 'active', runId: undefined, threadId: 't' },
      { action: 'cancel', runId: 'r', threadId: 't' },
      { action: 'cancel', runId: 'unknown', threadId: 't' },
    ])
  })

  it('is asked about the thread that the run is of, not the one that is said', async () => {
    const { cancel } = await withRun({ authorize: ({ action, threadId }) => action !== 'cancel' || threadId === 'mine' })
    expect(await error(await cancel('r', 'mine'))).toEqual([403, 'forbidden'])
  })

  it('may answer by itself', async () => {
    const { post } = await chatServer({ model: () => [], authorize: async () => new Response('pay first', { status: 402 }) })
    const response = await post()
    expect([response.status, await response.text()]).toEqual([402, 'pay first'])
  })

  it('that gives no answer says no', async () => {
    const { post } = await chatServer({ model: () => [], authorize: (() => undefined) as never })
    expect((await post()).status).toBe(403)
  })

  it('is not forgotten', () => {
    expect(() => chatHandler({ model: () => [] } as never)).toThrow(expect.objectContaining({ code: 'misuse' }))
    expect(() => chatHandler({ model: () => [], tools: [], authorize: () => true })).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
})

it('a log that cannot be reached is worth another try', async () => {
  const log = { ...memoryRunLog(), claim: () => Promise.reject(new RunLogError('unavailable', 'secret')) }
  const { post } = await chatServer({ model: () => [], log })
  const response = await post()
  expect([response.headers.get('retry-after'), ...(await error(response))]).toEqual(['1', 503, 'unavailable'])
})
