import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frame, FrameDecoder } from './frame.ts'
import { createSseDecoder, encodeSse, encodeSseComment } from './sse.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const plain = (frames: Frame[]) => frames.map(({ data, id, event }) => ({ data, id, event }))

function decode(decoder: FrameDecoder, ...parts: Uint8Array[]) {
  return plain([...parts.flatMap((part) => decoder.feed(part)), ...decoder.end()])
}
const frame = (data: string, more: Partial<Frame> = {}) => ({ data, id: undefined, event: undefined, ...more })

const events = [
  'data: {"a":1}',
  '',
  ': a comment',
  'event: note',
  'id: 7',
  'data: Grüße 👋 \u2028',
  'data:second line',
  '',
  'retry: 100',
  'nonsense',
  'data',
  '',
  '',
].join('\n')
const expected = [frame('{"a":1}'), frame('Grüße 👋 \u2028\nsecond line', { id: '7', event: 'note' }), frame('')]

const fixtures: [name: string, text: string, frames: unknown[]][] = [
  ['LF', events, expected],
  ['CRLF', events.replaceAll('\n', '\r\n'), expected],
  ['CR', events.replaceAll('\n', '\r'), expected],
  ['a byte order mark', `\uFEFF${events}`, expected],
  ['mixed line ends', 'data: a\r\n\ndata: b\r\rdata: c\n\r\n', [frame('a'), frame('b'), frame('c')]],
  ['an event without its blank line', 'data: a\n\ndata: b\n', [frame('a')]],
  ['comments only', ':\n\n: ping\n\n', []],
  ['nothing', '', []],
]

describe('createSseDecoder', () => {
  it.each(fixtures)('gives the same frames at every byte split: %s', (_, text, frames) => {
    const bytes = bytesOf(text)
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decode(createSseDecoder(), bytes.subarray(0, at), bytes.subarray(at))).toEqual(frames)
    }
    expect(decode(createSseDecoder(), ...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(frames)
  })
  it.each(fixtures)('gives the same frames at every two splits: %s', (_, text, frames) => {
    const bytes = bytesOf(text)
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        expect(decode(createSseDecoder(), bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to))).toEqual(frames)
      }),
    )
  })
  it('decodes what it encodes', () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\r', ' '))
    const oneLine = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/[\r\n\0]/.test(value))
    const frames = fc.array(fc.record({ data: text, id: fc.option(oneLine, { nil: undefined }), event: fc.option(oneLine, { nil: undefined }) }))
    fc.assert(
      fc.property(frames, fc.nat(), (input, seed) => {
        const bytes = bytesOf(input.map((each) => encodeSseComment('c') + encodeSse(each)).join(''))
        const at = bytes.length === 0 ? 0 : seed % bytes.length
        expect(decode(createSseDecoder(), bytes.subarray(0, at), bytes.subarray(at))).toEqual(input)
      }),
    )
  })
  it('decodes JSON, any line break in it included', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(decode(createSseDecoder(), bytesOf(encodeSse({ data: json })))).toEqual([frame(json)])
      }),
    )
  })
  it('refuses an event beyond its bound, complete or not', () => {
    const long = `data: ${'x'.repeat(200)}`
    const error = expect.objectContaining({ code: 'protocol', message: expect.stringContaining('longer than 100 characters') })
    expect(() => createSseDecoder({ maxFrameSize: 100 }).feed(bytesOf(long))).toThrow(error)
    expect(() => createSseDecoder({ maxFrameSize: 100 }).feed(bytesOf(`${long}\n\n`))).toThrow(error)
    expect(createSseDecoder({ maxFrameSize: 200 }).feed(bytesOf(`${long}\n\n`))).toHaveLength(1)
  })
})

describe('encodeSse', () => {
  it('writes id and event before the data, and one data line for each line', () => {
    expect(encodeSse({ data: 'a\r\nb\rc', id: '7', event: 'note' })).toBe('id: 7\nevent: note\ndata: a\ndata: b\ndata: c\n\n')
  })
  it('refuses an id that would break out of its line', () => {
    expect(() => encodeSse({ data: '', id: 'a\ndata: forged' })).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
  it('keeps a comment a comment, also with line breaks', () => {
    expect(encodeSseComment('a\ndata: b')).toBe(': a\n: data: b\n\n')
  })
})
