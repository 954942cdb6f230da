import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { run, text, toolCall, toolResult } from '../../testing/index.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { applyChunk, hasContent } from './apply-chunk.ts'
import { finalise } from './finalise.ts'
import type { MessagePart, StructuredOutputPart, UIMessage } from './message.ts'
import { settleOutput, structuredOutputOf } from './structured-output.ts'
import { toWireMessages } from './to-wire.ts'
import { Transcript } from './transcript.ts'

const empty: UIMessage = { id: 'm', role: 'assistant', parts: [] }
const after = (...chunks: Chunk[]) => chunks.reduce(applyChunk, empty)
const parts = (...chunks: Chunk[]) => after(...chunks).parts
const start = (messageId: string): Chunk => ({ type: 'CUSTOM', name: 'structured-output.start', value: { messageId } })
const complete = (value: { messageId?: string; object: unknown; raw?: string }): Chunk => ({
  type: 'CUSTOM',
  name: 'structured-output.complete',
  value,
})
const delta = (messageId: string, content: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: content })
const begin = (messageId: string): Chunk => ({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' })

describe('a structured answer', () => {
  it('is announced, grows with its text and is completed', () => {
    expect(parts(start('t'))).toEqual([{ type: 'structured-output', raw: '', status: 'streaming', messageId: 't' }])
    const chunks = [start('t'), begin('t'), delta('t', '{"name":"A'), delta('t', 'nn","age":3')]
    expect(parts(...chunks)).toEqual([
      { type: 'structured-output', raw: '{"name":"Ann","age":3', status: 'streaming', partial: { name: 'Ann' }, messageId: 't' },
    ])
    expect(parts(...chunks, delta('t', '}'), complete({ messageId: 't', object: { name: 'Ann', age: 3 } }))).toEqual([
      {
        type: 'structured-output',
        raw: '{"name":"Ann","age":3}',
        status: 'complete',
        partial: { name: 'Ann', age: 3 },
        data: { name: 'Ann', age: 3 },
        messageId: 't',
      },
    ])
  })
  it('is open until it is completed: the end of its text does not close it', () => {
    const message = after(start('t'), ...text('t', '{}'))
    expect(structuredOutputOf(message)).toMatchObject({ status: 'streaming', raw: '{}' })
    expect(applyChunk(message, { type: 'TEXT_MESSAGE_END', messageId: 't' })).toBe(message)
  })
  it('announced twice is one', () => {
    const message = after(start('t'), delta('t', '{'))
    expect(applyChunk(message, start('t'))).toBe(message)
  })
  it('takes over a text that had begun before it was announced', () => {
    expect(parts(begin('t'), delta('t', '{"a":"x'), start('t'), delta('t', 'y"'))).toEqual([
      { type: 'structured-output', raw: '{"a":"xy"', status: 'streaming', partial: { a: 'xy' }, messageId: 't' },
    ])
  })
  it('leaves a text alone that was closed, and texts of other ids', () => {
    expect(parts(...text('t', 'Let me see.'), start('t'), delta('t', '{"a":"x"'), ...text('u', 'Well.'))).toMatchObject([
      { type: 'text', content: 'Let me see.', state: 'done' },
      { type: 'structured-output', partial: { a: 'x' } },
      { type: 'text', content: 'Well.' },
    ])
  })
  it('that nobody announced is complete from the start, with its JSON', () => {
    expect(parts(complete({ object: { a: 1 } }))).toEqual([
      { type: 'structured-output', raw: '{"a":1}', status: 'complete', partial: { a: 1 }, data: { a: 1 } },
    ])
    expect(parts(complete({ messageId: 't', object: null, raw: ' null' }))).toEqual([
      { type: 'structured-output', raw: ' null', status: 'complete', partial: null, data: null, messageId: 't' },
    ])
  })
  it('completed without an id is the one that is open', () => {
    expect(parts(start('t'), delta('t', '{"a":1}'), complete({ object: { a: 1 } }))).toMatchObject([
      { status: 'complete', raw: '{"a":1}', data: { a: 1 }, messageId: 't' },
    ])
  })
  it('completed twice has the later value', () => {
    expect(parts(start('t'), complete({ messageId: 't', object: 1 }), complete({ messageId: 't', object: 2 }))).toMatchObject([{ data: 2 }])
  })
  it('completed under the id of prose stands beside it; under the id of its own text it takes its place', () => {
    expect(parts(...text('t', 'Here you are.'), complete({ messageId: 't', object: [], raw: '[]' }))).toMatchObject([
      { type: 'text', content: 'Here you are.' },
      { type: 'structured-output', data: [] },
    ])
    expect(parts(...text('t', '[1]'), complete({ messageId: 't', object: [1], raw: '[1]' }))).toMatchObject([
      { type: 'structured-output', raw: '[1]', data: [1] },
    ])
  })
  it('opens a second one when the same id is announced again', () => {
    expect(parts(start('t'), delta('t', '1'), complete({ messageId: 't', object: 1 }), start('t'), delta('t', '[2'))).toMatchObject([
      { status: 'complete', data: 1 },
      { status: 'streaming', raw: '[2' },
    ])
  })
  it('keeps an empty delta from making a new part', () => {
    const message = after(start('t'), delta('t', '{"a":"x'))
    expect(applyChunk(message, delta('t', ''))).toBe(message)
    expect(applyChunk(message, begin('t'))).toBe(message)
  })
  it('whose signal has no shape changes nothing', () => {
    const message = after(...text('t', 'a'))
    for (const value of [null, 7, 'x', {}, { messageId: 7 }]) {
      for (const name of ['structured-output.start', 'structured-output.complete']) {
        const chunk: Chunk = { type: 'CUSTOM', name, value }
        expect(applyChunk(message, chunk)).toBe(message)
        expect(hasContent(chunk)).toBe(false)
      }
    }
    expect([hasContent(start('t')), hasContent(complete({ object: 1 }))]).toEqual([true, true])
  })
  it('is right when the message was restored while it grew', () => {
    const restored = JSON.parse(JSON.stringify(after(start('t'), delta('t', '{"a":"x\\u00')))) as UIMessage
    expect(structuredOutputOf(applyChunk(restored, delta('t', 'e9')))).toMatchObject({ raw: '{"a":"x\\u00e9', partial: { a: 'xé' } })
  })
  it('of several is the last', () => {
    expect(structuredOutputOf(empty)).toBeUndefined()
    expect(structuredOutputOf(after(complete({ object: 1 }), complete({ object: 2 })))).toMatchObject({ data: 2 })
  })
})

describe('the end of a run', () => {
  const streaming = (raw: string) => after(start('t'), delta('t', raw))

  it('completes JSON that nobody completed', () => {
    expect(finalise(streaming('{"a":1}'), 'finished').parts).toEqual([
      { type: 'structured-output', raw: '{"a":1}', status: 'complete', partial: { a: 1 }, data: { a: 1 }, messageId: 't' },
    ])
    expect(finalise(streaming(' 42'), 'finished').parts).toMatchObject([{ status: 'complete', data: 42 }])
  })
  it('rejects what is not JSON, and says so', () => {
    expect(finalise(streaming('{"a":"x","b'), 'finished').parts).toEqual([
      {
        type: 'structured-output',
        raw: '{"a":"x","b',
        status: 'error',
        partial: { a: 'x' },
        errorMessage: expect.stringMatching(/^The answer is not valid JSON: ./),
        messageId: 't',
      },
    ])
  })
  it('that was stopped says so, also of text that is JSON by chance', () => {
    for (const raw of ['{"a":"x', '12']) {
      expect(finalise(streaming(raw), 'stopped').parts).toMatchObject([
        { status: 'error', raw, errorMessage: 'The answer was stopped before it was complete.' },
      ])
    }
  })
  it('removes one that never got a character', () => {
    for (const ending of ['finished', 'stopped'] as const) {
      expect(finalise(after(start('t')), ending).parts).toEqual([])
      expect(finalise(streaming(' \n'), ending).parts).toEqual([])
    }
  })
  it('makes text of words before a tool call', () => {
    const message = after(start('t'), delta('t', 'Let me see.'), ...toolCall('c', 'look', {}), start('u'), delta('u', '{"a":1}'))
    expect(finalise(message, 'finished').parts).toMatchObject([
      { type: 'text', content: 'Let me see.', state: 'done', messageId: 't' },
      { type: 'tool-call' },
      { type: 'structured-output', status: 'complete', data: { a: 1 } },
    ])
    expect(finalise(message, 'stopped').parts).toMatchObject([{ type: 'text' }, { type: 'tool-call' }, { status: 'error' }])
  })
  it('leaves what was settled as it is', () => {
    const settled = after(start('t'), complete({ messageId: 't', object: 1 }), ...text('u', 'a'))
    for (const ending of ['finished', 'stopped'] as const) expect(finalise(settled, ending)).toBe(settled)
    const rejected = finalise(streaming('{'), 'finished')
    expect(finalise(rejected, 'stopped')).toBe(rejected)
  })
})

describe('settling by a schema', () => {
  it('sets the value that the schema made, or why there is none, on the last output', () => {
    const message = after(complete({ object: 1 }), start('t'), delta('t', '{"day":"2026-01-01"}'), complete({ object: { day: '2026-01-01' } }))
    const day = new Date(0)
    expect(settleOutput(message, { data: { day } }).parts).toMatchObject([{ data: 1 }, { status: 'complete', data: { day }, partial: { day } }])
    const failed = settleOutput(message, { error: 'day: not a date' })
    expect(failed.parts[1]).toEqual({
      type: 'structured-output',
      raw: '{"day":"2026-01-01"}',
      status: 'error',
      partial: { day: '2026-01-01' },
      errorMessage: 'day: not a date',
      messageId: 't',
    })
    expect(failed.parts[0]).toBe(message.parts[0])
    expect(settleOutput(failed, { data: 5 }).parts[1]).toEqual({
      type: 'structured-output',
      raw: '{"day":"2026-01-01"}',
      status: 'complete',
      partial: 5,
      data: 5,
      messageId: 't',
    })
  })
  it('leaves a message without an output alone', () => {
    const message = after(...text('t', 'a'))
    expect(settleOutput(message, { data: 1 })).toBe(message)
  })
})

describe('the next request', () => {
  it('has the answer as the text that it was', () => {
    expect(toWireMessages([after(start('t'), ...text('t', '{"a":1}'), complete({ messageId: 't', object: { a: 1 } }))])).toEqual([
      { id: 't', role: 'assistant', content: '{"a":1}' },
    ])
    expect(toWireMessages([after(complete({ object: { a: 1 } }))])).toEqual([{ id: 'm', role: 'assistant', content: '{"a":1}' }])
  })
  it('has what came of an answer that was cut off', () => {
    expect(toWireMessages([finalise(after(start('t'), delta('t', '{"a"')), 'stopped')])).toMatchObject([{ role: 'assistant', content: '{"a"' }])
  })
})

describe('a run', () => {
  const question: UIMessage = { id: 'Q', role: 'user', parts: [{ type: 'text', content: 'Q' }] }
  function answering(options: { structured?: boolean } | undefined, ...chunks: Chunk[]) {
    let made = 0
    const transcript = new Transcript({ generateId: () => `id-${++made}` }, { messages: [question] })
    transcript.beginRun('Q', 'reply', options)
    transcript.apply(chunks)
    return transcript
  }

  it('names its message after the wire message that was announced', () => {
    expect(answering(undefined, start('t'), ...text('t', '1')).runMessage()?.id).toBe('t')
    expect(answering(undefined, complete({ messageId: 't', object: 1 })).runMessage()?.id).toBe('t')
    expect(answering(undefined, complete({ object: 1 })).runMessage()?.id).toBe('id-1')
  })
  it('that is structured takes every text for an answer, without a word of the server', () => {
    for (const chunks of [text('t', '{"a":', '"x"}'), [delta('t', '{"a":'), delta('t', '"x"}')]]) {
      const transcript = answering({ structured: true }, ...chunks)
      expect(transcript.runMessage()?.parts).toEqual([
        { type: 'structured-output', raw: '{"a":"x"}', status: 'streaming', partial: { a: 'x' }, messageId: 't' },
      ])
      transcript.endRun('finished')
      expect(transcript.runMessage()?.parts).toMatchObject([{ status: 'complete', data: { a: 'x' } }])
    }
  })
  it('that is not structured has text', () => {
    for (const options of [undefined, {}, { structured: false }]) {
      expect(answering(options, ...text('t', '{}')).runMessage()?.parts).toMatchObject([{ type: 'text', content: '{}' }])
    }
  })
  it('that is structured leaves texts in other roles alone', () => {
    const transcript = answering(
      { structured: true },
      { type: 'TEXT_MESSAGE_START', messageId: 's', role: 'system' },
      delta('s', 'Note.'),
      ...text('t', '1'),
    )
    expect(transcript.messages().map(({ role, parts: [part] }) => `${role} ${part?.type}`)).toEqual([
      'user text',
      'system text',
      'assistant structured-output',
    ])
  })
  it('that is structured leaves the words of its subagents alone', () => {
    const said = text('s', 'I found it.').map((chunk) => ({ ...chunk, subagentRunId: 'sub' }))
    expect(answering({ structured: true }, ...said, ...text('t', '1')).runMessage()?.parts).toMatchObject([
      { type: 'text', content: 'I found it.' },
      { type: 'structured-output', raw: '1' },
    ])
  })
  it('that is structured keeps words before a tool call as text, and the answer as output', () => {
    const chunks = [...text('t', 'Let me see.'), ...toolCall('c', 'look', {}), toolResult('c', 1), ...text('u', '{"a":1}')]
    const transcript = answering({ structured: true }, ...chunks)
    transcript.endRun('finished')
    expect(transcript.runMessage()?.parts.map(({ type }) => type)).toEqual(['text', 'tool-call', 'tool-result', 'structured-output'])
    expect(structuredOutputOf(transcript.runMessage()!)).toMatchObject({ status: 'complete', data: { a: 1 } })
  })
  it('that is structured does so also when both have one id', () => {
    const chunks = [...text('t', 'Let me see.'), ...toolCall('c', 'look', {}), toolResult('c', 1), ...text('t', '{"a":1}')]
    const transcript = answering({ structured: true }, ...chunks)
    transcript.endRun('finished')
    expect(transcript.runMessage()?.parts).toMatchObject([{ content: 'Let me see.' }, {}, {}, { status: 'complete', data: { a: 1 } }])
  })
  it('that is structured goes on with its answer around a tool call', () => {
    const [opened, whole, closed] = toolCall('c', 'look', {}) as [Chunk, Chunk, Chunk]
    const chunks = [begin('t'), delta('t', '{"a"'), opened, whole, delta('t', ':"x'), closed]
    expect(answering({ structured: true }, ...chunks).runMessage()?.parts).toMatchObject([{ raw: '{"a":"x', partial: { a: 'x' } }, {}])
  })
  it('that is structured does not take what follows a completed answer for another', () => {
    const message = answering({ structured: true }, ...text('t', '1'), complete({ messageId: 't', object: 1 }), delta('t', ' Done.')).runMessage()!
    expect(structuredOutputOf(message)).toMatchObject({ status: 'complete', data: 1 })
  })
})

const ids = fc.constantFrom('a', 'b')
const segment: fc.Arbitrary<Chunk[]> = fc.oneof(
  fc
    .tuple(ids, fc.jsonValue(), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), fc.constantFrom('early', 'late', 'never'), fc.boolean())
    .map(([id, value, sizes, announced, isCompleted]): Chunk[] => {
      const raw = JSON.stringify(value)
      const deltas: Chunk[] = []
      for (let at = 0, i = 0; at < raw.length; at += sizes[i++ % sizes.length]!) deltas.push(delta(id, raw.slice(at, at + sizes[i % sizes.length]!)))
      return [
        ...(announced === 'early' ? [start(id)] : []),
        begin(id),
        ...deltas.flatMap((chunk, i) => (announced === 'late' && i === 1 ? [start(id), chunk] : [chunk])),
        { type: 'TEXT_MESSAGE_END', messageId: id },
        ...(isCompleted ? [complete({ messageId: id, object: value, raw })] : []),
      ]
    }),
  fc.tuple(ids, fc.array(fc.string())).map(([id, words]) => text(id, ...words)),
  ids.map((id) => toolCall(`call-${id}`, 'look', {})),
)
const runs = fc.array(segment, { maxLength: 4 }).map((segments) => run(segments.flat()))
const isOpen = (part: MessagePart) => part.type === 'structured-output' && part.status === 'streaming'

describe('for any run with structured answers', () => {
  function begun(structured: boolean) {
    let made = 0
    const transcript = new Transcript(
      { generateId: () => `made-${++made}` },
      { messages: [{ id: 'Q', role: 'user', parts: [{ type: 'text', content: 'Q' }] }] },
    )
    transcript.beginRun('Q', 'reply', { structured })
    return transcript
  }

  it('any prefix is a valid transcript, and closing it leaves nothing open', () => {
    fc.assert(
      fc.property(
        runs,
        fc.nat({ max: 60 }),
        fc.boolean(),
        fc.constantFrom('finished' as const, 'stopped' as const),
        (chunks, length, structured, ending) => {
          const transcript = begun(structured)
          transcript.apply(chunks.slice(0, length))
          for (const { parts: all } of transcript.messages()) {
            for (const part of all) if (part.type === 'structured-output') expect(part.status === 'complete').toBe('data' in part)
          }
          transcript.endRun(ending)
          const closed = transcript.messages()
          expect(closed.flatMap((message) => message.parts).filter(isOpen)).toEqual([])
          expect(closed.filter((message) => message.parts.length === 0)).toEqual([])
          for (const part of closed.flatMap((message) => message.parts)) if (part.type === 'structured-output') expectSound(part)
          expect(toWireMessages(closed).filter((message) => message.content === '')).toEqual([])
          transcript.endRun(ending)
          expect(transcript.messages()).toBe(closed)
        },
      ),
    )
  })
  it('no character is lost: what goes back to the server is what it said', () => {
    fc.assert(
      fc.property(runs, fc.boolean(), (chunks, structured) => {
        const transcript = begun(structured)
        const deltas = chunks.filter((chunk) => chunk.type === 'TEXT_MESSAGE_CONTENT')
        transcript.apply(
          deltas.length === chunks.length ? [] : chunks.filter((chunk) => !(chunk.type === 'CUSTOM' && chunk.name.endsWith('complete'))),
        )
        const held = new Map<string, string>()
        for (const part of transcript
          .messages()
          .slice(1)
          .flatMap((message) => message.parts)) {
          if (part.type !== 'text' && part.type !== 'structured-output') continue
          held.set(part.messageId!, (held.get(part.messageId!) ?? '') + (part.type === 'text' ? part.content : part.raw))
        }
        for (const id of ['a', 'b']) {
          const said = deltas.map((chunk) => (chunk.messageId === id ? chunk.delta : '')).join('')
          expect([...(held.get(id) ?? '')].toSorted()).toEqual([...said].toSorted())
        }
      }),
    )
  })
  it('any batching gives the same messages', () => {
    fc.assert(
      fc.property(runs, fc.boolean(), (chunks, structured) => {
        const [one, each] = [begun(structured), begun(structured)]
        one.apply(chunks)
        for (const chunk of chunks) each.apply([chunk])
        expect(each.messages()).toEqual(one.messages())
      }),
    )
  })
  it('untouched parts keep their identity, chunk by chunk', () => {
    fc.assert(
      fc.property(runs, fc.boolean(), (chunks, structured) => {
        const transcript = begun(structured)
        for (const chunk of chunks) {
          const before = transcript.messages()
          transcript.apply([chunk])
          const now = transcript.messages()
          expect(now[0]).toBe(before[0])
          if (!before[1] || !now[1]) continue
          expect(before[1].parts.filter((part, i) => part !== now[1]!.parts[i]).length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})

function expectSound(part: StructuredOutputPart) {
  if (part.status === 'complete') expect(JSON.stringify(JSON.parse(part.raw))).toBe(JSON.stringify(part.data))
  else expect(part.errorMessage).toMatch(/./)
}
