import {
  agUi,
  type AgUiOptions,
  type Chunk,
  type Connection,
  createChat,
  fetchServerSentEvents,
  isChatError,
  stream,
  type UIMessage,
} from '@statechat/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { until } from '../support/session.ts'
import { run, text, textEnd, textStart } from './fixtures/fixture.ts'
import { fixtures } from './fixtures/index.ts'

const profiles = ['strict', 'tolerant', 'off'] as const
const valid = Object.values(fixtures)
  .flat()
  .filter(({ strict, events }) => strict === 'ok' && events.every((event) => typeof event === 'object'))
  .map(({ events }) => events as object[])

const junk = fc.constantFrom<unknown>(undefined, null, 0, -1, 1.5, '', 'm', '__proto__', [], {}, { type: 'x' }, [null], true, 'x'.repeat(1000))
const foreign = fc.constantFrom<unknown>(
  null,
  7,
  'text',
  [],
  {},
  { type: 1 },
  { type: 'NEW' },
  { type: '__proto__' },
  { type: 'content', delta: 'hi' },
  { type: 'done' },
)

type Mutation = (events: readonly unknown[]) => unknown[]
const at = (place: number, length: number) => (length === 0 ? 0 : place % length)

/** What may happen to a stream on its way, or in the server that wrote it. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.nat().map(
    (n): Mutation =>
      (events) =>
        events.filter((_, i) => i !== at(n, events.length)),
  ),
  fc.nat().map(
    (n): Mutation =>
      (events) =>
        events.flatMap((event, i) => (i === at(n, events.length) ? [event, event] : [event])),
  ),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]): Mutation => (events) => {
    const rest = events.filter((_, i) => i !== at(from, events.length))
    return rest.toSpliced(at(to, events.length), 0, ...events.slice(at(from, events.length), at(from, events.length) + 1))
  }),
  fc.nat().map(
    (n): Mutation =>
      (events) =>
        events.slice(0, at(n, events.length)),
  ),
  fc.tuple(fc.nat(), fc.nat(), junk).map(
    ([n, field, value]): Mutation =>
      (events) =>
        events.map((event, i) => {
          if (i !== at(n, events.length) || typeof event !== 'object' || event === null) return event
          const keys = Object.keys(event)
          return keys.length === 0 ? event : { ...event, [keys[at(field, keys.length)]!]: value }
        }),
  ),
  // Two ids become one.
  fc.tuple(fc.nat(), fc.constantFrom('messageId', 'toolCallId', 'subagentRunId', 'parentMessageId'), fc.constantFrom('m', 'n', 'c', 's', 't')).map(
    ([n, key, id]): Mutation =>
      (events) =>
        events.map((event, i) => (i === at(n, events.length) && typeof event === 'object' ? { ...event, [key]: id } : event)),
  ),
  fc.tuple(fc.nat(), foreign).map(
    ([n, event]): Mutation =>
      (events) =>
        events.toSpliced(at(n, events.length), 0, event),
  ),
  // Another stream in the middle of it.
  fc.tuple(fc.nat(), fc.constantFrom(...valid)).map(
    ([n, other]): Mutation =>
      (events) =>
        events.toSpliced(at(n, events.length), 0, ...other),
  ),
)
const mutated = fc
  .tuple(fc.constantFrom(...valid), fc.array(mutation, { minLength: 1, maxLength: 5 }))
  .map(([events, mutations]) => mutations.reduce<unknown[]>((before, mutate) => mutate(before), [...events]))

async function decode(events: readonly unknown[], profile: AgUiOptions['profile']) {
  const chunks: Chunk[] = []
  const decoder = agUi({ profile }).createDecoder({ threadId: 't', runId: 'r', source: 'response', onWarning: () => {} })
  try {
    // As they come off the wire.
    for (const event of events) await decoder.decode(JSON.parse(JSON.stringify(event ?? null)), chunks)
    decoder.end(chunks)
    return { chunks, error: undefined }
  } catch (error) {
    return { chunks, error }
  }
}

const OPEN: ReadonlySet<unknown> = new Set(['streaming', 'input-streaming', 'awaiting-input', 'running'])

function expectValid(messages: readonly UIMessage[]) {
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
  for (const [i, { id, role, parts, parentId }] of messages.entries()) {
    expect(typeof id).toBe('string')
    expect(['user', 'assistant', 'system']).toContain(role)
    expect(parentId).toBe(i === 0 ? null : messages[i - 1]!.id)
    for (const part of parts) {
      expect(Object.getPrototypeOf(part)).toBe(Object.prototype)
      if (part.type === 'text' || part.type === 'thinking') expect(typeof part.content).toBe('string')
      if (part.type === 'tool-call') expect([typeof part.id, typeof part.name, typeof part.arguments]).toEqual(['string', 'string', 'string'])
    }
  }
}

/** A turn to its end; one that waits for a person is stopped. */
async function play(connection: Connection) {
  const chat = createChat({ connection, threadId: 't', onWarning: () => {} })
  try {
    const turn = chat.append({ id: 'q', role: 'user', parts: [{ type: 'text', content: 'Hello' }] })
    await Promise.race([turn, until(chat, ({ phase }) => phase === 'local')])
    if (chat.getSnapshot().isLoading) chat.stop()
    const { outcome, error } = await turn
    const { messages, status } = chat.getSnapshot()
    expectValid(messages)
    expect(messages.flatMap(({ parts }) => parts).filter((part) => 'state' in part && OPEN.has(part.state))).toEqual([])
    expect(status).toBe({ finished: 'idle', failed: 'error', stopped: 'stopped', dropped: 'idle' }[outcome])
    expect(error === undefined || isChatError(error)).toBe(true)
    // `max_steps`: a server that makes the same broken call again and again.
    if (error) expect(['protocol', 'truncated', 'server', 'bad_response', 'connection', 'max_steps']).toContain(error.code)
    return { outcome, error, messages }
  } finally {
    chat.dispose()
  }
}

const bytesOf = (events: readonly unknown[]) => new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event ?? null)}\n\n`).join(''))

const answering = (body: Uint8Array, profile: AgUiOptions['profile']): Connection =>
  fetchServerSentEvents('http://localhost/', {
    protocol: agUi({ profile }),
    fetch: async () => new Response(body.slice(), { headers: { 'content-type': 'text/event-stream' } }),
  })

describe.each(profiles)('streams that went wrong, read by the %s profile', (profile) => {
  it('throw nothing but a protocol error, and say nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (events) => {
        const { chunks, error } = await decode(events, profile)
        if (error !== undefined) expect(error).toMatchObject({ name: 'ChatError', code: 'protocol' })
        for (const { type } of chunks) expect(type).not.toMatch(/_CHUNK$/)
      }),
      { numRuns: 800 },
    )
  })

  it('make a transcript that holds together, whatever becomes of the turn', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (events) => void (await play(answering(bytesOf(events), profile)))),
      { numRuns: 200 },
    )
  })

  it('do so with bytes that were lost or changed, too', async () => {
    const damage = fc.record({ at: fc.nat(), length: fc.nat({ max: 20 }), with: fc.uint8Array({ maxLength: 5 }) })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...valid), damage, async (events, { at: n, length, with: other }) => {
        const bytes = bytesOf(events)
        const from = n % bytes.length
        const damaged = Uint8Array.from([...bytes.subarray(0, from), ...other, ...bytes.subarray(from + length)])
        await play(answering(damaged, profile))
      }),
      { numRuns: 100 },
    )
  })
})

describe('an iterable of the application that went wrong', () => {
  it('makes a transcript that holds together, too', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, fc.nat({ max: 4 }), async (events, size) => {
        const connection = stream(async function* () {
          for (let i = 0; i < events.length; i += size + 1) yield events.slice(i, i + size + 1) as Chunk[]
        })
        await play(connection)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what the tolerant profile makes of a stream that went wrong', () => {
  it('is in order: it repairs no more when it reads that again', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (events) => {
        const { chunks, error } = await decode(events, 'tolerant')
        if (error !== undefined) return
        expect((await decode(chunks, 'tolerant')).chunks).toEqual(JSON.parse(JSON.stringify(chunks)))
      }),
      { numRuns: 600 },
    )
  })
})

describe('a text in another role', () => {
  it('that stays empty, before the answer, leaves the answer where it is', async () => {
    const events = run(textStart('u', { role: 'user' }), textEnd('u'), ...text('m', 'Hi'))
    const chat = createChat({ connection: answering(bytesOf(events), 'strict') })
    await chat.sendMessage('Hello')
    const said = chat.getSnapshot().messages.at(-1)
    chat.dispose()
    expect(said?.parts).toMatchObject([{ content: 'Hi' }])
  })
})
