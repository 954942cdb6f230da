import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTime } from '../src/text/format-time.ts'
import { preview } from '../src/text/preview.ts'

describe('a preview', () => {
  it.each([
    ['text', '"text"'],
    [12, '12'],
    [null, 'null'],
    [{ a: 1, b: ['x', { c: true }] }, '{a: 1, b: ["x", {c: true}]}'],
    [{ id: 1, runId: 2, delta: 'x' }, '{delta: "x", id: 1, runId: 2}'],
    [{ gone: undefined, there: 1 }, '{there: 1}'],
    [new Error('boom'), 'Error: boom'],
    [[], '[]'],
  ])('shows %o as %s', (value, shown) => {
    expect(preview(value)).toBe(shown)
  })
  it('is never longer than it may be', () => {
    fc.assert(fc.property(fc.anything(), fc.integer({ min: 1, max: 60 }), (value, length) => preview(value, length).length <= length))
  })
  it('reads no more of a long list than it shows', () => {
    let reads = 0
    const list = new Proxy(
      Array.from({ length: 100_000 }, () => 'item'),
      {
        get(target, key) {
          reads++
          return Reflect.get(target, key)
        },
      },
    )
    expect(preview(list, 40)).toHaveLength(40)
    expect(reads).toBeLessThan(20)
  })
  it('comes to an end with a value that holds itself', () => {
    const value: Record<string, unknown> = {}
    value['self'] = value
    expect(preview(value)).toContain('…')
  })
})

describe('a time', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [3410, '3.41 s'],
    [125_300, '2:05.3'],
  ])('of %d ms reads %s', (ms, text) => {
    expect(formatTime(ms)).toBe(text)
  })
})
