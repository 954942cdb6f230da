import { agUi, type Chunk, fetchHttpStream, fetchServerSentEvents } from '@statechat/core'
import { run, text, toolCall, toolResult } from '@statechat/core/testing'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { serveEach, sseThenEnd, writeSse } from './support/serve.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until, untilSaid } from './support/session.ts'

/** Servers as people write them by hand, some of them badly, and our client. */
async function ask(
  answer: (response: ServerResponse) => unknown,
  options: { connect?: typeof fetchServerSentEvents; protocol?: ReturnType<typeof agUi> } = {},
) {
  const { url, bodies } = await serveEach(answer)
  const { connect = fetchServerSentEvents, protocol } = options
  const session = open({ connection: connect(url, { protocol }) })
  const result = await session.chat.sendMessage('Hello')
  return { ...session, ...result, bodies }
}

const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished = (finishReason?: 'stop' | 'tool_calls'): Chunk => ({
  type: 'RUN_FINISHED',
  threadId: 't',
  runId: 'r',
  ...(finishReason && { metadata: { finishReason } }),
})

describe('what a stream may look like', () => {
  const chunks = run(text('m1', 'Grüß', ' Gott 🎉'), { finishReason: 'stop' })
  const lines = chunks.map((chunk) => JSON.stringify(chunk))
  const BOM = '\uFEFF'

  it.each<[string, string]>([
    ['CRLF', lines.map((line) => `data: ${line}\r\n\r\n`).join('')],
    ['CR', lines.map((line) => `data: ${line}\r\r`).join('')],
    ['a byte order mark', BOM + lines.map((line) => `data: ${line}\n\n`).join('')],
    ['comments', lines.map((line) => `: ping\n\ndata: ${line}\n: pong\n\n`).join('')],
    [
      'ids, event names, retry and unknown fields',
      `retry: 100\n\n${lines.map((line, i) => `event: message\nid: ${i}\ndata: ${line}\nfoo: bar\n\n`).join('')}`,
    ],
    ['no space after the colon', lines.map((line) => `data:${line}\n\n`).join('')],
    ['data over several lines', chunks.map((chunk) => `data: ${JSON.stringify(chunk, null, 1).replaceAll('\n', '\ndata: ')}\n\n`).join('')],
    ['[DONE] at the end', `${lines.map((line) => `data: ${line}\n\n`).join('')}data: [DONE]\n\n`],
  ])('is server-sent events with %s', async (_what, wire) => {
    const { outcome, message, warnings } = await ask((response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(wire))
    expect([outcome, textOf(message), warnings]).toEqual(['finished', 'Grüß Gott 🎉', []])
  })

  it.each<[string, string, string]>([
    ['LF', lines.map((line) => `${line}\n`).join(''), 'application/x-ndjson'],
    ['CRLF and blank lines', lines.map((line) => `${line}\r\n\r\n`).join(''), 'application/jsonl; charset=utf-8'],
    ['ids around the chunks', lines.map((line, i) => `{"id":"${i}","chunk":${line}}\n`).join(''), 'application/x-ndjson'],
  ])('is JSON lines with %s', async (_what, wire, contentType) => {
    const { outcome, message, warnings } = await ask((response) => response.writeHead(200, { 'content-type': contentType }).end(wire), {
      connect: fetchHttpStream,
    })
    expect([outcome, textOf(message), warnings]).toEqual(['finished', 'Grüß Gott 🎉', []])
  })

  it('has no content type, as servers written in ten lines do', async () => {
    const { outcome } = await ask((response) => response.writeHead(200).end(lines.map((line) => `data: ${line}\n\n`).join('')))
    expect(outcome).toBe('finished')
  })

  it('has no RUN_STARTED', async () => {
    const { outcome, message, warnings } = await ask(sseThenEnd(...chunks.slice(1)))
    expect([outcome, textOf(message)]).toEqual(['finished', 'Grüß Gott 🎉'])
    expect(warnings).toMatchObject([{ code: 'out_of_order', message: expect.stringContaining('RUN_STARTED') as string }])
  })

  it('has neither RUN_STARTED nor RUN_FINISHED, and then nobody knows whether it is whole', async () => {
    const { error, message } = await ask(sseThenEnd(...text('m1', 'Hi')))
    expect(error?.code).toBe('truncated')
    expect(textOf(message)).toBe('Hi')
  })

  it('is refused by the strict profile, if it breaks the rules', async () => {
    const { error } = await ask(sseThenEnd(...chunks.slice(1)), { protocol: agUi({ profile: 'strict' }) })
    expect(error).toMatchObject({ code: 'protocol', retryable: false })
  })

  it('stays open after RUN_FINISHED: the answer is shown, the turn is over when the stream is, and stop() ends it', async () => {
    const { url } = await serveEach((response) => writeSse(response, ...chunks))
    const { chat, finishes } = open({ connection: fetchServerSentEvents(url) })
    const turn = chat.sendMessage('Hello')
    await untilSaid(chat, 'Gott 🎉')
    await until(chat, () => openParts(chat).length === 0)
    expect(chat.getSnapshot().status).toBe('streaming')
    chat.stop()
    expect((await turn).outcome).toBe('stopped')
    expect([transcript(chat).at(-1), finishes]).toEqual(['assistant: Grüß Gott 🎉', []])
  })

  it('stays open after [DONE], which is its end all the same', async () => {
    const { outcome } = await ask((response) => writeSse(response, ...chunks, '[DONE]'))
    expect(outcome).toBe('finished')
  })
})

describe('an agent loop on the server', () => {
  const step1: Chunk[] = [
    started,
    ...text('m1', 'I will look. '),
    ...toolCall('c1', 'look', { at: 'x' }),
    finished('tool_calls'),
    toolResult('c1', { seen: true }),
  ]
  const step2: Chunk[] = [started, ...text('m2', 'I saw it.'), finished('stop')]

  it('10: with a RUN_STARTED/RUN_FINISHED pair for each model call is one turn, one onFinish, and all of the text', async () => {
    const { outcome, message, finishes, statuses, warnings, chat } = await ask(sseThenEnd(...step1, ...step2))
    expect(outcome).toBe('finished')
    expect(textOf(message)).toBe('I will look. I saw it.')
    expect(callsOf(message)).toMatchObject([{ state: 'complete', input: { at: 'x' }, output: { seen: true } }])
    expect(chat.messages.get()).toHaveLength(2)
    expect(finishes).toHaveLength(1)
    expect(statuses.filter((status) => status === 'idle')).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  it.each([
    ['after the first RUN_FINISHED', step1.slice(0, -1), 'I will look. '],
    ['after the result of its tool', step1, 'I will look. '],
    ['after the second RUN_STARTED', [...step1, started], 'I will look. '],
    ['in the second answer', [...step1, ...step2.slice(0, 3)], 'I will look. I saw it.'],
  ])('11: that is cut %s is truncated; what came is kept, and retry sends the same again', async (_where, chunks, kept) => {
    const { url, bodies } = await serveEach(sseThenEnd(...chunks), sseThenEnd(...step1, ...step2))
    const { chat, finishes } = open({ connection: fetchServerSentEvents(url), threadId: 't' })
    const { error, message } = await chat.sendMessage('Hello')
    expect(error?.code).toBe('truncated')
    expect([textOf(message), finishes, openParts(chat)]).toEqual([kept, [], []])

    const second = await chat.retry()
    expect([second.outcome, textOf(second.message)]).toEqual(['finished', 'I will look. I saw it.'])
    expect({ ...bodies[1], runId: '' }).toEqual({ ...bodies[0], runId: '' })
    expect(bodies[1]?.['runId']).not.toBe(bodies[0]?.['runId'])
  })

  it('11: without finish reasons that is cut after its tool, is truncated too', async () => {
    const silent = step1.map((chunk) => (chunk.type === 'RUN_FINISHED' ? finished() : chunk))
    const { error } = await ask(sseThenEnd(...silent, started))
    expect(error?.code).toBe('truncated')
  })
})

describe('the first TanStack AI wire', () => {
  const at = { id: 'm1', model: 'm', timestamp: 1 }
  const wire = [
    { ...at, type: 'thinking', delta: 'Hm', content: 'Hm' },
    { ...at, type: 'thinking', content: 'Hmm.' },
    { ...at, type: 'content', delta: 'Let me ', content: 'Let me ', role: 'assistant' },
    { ...at, type: 'content', delta: 'look.', content: 'Let me look.', role: 'assistant' },
    { ...at, type: 'tool_call', index: 0, toolCall: { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":' } } },
    { ...at, type: 'tool_call', index: 0, toolCall: { id: 'c1', type: 'function', function: { name: 'look', arguments: '"x"}' } } },
    { ...at, type: 'done', finishReason: 'tool_calls', usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } },
    { ...at, type: 'tool_result', toolCallId: 'c1', content: '{"seen":true}' },
    { ...at, type: 'tool_call', index: 0, toolCall: { id: 'c2', type: 'function', function: { name: 'look', arguments: '{"at":"y"}' } } },
    { ...at, type: 'done', finishReason: 'tool_calls', usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } },
    { ...at, type: 'tool_result', toolCallId: 'c2', content: 'nothing' },
    { ...at, id: 'm2', type: 'content', delta: ' Found.', content: ' Found.', role: 'assistant' },
    { ...at, id: 'm2', type: 'done', finishReason: 'stop', usage: { promptTokens: 10, completionTokens: 20, totalTokens: 30 } },
  ]

  it('with several done(tool_calls) before the last done, and [DONE], is one turn', async () => {
    const { outcome, message, finishes, warnings } = await ask(sseThenEnd(...wire, '[DONE]'))
    expect(outcome).toBe('finished')
    expect([thoughtOf(message), textOf(message)]).toEqual(['Hmm.', 'Let me look. Found.'])
    expect(callsOf(message)).toMatchObject([
      { id: 'c1', state: 'complete', input: { at: 'x' }, output: { seen: true } },
      { id: 'c2', state: 'complete', input: { at: 'y' }, output: 'nothing' },
    ])
    expect(finishes.map(({ info }) => [info.finishReason, info.usage])).toEqual([
      ['stop', [{ model: 'm', inputTokens: 12, outputTokens: 24, totalTokens: 36 }]],
    ])
    expect(warnings).toEqual([])
  })

  it.each([3, 6, 7, 8, 10, 11, 12])('11: cut after chunk %i is truncated', async (length) => {
    const { error } = await ask(sseThenEnd(...wire.slice(0, length)))
    expect(error?.code).toBe('truncated')
  })

  it('reports its errors', async () => {
    const { error, message } = await ask(sseThenEnd(wire[2], { ...at, type: 'error', error: { message: 'No more', code: 'quota' } }, '[DONE]'))
    expect(error).toMatchObject({ code: 'server', serverCode: 'quota', message: expect.stringContaining('No more') as string })
    expect(textOf(message)).toBe('Let me ')
  })

  it('leaves the tools that the client declares to the client', async () => {
    const { url, bodies } = await serveEach(sseThenEnd(...wire.slice(4, 7), '[DONE]'), sseThenEnd(...wire.slice(-2), '[DONE]'))
    const { chat } = open({ connection: fetchServerSentEvents(url), tools: [{ name: 'look' }] })
    const turn = chat.sendMessage('Hello')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId: 'c1', output: 'here' })
    expect((await turn).outcome).toBe('finished')
    expect(bodies[1]?.['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', toolCalls: [{ id: 'c1' }] },
      { role: 'tool', toolCallId: 'c1', content: 'here' },
    ])
  })
})

describe('an answer that is no chat', () => {
  it('12: a login page with status 200 is a bad response, with status and content type', async () => {
    const { error, chat } = await ask((response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>\n<title>Log in</title>'),
    )
    expect(error).toMatchObject({
      code: 'bad_response',
      status: 200,
      contentType: 'text/html; charset=utf-8',
      body: expect.stringContaining('Log in') as string,
    })
    expect(transcript(chat)).toEqual(['user: Hello'])
  })

  it('12: a redirect to a login page is the same', async () => {
    const { url } = await serveEach(
      (response) => response.writeHead(303, { location: '/login' }).end(),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Log in</title>'),
    )
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'bad_response', message: expect.stringContaining('/login') as string })
  })

  it.each<[string, (response: ServerResponse) => unknown]>([
    ['an empty 200 of the right type', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end()],
    ['an empty 200 without a type', (response) => response.writeHead(200).end()],
    ['a 204', (response) => response.writeHead(204).end()],
    ['comments and nothing else', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': open\n\n')],
    ['only [DONE]', sseThenEnd('[DONE]')],
  ])('12: %s is an error', async (_what, answer) => {
    const { outcome, error, finishes, chat } = await ask(answer)
    expect([outcome, finishes, transcript(chat)]).toEqual(['failed', [], ['user: Hello']])
    expect(['bad_response', 'truncated']).toContain(error?.code)
  })

  it('13: a 429 carries status, body and the wait', async () => {
    const { error } = await ask((response) =>
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after': '3' })
        .end(JSON.stringify({ error: { message: 'Slow down.', tier: 1 } })),
    )
    expect(error).toMatchObject({ code: 'http', status: 429, body: { error: { tier: 1 } }, retryAfter: 3000, retryable: true })
    expect(error?.message).toContain('Slow down.')
  })

  it('13: a 429 may name a date, which is taken by the server’s clock', async () => {
    const date = new Date('2001-01-01T00:00:00Z')
    const { error } = await ask((response) =>
      response.writeHead(429, { date: date.toUTCString(), 'retry-after': new Date(date.getTime() + 90_000).toUTCString() }).end(),
    )
    expect(error?.retryAfter).toBe(90_000)
  })

  it.each([
    [401, false],
    [404, false],
    [413, false],
    [500, true],
    [503, true],
  ])('%i is an http error', async (status, retryable) => {
    const { error } = await ask((response) => response.writeHead(status).end('why'))
    expect(error).toMatchObject({ code: 'http', status, retryable, body: 'why' })
  })

  it('a port where nobody listens is a network error', async () => {
    const { chat } = open({ connection: fetchServerSentEvents('http://127.0.0.1:9/') })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'network', retryable: true })
  })
})

describe('chunks that are odd', () => {
  it('17: of an unknown type are skipped, with one warning for each type', async () => {
    const odd = { type: 'X_SHINY', anything: 1 }
    const { outcome, message, warnings } = await ask(sseThenEnd(odd, started, odd, ...text('m1', 'Hi'), { type: 'y' }, finished('stop')))
    expect([outcome, textOf(message)]).toEqual(['finished', 'Hi'])
    expect(warnings.map(({ code, seen }) => [code, seen])).toEqual([
      ['unknown_chunk', odd],
      ['unknown_chunk', { type: 'y' }],
    ])
  })

  it('17: with a delta for a message that was never opened open it', async () => {
    const { outcome, message, warnings } = await ask(
      sseThenEnd(started, { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'Hi' }, finished('stop')),
    )
    expect([outcome, textOf(message)]).toEqual(['finished', 'Hi'])
    expect(warnings.map(({ code }) => code)).toContain('orphan')
  })

  it.each([
    ['no JSON', '{"type":"TEXT_MESS'],
    ['no object', '[1,2]'],
    ['without a type', '{"delta":"x"}'],
    ['of a known type without its fields', '{"type":"TEXT_MESSAGE_CONTENT","messageId":"m1"}'],
  ])('that are %s fail the turn with a reason, and what came before is kept', async (_what, data) => {
    const { error, chat } = await ask(
      sseThenEnd(started, { type: 'TEXT_MESSAGE_START', messageId: 'm1' }, { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'So far' }, data),
    )
    expect(error).toMatchObject({ code: 'protocol', retryable: false })
    expect([transcript(chat), openParts(chat)]).toEqual([['user: Hello', 'assistant: So far'], []])
  })

  it('14: an error before any content leaves no message', async () => {
    const { error, chat } = await ask(
      sseThenEnd(started, { type: 'TEXT_MESSAGE_START', messageId: 'm1' }, { type: 'RUN_ERROR', message: 'Boom', code: 'x' }),
    )
    expect(error).toMatchObject({ code: 'server', serverCode: 'x' })
    expect(transcript(chat)).toEqual(['user: Hello'])
  })

  it('after RUN_ERROR are not shown', async () => {
    const { outcome, chat } = await ask(sseThenEnd(started, { type: 'RUN_ERROR', message: 'Boom' }, ...text('m1', 'Hi'), finished('stop')))
    expect([outcome, transcript(chat)]).toEqual(['failed', ['user: Hello']])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('30: with the id %s are plain data', async (id) => {
    const plain = Object.getOwnPropertyNames(Object.prototype)
    const wire = [
      `{"type":"RUN_STARTED","threadId":"${id}","runId":"${id}","__proto__":{"polluted":1}}`,
      ...text(id, 'Hi ', 'there'),
      ...toolCall(`${id}`, id, {}).map((chunk) =>
        chunk.type === 'TOOL_CALL_ARGS' ? { ...chunk, delta: '{"__proto__":{"polluted":1},"constructor":2}' } : chunk,
      ),
      toolResult(id, '{"__proto__":{"polluted":1}}'),
      { type: 'CUSTOM', name: `data-${id}`, value: { id, data: { [id]: 1 } } },
      { type: 'REASONING_MESSAGE_CHUNK', messageId: id, delta: 'Hm' },
      finished('stop'),
    ]
    const { url, bodies } = await serveEach(sseThenEnd(...wire))
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, message?.id, textOf(message), thoughtOf(message)]).toEqual(['finished', id, 'Hi there', 'Hm'])
    expect(callsOf(message)).toMatchObject([{ id, name: id, state: 'complete' }])
    expect(chat.message(id).get()).toBe(message)
    await chat.sendMessage('Again')
    expect(JSON.stringify(bodies[1]?.['messages'])).toContain(id)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(plain)
  })
})
