import { agUi, fetchHttpStream, fetchServerSentEvents } from '@statechat/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer } from 'node:http'
import { addressOf, listen } from '../support/serve.ts'
import { open, openParts, textOf } from '../support/session.ts'
import {
  activity,
  activityChanges,
  call,
  messagesAre,
  QUESTION,
  result,
  run,
  sealed,
  stateIs,
  subagent,
  subagentEnd,
  text,
  textDelta,
  textStart,
  thought,
} from './fixtures/fixture.ts'

interface Answer {
  body: string | Uint8Array
  type?: string
  /** Written in pieces of this many bytes. */
  piece?: number
}
let answer: Answer
const server = createServer((request, response) => {
  request.resume()
  response.on('error', () => {})
  response.writeHead(200, { 'content-type': answer.type ?? 'text/event-stream' })
  const bytes = Buffer.from(answer.body as string)
  const { piece = bytes.length } = answer
  for (let at = 0; at < bytes.length; at += piece) response.write(bytes.subarray(at, at + piece))
  response.end()
})
beforeAll(() => listen(server))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const sse = (events: readonly unknown[]): string => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')

async function ask(next: Answer, profile: 'strict' | 'tolerant' | 'off' = 'tolerant') {
  answer = next
  const connect = next.type?.includes('ndjson') ? fetchHttpStream : fetchServerSentEvents
  const session = open({ connection: connect(addressOf(server), { protocol: agUi({ profile }) }) })
  const { outcome, error, message } = await session.chat.sendMessage('Hello')
  expect(openParts(session.chat)).toEqual([])
  return { ...session, outcome, error, said: textOf(message), messages: session.chat.messages.get() }
}

describe('bytes that are not what they should be', () => {
  describe.each([
    ['server-sent events', 'text/event-stream', sse],
    ['NDJSON', 'application/x-ndjson', (events: readonly unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('')],
  ] as const)('in %s', (_framing, type, frame) => {
    it('an event just below the limit of 10 MiB is read whole', async () => {
      const long = 'x'.repeat(10_000_000)
      expect((await ask({ body: frame(run(...text('m', long))), type })).said === long).toBe(true)
    })
    it('an event above it is refused in so many words, and what came before stays', async () => {
      const body = frame(run(...text('m', 'Hi'), ...text('n', 'x'.repeat(11_000_000))))
      const { outcome, error, messages } = await ask({ body, type })
      expect([outcome, error?.code, error?.message]).toEqual(['failed', 'protocol', expect.stringContaining('longer than 10485760 characters')])
      expect(messages[1]?.parts).toMatchObject([{ content: 'Hi' }])
    })
    it('a line that never ends is refused in so many words', async () => {
      const { error } = await ask({ body: `${frame([run()[0]])}data: ${'x'.repeat(20_000_000)}`, type })
      expect([error?.code, error?.message]).toEqual(['protocol', expect.stringContaining('longer than 10485760 characters')])
    })
  })
  it('invalid UTF-8 is shown as replacement characters and breaks nothing else', async () => {
    const [before, after] = sse(run(...text('m', 'a-BAD-z'))).split('BAD') as [string, string]
    const body = Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]), Buffer.from(after)])
    const { outcome, said } = await ask({ body })
    expect(outcome).toBe('finished')
    expect(said).toMatch(/^a-\ufffd+\(\ufffd+-z$/)
  })
  it.each(['text/html', 'application/json', 'application/vnd.ag-ui.event+proto', 'image/png'])(
    'an answer of the type %s is refused',
    async (type) => {
      const { outcome, error, messages } = await ask({ body: sse(run(...text('m', 'Hi'))), type })
      expect([outcome, error?.code, error?.contentType, messages.length]).toEqual(['failed', 'bad_response', type, 1])
    },
  )
  it('an empty answer is refused', async () => {
    expect((await ask({ body: '' })).error?.code).toBe('bad_response')
  })

  const whole = run(...thought('t', 'Hm'), ...text('m', 'Grüße 👋'), ...call('c', 'look', '{"at":"x"}'), result('c', 'seen'), ...text('n', 'Bye'))
  it('cut after any of its events, an answer is truncated and what came of it stays', async () => {
    for (let length = 1; length < whole.length; length++) {
      const { outcome, error } = await ask({ body: sse(whole.slice(0, length)) })
      expect([length, outcome, error?.code]).toEqual([length, 'failed', 'truncated'])
    }
  })
  it('cut anywhere within an event, it is truncated too', async () => {
    const bytes = Buffer.from(sse(whole))
    for (let at = 90; at < bytes.length - 3; at += 61) {
      const { outcome, error } = await ask({ body: bytes.subarray(0, at) })
      expect([at, outcome, error?.code]).toEqual([at, 'failed', 'truncated'])
    }
  })
  it('in pieces of any size, it is the same', async () => {
    for (const piece of [1, 2, 3, 7, 64]) expect((await ask({ body: sse(whole), piece })).said).toBe('Grüße 👋Bye')
  })
  it.each([
    ['CRLF', (body: string) => body.replaceAll('\n', '\r\n')],
    ['CR', (body: string) => body.replaceAll('\n', '\r')],
    ['a byte order mark', (body: string) => `\ufeff${body}`],
    ['comments and other fields', (body: string) => body.replaceAll('data:', ': keep\nevent: x\nid: \nretry: nonsense\nother: y\ndata:')],
    ['data in several lines', (body: string) => body.replaceAll('{"type"', '{\ndata: "type"')],
    ['[DONE] at the end', (body: string) => `${body}data: [DONE]\n\n`],
  ])('%s is no hindrance', async (_what, change) => {
    const { outcome, said } = await ask({ body: change(sse(whole)) })
    expect([outcome, said]).toEqual(['finished', 'Grüße 👋Bye'])
  })
})

describe('events that are not in their place', () => {
  const of = (runId: string) => [
    { type: 'RUN_STARTED', threadId: 't', runId },
    { type: 'RUN_FINISHED', threadId: 't', runId },
  ]
  it('two runs woven into each other are refused, or read as one with a warning', async () => {
    const [startA, endA] = of('A')
    const [startB, endB] = of('B')
    const [a, b] = [text('a', 'from A'), text('b', 'from B')]
    const body = sse([startA, a[0], startB, b[0], a[1], b[1], a[2], b[2], endA, endB])
    expect((await ask({ body }, 'strict')).error?.code).toBe('protocol')
    const { outcome, messages, warnings } = await ask({ body })
    expect([outcome, messages.length]).toEqual(['finished', 2])
    expect(messages[1]?.parts.map((part) => (part.type === 'text' ? part.content : part.type))).toEqual(['from A', 'from B'])
    expect(warnings.length).toBeGreaterThan(0)
  })

  it.each(['strict', 'tolerant', 'off'] as const)('ids like __proto__ are ids, everywhere (%s)', async (profile) => {
    for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '']) {
      const own = id === '' ? {} : { subagentRunId: id }
      const events = run(
        ...(id === '' ? [] : [subagent(id, id)]),
        ...thought(id, 'Hm', own),
        sealed('message', id, id),
        ...text(`${id}-text`, 'Hi', { metadata: JSON.parse(`{${JSON.stringify(id)}:{"polluted":true}}`) as object }),
        ...call(id, id, JSON.stringify({ x: id })),
        result(id, JSON.stringify({ x: id })),
        activity(`${id}-plan`, id, JSON.parse(`{${JSON.stringify(id)}:1}`)),
        activityChanges(`${id}-plan`, id, [{ op: 'add', path: `/${id}`, value: { polluted: true } }]),
        stateIs(JSON.parse(`{${JSON.stringify(id)}:{"polluted":true}}`)),
        { type: 'CUSTOM', name: id, value: { [id]: 1 } },
        ...(id === '' ? [] : [subagentEnd(id)]),
      )
      const { outcome, said, messages } = await ask({ body: sse(events) }, profile)
      expect([id, outcome, said]).toEqual([id, 'finished', 'Hi'])
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
      for (const { parts } of messages) for (const part of parts) expect(Object.getPrototypeOf(part)).toBe(Object.prototype)
    }
  })

  it('a text that the server never opened is one answer all the same, and one warning', async () => {
    const body = sse(run(...Array.from({ length: 50 }, (_, at) => textDelta('m', `${at} `))))
    const { said, warnings } = await ask({ body })
    expect(said.split(' ')).toHaveLength(51)
    // Opened by us, it is not closed by the server: that is the second.
    expect(warnings.map(({ code }) => code)).toEqual(['orphan', 'out_of_order'])
  })
  it('the same answer twice does not double its messages', async () => {
    const snapshot = messagesAre({ ...QUESTION, id: 'x' }, { id: 'm', role: 'assistant', content: 'Hi' })
    const { messages } = await ask({ body: sse([...run(snapshot), ...run(snapshot)]) })
    expect(messages.map(({ id }) => id)).toEqual(['x', 'm'])
  })
  it('an owner that changes with each delta is one warning', async () => {
    const deltas = Array.from({ length: 20 }, (_, at) => textDelta('m', 'x', { subagentRunId: `s${at}` }))
    const { said, warnings } = await ask({ body: sse(run(textStart('m'), ...deltas, { type: 'TEXT_MESSAGE_END', messageId: 'm' })) })
    expect([said.length, warnings.length]).toEqual([20, 1])
  })
})
