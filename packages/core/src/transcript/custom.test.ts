import { describe, expect, it } from 'vitest'
import { text } from '../../testing/index.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { applyChunk } from './apply-chunk.ts'
import type { UIMessage } from './message.ts'

const empty: UIMessage = { id: 'm', role: 'assistant', parts: [] }
const custom = (name: string, value: unknown): Chunk => ({ type: 'CUSTOM', name, value })
const after = (...chunks: Chunk[]) => chunks.reduce((message, chunk) => applyChunk(message, chunk), empty)

describe('CUSTOM file', () => {
  it('becomes an image, a sound, a film or a document, by its media type', () => {
    const kinds = ['image/png', 'audio/mpeg', 'video/mp4', 'application/pdf'].map((mediaType) => custom('file', { mediaType, url: 'https://a.b/c' }))
    expect(after(...kinds).parts.map(({ type }) => type)).toEqual(['image', 'audio', 'video', 'document'])
  })
  it('keeps an address as it is, and takes the bytes out of a data URL', () => {
    expect(
      after(
        custom('file', { mediaType: 'image/png', url: 'data:image/png;base64,AAAA' }),
        custom('file', { mediaType: 'text/plain', url: 'data:,hi' }),
      ).parts,
    ).toEqual([
      { type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' } },
      { type: 'document', source: { type: 'url', value: 'data:,hi', mimeType: 'text/plain' } },
    ])
  })
  it('with an id takes the place of the one that has it', () => {
    const { parts } = after(
      custom('file', { id: 'f', mediaType: 'image/png', url: 'https://a.b/draft', filename: 'cat.png' }),
      ...text('t', 'Hi'),
      custom('file', { id: 'f', mediaType: 'image/png', url: 'https://a.b/final', metadata: { seed: 1 } }),
    )
    expect(parts).toMatchObject([{ type: 'image', source: { value: 'https://a.b/final' }, metadata: { id: 'f', seed: 1 } }, { type: 'text' }])
  })
  it('without media type or address is nothing', () => {
    for (const value of [null, {}, { mediaType: 'image/png' }, { url: 'x' }]) expect(after(custom('file', value))).toBe(empty)
  })
})

describe('CUSTOM message-metadata', () => {
  it('is merged deeply, lists are replaced', () => {
    const message = after(custom('message-metadata', { a: { b: 1, l: [1, 2] }, n: 1 }), custom('message-metadata', { a: { c: 2, l: [3] } }))
    expect(message.metadata).toEqual({ a: { b: 1, c: 2, l: [3] }, n: 1 })
  })
  it('takes __proto__ as a key', () => {
    const message = after(
      custom('message-metadata', JSON.parse('{"__proto__":{"polluted":true}}')),
      custom('message-metadata', JSON.parse('{"__proto__":{"more":1}}')),
    )
    expect(JSON.stringify(message.metadata)).toBe('{"__proto__":{"polluted":true,"more":1}}')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
  it('that is no object is nothing', () => {
    for (const value of [null, 1, 'x', []]) expect(after(custom('message-metadata', value))).toBe(empty)
  })
})

describe('CUSTOM data-…', () => {
  it('stays, unless it is transient', () => {
    expect(after(custom('data-chart', { data: [1] }), custom('data-tick', { data: 1, transient: true })).parts).toEqual([
      { type: 'data', name: 'chart', data: [1] },
    ])
  })
})
