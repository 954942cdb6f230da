import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Connection } from '../src/connection/connection.ts'
import { fetchHttpStream } from '../src/connection/fetch-http-stream.ts'
import { fetchServerSentEvents } from '../src/connection/fetch-server-sent-events.ts'
import type { TestChatOptions } from './test-chat.ts'
import { approval, drop, failedRun, gate, httpError, pause, run, streamChat, testChat, text, toolCall, type Script } from './index.ts'
import './vitest.ts'

const URL = 'https://chat.example/api/chat'
const server = setupServer()
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

/** A chat that asks over HTTP, answered by these scripts. */
function over(scripts: [Script, ...Script[]], options: TestChatOptions<Connection> = {}) {
  const answers = streamChat(...scripts)
  server.use(http.post(URL, answers))
  return { answers, ...testChat({ connection: fetchServerSentEvents(URL), ...options }) }
}

/** Real streams take as long as they take. */
const shows = (assert: () => void) => vi.waitFor(assert, { interval: 1, timeout: 10_000 })

const hello = run(text('m1', 'Hel', 'lo'))

describe('streamChat in MSW', () => {
  it('answers a chat over server-sent events, one script per request', async () => {
    const { chat, answers } = over([hello, run(text('m2', 'Bye'))], { body: { model: 'small' } })
    expect(await chat.sendMessage('Hi')).toMatchObject({ outcome: 'finished' })
    expect(chat).toHaveText('Hello')
    await chat.sendMessage('And now?')
    expect(chat).toHaveText('Bye')
    const [first, second] = answers.requests
    expect(first).toMatchObject({ url: URL, body: { model: 'small' }, input: { threadId: 'thread', messages: [{ role: 'user', content: 'Hi' }] } })
    expect(second!.input.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(first!.headers.get('accept')).toContain('text/event-stream')
  })

  it('answers in lines of JSON where the client wants those', async () => {
    const { chat } = over([hello], { connection: fetchHttpStream(URL) })
    expect(await chat.sendMessage('Hi')).toMatchObject({ outcome: 'finished' })
    expect(chat).toHaveText('Hello')
  })

  it('pauses, on its clock', async () => {
    const { chat, answers } = over([run(text('m1', 'Hel', pause(500), 'lo'))])
    const turn = chat.sendMessage('Hi')
    await shows(() => expect(chat).toHaveText('Hel'))
    await answers.clock.advance(499)
    expect(chat).toHaveText('Hel')
    await answers.clock.advance(1)
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(chat).toHaveText('Hello')
  })

  it('waits at a gate, also before its head', async () => {
    const open = gate()
    const { chat, answers } = over([[open, ...hello]])
    const turn = chat.sendMessage('Hi')
    await shows(() => expect(answers.requests).toHaveLength(1))
    expect(chat).toHavePhase('connecting')
    await open.open()
    expect(await turn).toMatchObject({ outcome: 'finished' })
  })

  it('hears that the client has gone, and leaves no timer', async () => {
    const { chat, answers } = over([run(text('m1', 'Hel', pause(500), 'lo'))])
    void chat.sendMessage('Hi')
    await shows(() => expect(chat).toHaveText('Hel'))
    expect(answers.clock.due).toBe(1)
    chat.stop()
    await shows(() => expect(answers.requests[0]!.signal.aborted).toBe(true))
    await shows(() => expect(answers.clock.due).toBe(0))
  })

  it('breaks in the middle, or before anything has come', async () => {
    const { chat } = over([[...hello.slice(0, 3), drop()], [drop()], [...hello.slice(0, 3), new Error('Oops.')]])
    expect((await chat.sendMessage('a')).error).toMatchObject({ code: 'truncated', retryable: true })
    expect(chat).toHaveText('Hel')
    expect((await chat.sendMessage('b')).error).toMatchObject({ code: 'network', retryable: true })
    expect((await chat.sendMessage('c')).error).toMatchObject({ code: 'truncated' })
  })

  it.each([
    ['server-sent events', fetchServerSentEvents(URL, { resumable: true })],
    ['NDJSON', fetchHttpStream(URL, { resumable: true })],
  ])('drops with a cursor over %s, and is asked again for what comes after it', async (_what, connection) => {
    const { chat, answers, clock } = over([[...hello.slice(0, 3), drop('after-hel'), ...hello.slice(3)], run(text('m2', 'Bye'))], { connection })
    const turn = chat.sendMessage('Hi')
    await shows(() => expect(chat).toHavePhase('reconnecting'))
    await clock.advance(500)
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(chat).toHaveText('Hello')
    const [first, again] = answers.requests
    expect(again!.input.runId).toBe(first!.input.runId)
    expect([first!, again!].map(({ headers }) => headers.get('last-event-id'))).toEqual([null, 'after-hel'])
    await chat.sendMessage('And now?')
    expect(chat).toHaveText('Bye')
  })

  it('answers with a status, the body and the headers', async () => {
    const { chat } = over([
      [httpError(429, { body: { error: 'Slow down' }, headers: { 'retry-after': '3' } })],
      [httpError(500, { body: 'Boom' })],
      hello,
    ])
    expect((await chat.sendMessage('a')).error).toMatchObject({
      code: 'http',
      status: 429,
      retryAfter: 3_000,
      body: { error: 'Slow down' },
      contentType: 'application/json',
    })
    expect((await chat.sendMessage('b')).error).toMatchObject({
      code: 'http',
      status: 500,
      body: 'Boom',
      contentType: expect.stringContaining('text/plain'),
    })
    expect(await chat.retry()).toMatchObject({ outcome: 'finished' })
  })

  it('is cut off where the script does not end the run, and empty where it is', async () => {
    const { chat } = over([hello.slice(0, 3), []])
    expect((await chat.sendMessage('a')).error).toMatchObject({ code: 'truncated' })
    expect((await chat.sendMessage('b')).error).toMatchObject({ code: 'bad_response' })
  })

  it('reports a failed run, and asks questions', async () => {
    const { chat, answers } = over([
      failedRun(text('m1', 'Hel'), 'Overloaded'),
      run(toolCall('c1', 'pay', {}), { interrupts: [approval('c1')] }),
      hello,
    ])
    expect((await chat.sendMessage('a')).error).toMatchObject({ code: 'server' })
    const turn = chat.retry()
    await shows(() => expect(chat).toHavePhase('local'))
    chat.deny('c1', 'Too much')
    await turn
    expect(answers.requests[2]!.input.resume).toMatchObject([{ interruptId: 'approval-c1', payload: { approved: false, reason: 'Too much' } }])
  })

  it('hears of it from the request as well as from the reader of the answer', async () => {
    const answers = streamChat([...hello.slice(0, 3), pause(500)])
    const leaving = new AbortController()
    const ask = (init: RequestInit) => answers({ request: new Request(URL, { method: 'POST', body: '{}', ...init }) })
    await ask({ signal: leaving.signal })
    leaving.abort()
    await (await ask({})).body!.cancel()
    expect(answers.requests.map(({ signal }) => signal.aborted)).toEqual([true, true])
    expect(answers.clock.due).toBe(0)
  })

  it('needs no MSW: a Request in, a Response out', async () => {
    const answers = streamChat(hello, { afterLast: 'fail' })
    const ask = () => answers({ request: new Request(URL, { method: 'POST', body: '{"messages":[]}' }) })
    const response = await ask()
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect((await response.text()).split('\n\n')[0]).toBe('data: {"type":"RUN_STARTED","threadId":"thread","runId":"run"}')
    expect(answers.requests[0]!.body).toEqual({ messages: [] })
    await expect(ask()).rejects.toMatchObject({ code: 'misuse' })
  })
})
