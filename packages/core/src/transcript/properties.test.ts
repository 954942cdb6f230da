import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasoning, run, text, toolCall, toolResult } from '../../testing/index.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { MessagePart, UIMessage } from './message.ts'
import { Transcript } from './transcript.ts'

/** Ids as servers make them, and as nobody should. */
const ids = fc.constantFrom('m1', 'm2', 'm3', '__proto__', 'constructor', 'toString')
const deltas = fc.array(fc.string({ maxLength: 5 }), { maxLength: 6 })
const metadata = fc.option(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue(), { maxKeys: 2 }), { nil: undefined })

const withMetadata = (chunks: Chunk[], data: Record<string, unknown> | undefined, at: number): Chunk[] =>
  data === undefined ? chunks : chunks.map((chunk, i) => (i === at % chunks.length ? { ...chunk, metadata: data } : chunk))

const segment: fc.Arbitrary<Chunk[]> = fc.oneof(
  fc.tuple(ids, deltas, metadata, fc.nat()).map(([id, parts, data, at]) => withMetadata(text(id, ...parts), data, at)),
  fc.tuple(ids, deltas, metadata, fc.nat()).map(([id, parts, data, at]) => withMetadata(reasoning(`r-${id}`, ...parts), data, at)),
  fc.tuple(ids, fc.jsonValue(), fc.boolean()).map(([id, input, isAnswered]): Chunk[] => {
    const json = JSON.stringify({ input })
    const pieces = [json.slice(0, 3), json.slice(3, 6), json.slice(6)].map((delta): Chunk => ({ type: 'TOOL_CALL_ARGS', toolCallId: id, delta }))
    const [start, , end] = toolCall(id, 'tool', {}) as [Chunk, Chunk, Chunk]
    return [start, ...pieces, end, ...(isAnswered ? [toolResult(id, input)] : [])]
  }),
  fc.tuple(ids, fc.jsonValue()).map(([id, data]): Chunk[] => [{ type: 'CUSTOM', name: `data-${id}`, value: { id, data } }]),
  ids.map((id): Chunk[] => [{ type: 'CUSTOM', name: 'source', value: { id, title: id } }]),
)

/** Segments woven into each other, each in its own order: several things may be open at once. */
const woven = fc.tuple(fc.array(segment, { maxLength: 6 }), fc.infiniteStream(fc.nat({ max: 5 }))).map(([segments, choices]) => {
  const left = segments.map((chunks) => [...chunks])
  const out: Chunk[] = []
  for (const choice of choices) {
    const open = left.filter((chunks) => chunks.length > 0)
    if (open.length === 0) break
    out.push(open[choice % open.length]!.shift()!)
  }
  return run(out)
})

const HISTORY: UIMessage[] = [
  { id: 'Q0', role: 'user', parts: [{ type: 'text', content: 'Q0' }] },
  { id: 'A0', role: 'assistant', parts: [{ type: 'text', content: 'A0' }] },
  { id: 'Q', role: 'user', parts: [{ type: 'text', content: 'Q' }] },
]
function begin() {
  let made = 0
  const transcript = new Transcript({ generateId: () => `made-${++made}` }, { messages: HISTORY })
  transcript.beginRun('Q', 'reply')
  return transcript
}
const isOpen = (part: MessagePart) =>
  'state' in part && (part.state === 'streaming' || part.state === 'input-streaming' || part.state === 'awaiting-input')

const SETTLED: ReadonlySet<string> = new Set(['complete', 'error', 'cancelled'])

/** What makes a list of messages a transcript. */
function expectValid(messages: readonly UIMessage[]) {
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
  messages.forEach(({ parentId }, i) => expect(parentId).toBe(i === 0 ? null : messages[i - 1]!.id))
  for (const { parts } of messages) {
    // An id that was answered may be used again, for another call.
    const calls = parts.flatMap((part) => (part.type === 'tool-call' && !SETTLED.has(part.state) ? [part.id] : []))
    expect(new Set(calls).size).toBe(calls.length)
  }
}

describe('for any valid run', () => {
  it('any prefix of it is a valid transcript, and closing it leaves nothing open and no empty message', () => {
    fc.assert(
      fc.property(woven, fc.nat({ max: 100 }), fc.constantFrom('finished' as const, 'stopped' as const), (chunks, length, ending) => {
        const transcript = begin()
        transcript.apply(chunks.slice(0, length))
        expectValid(transcript.messages())
        transcript.endRun(ending)
        expectValid(transcript.messages())
        const parts = transcript.messages().flatMap((message) => message.parts)
        expect(parts.filter(isOpen)).toEqual([])
        expect(transcript.messages().filter((message) => message.parts.length === 0)).toEqual([])
        const closed = transcript.messages()
        transcript.endRun(ending)
        expect(transcript.messages()).toBe(closed)
      }),
    )
  })
  it('any batching of its chunks gives the same messages', () => {
    fc.assert(
      fc.property(woven, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (chunks, sizes) => {
        const [one, each, batched] = [begin(), begin(), begin()]
        one.apply(chunks)
        for (const chunk of chunks) each.apply([chunk])
        for (let at = 0, i = 0; at < chunks.length; i++) {
          const size = sizes[i % sizes.length]!
          batched.apply(chunks.slice(at, at + size))
          at += size
        }
        expect(each.messages()).toEqual(one.messages())
        expect(batched.messages()).toEqual(one.messages())
      }),
    )
  })
  it('what was read is never written to again, whatever comes with the next read', () => {
    fc.assert(
      fc.property(woven, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (chunks, sizes) => {
        const transcript = begin()
        for (let at = 0, i = 0; at < chunks.length; i++) {
          const size = sizes[i % sizes.length]!
          transcript.apply(chunks.slice(at, at + size))
          at += size
          for (const message of transcript.messages()) [message, message.parts, ...message.parts].forEach(Object.freeze)
        }
        transcript.endRun('stopped')
      }),
    )
  })
  it('each text is the concatenation of its deltas, and so is each thought', () => {
    fc.assert(
      fc.property(woven, (chunks) => {
        const transcript = begin()
        transcript.apply(chunks)
        const expected = new Map<string, string>()
        for (const chunk of chunks) {
          if (chunk.type !== 'TEXT_MESSAGE_CONTENT' && chunk.type !== 'REASONING_MESSAGE_CONTENT') continue
          const key = `${chunk.type === 'TEXT_MESSAGE_CONTENT' ? 'text' : 'thinking'} ${chunk.messageId}`
          expected.set(key, (expected.get(key) ?? '') + chunk.delta)
        }
        for (const part of transcript
          .messages()
          .slice(HISTORY.length)
          .flatMap(({ parts }) => parts)) {
          if (part.type === 'text' || part.type === 'thinking') expect(part.content).toBe(expected.get(`${part.type} ${part.messageId}`) ?? '')
        }
      }),
    )
  })
  it('untouched messages and untouched parts keep their identity, chunk by chunk', () => {
    fc.assert(
      fc.property(woven, (chunks) => {
        const transcript = begin()
        for (const chunk of chunks) {
          const before = transcript.messages()
          transcript.apply([chunk])
          const after = transcript.messages()
          for (let i = 0; i < HISTORY.length; i++) expect(after[i]).toBe(before[i])
          const [was, is] = [before[HISTORY.length], after[HISTORY.length]]
          if (!was || !is || was === is) continue
          const changed = was.parts.filter((part, i) => part !== is.parts[i])
          // A result changes its call, and the result before it if there was one.
          expect(changed.length).toBeLessThanOrEqual(chunk.type === 'TOOL_CALL_RESULT' ? 2 : 1)
        }
      }),
    )
  })
  it('a chunk that changes nothing changes no identity', () => {
    fc.assert(
      fc.property(woven, (chunks) => {
        const transcript = begin()
        transcript.apply(chunks)
        const before = transcript.messages()
        transcript.apply([
          { type: 'STATE_SNAPSHOT', snapshot: 1 },
          { type: 'RAW', event: 1 },
          { type: 'STEP_STARTED', stepName: 's' },
        ])
        expect(transcript.messages()).toBe(before)
      }),
    )
  })
  it('no prototype is touched, whatever the ids and keys are', () => {
    fc.assert(
      fc.property(woven, (chunks) => {
        const transcript = begin()
        transcript.apply(JSON.parse(JSON.stringify(chunks)) as Chunk[])
        expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('a')
        for (const { parts } of transcript.messages()) for (const part of parts) expect(Object.getPrototypeOf(part)).toBe(Object.prototype)
      }),
    )
  })
})
