import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrameDecoder } from './frame.ts'
import { createNdjsonDecoder, encodeNdjson } from './ndjson.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

function decode(decoder: FrameDecoder, ...parts: Uint8Array[]) {
  const frames = [...parts.flatMap((part) => decoder.feed(part)), ...decoder.end()]
  return frames.map(({ data, id }) => ({ value: JSON.parse(data) as unknown, id }))
}

const lines = [
  '{"a":1}',
  '',
  '"Grüße 👋 \u2028"',
  '  ',
  '{"id":"7","chunk":{"type":"X","s":"a}\\"b"}}',
  '{ "chunk": [1], "id": "8" }',
  '{"id":"9","type":"content","chunk":1}',
  '',
].join('\n')
const expected = [
  { value: { a: 1 }, id: undefined },
  { value: 'Grüße 👋 \u2028', id: undefined },
  { value: { type: 'X', s: 'a}"b' }, id: '7' },
  { value: [1], id: '8' },
  { value: { id: '9', type: 'content', chunk: 1 }, id: undefined },
]

const fixtures: [name: string, text: string, frames: unknown[]][] = [
  ['LF', lines, expected],
  ['CRLF', lines.replaceAll('\n', '\r\n'), expected],
  ['a byte order mark', `\uFEFF${lines}`, expected],
  ['blank space after the last line', '1\n  \r', [{ value: 1, id: undefined }]],
  ['nothing', '', []],
]

describe('createNdjsonDecoder', () => {
  it.each(fixtures)('gives the same frames at every byte split: %s', (_, text, frames) => {
    const bytes = bytesOf(text)
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decode(createNdjsonDecoder(), bytes.subarray(0, at), bytes.subarray(at))).toEqual(frames)
    }
    expect(decode(createNdjsonDecoder(), ...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(frames)
  })
  it('decodes what it encodes', () => {
    const line = fc.record({ value: fc.jsonValue(), id: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }) })
    fc.assert(
      fc.property(fc.array(line), fc.nat(), (input, seed) => {
        const bytes = bytesOf(input.map(({ value, id }) => encodeNdjson(value, id)).join(''))
        const at = bytes.length === 0 ? 0 : seed % bytes.length
        const asJson = input.map(({ value, id }) => ({ value: JSON.parse(JSON.stringify(value)) as unknown, id }))
        expect(decode(createNdjsonDecoder(), bytes.subarray(0, at), bytes.subarray(at))).toEqual(asJson)
      }),
    )
  })
  it('an unterminated last line is a truncation', () => {
    const decoder = createNdjsonDecoder()
    expect(decoder.feed(bytesOf('{"a":1}\n{"b"'))).toHaveLength(1)
    expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'truncated' }))
  })
  it('refuses a line beyond its bound, complete or not', () => {
    const error = expect.objectContaining({ code: 'protocol', message: expect.stringContaining('longer than 100 characters') })
    const decoder = createNdjsonDecoder({ maxFrameSize: 100 })
    decoder.feed(bytesOf('x'.repeat(60)))
    expect(() => decoder.feed(bytesOf('x'.repeat(60)))).toThrow(error)
    expect(() => createNdjsonDecoder({ maxFrameSize: 100 }).feed(bytesOf(`${'x'.repeat(101)}\n`))).toThrow(error)
  })
})
