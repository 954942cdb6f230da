import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPositions, isKept } from './positions.ts'

describe('ids that count', () => {
  it('are new once, in any mixture of repeats', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (jumps) => {
        const positions = createPositions()
        let come = 0
        for (const jump of jumps) {
          const seq = Math.max(1, Math.min(jump, come + 1))
          expect(positions.isNew(`1-${seq}`)).toBe(seq > come)
          come = Math.max(come, seq)
          expect(positions.count()).toBe(come)
        }
      }),
    )
  })
  it('go on after the cursor, also under another producer', () => {
    const positions = createPositions('1-7')
    expect(positions.isNew('1-7')).toBe(false)
    expect(positions.isNew('2-8')).toBe(true)
    expect(positions.last()).toBe('2-8')
    expect(positions.count()).toBe(8)
  })
  it('show a gap', () => {
    const positions = createPositions('1-7')
    expect(() => positions.isNew('1-9')).toThrow(
      expect.objectContaining({ code: 'truncated', message: expect.stringContaining('1-9 came after 1-7') }),
    )
    expect(positions.last()).toBe('1-7')
    expect(() => createPositions('').isNew('1-2')).toThrow(/after none/)
  })
})

describe('other ids', () => {
  it('are opaque: only the cursor itself was seen', () => {
    const positions = createPositions('memory:v1:run:3')
    expect(positions.isNew('memory:v1:run:3')).toBe(false)
    expect(positions.isNew('memory:v1:run:9')).toBe(true)
    expect(positions.last()).toBe('memory:v1:run:9')
    expect(positions.count()).toBe(0)
  })
  it('may be the same for many events: what is new is not told by them', () => {
    const positions = createPositions('m1')
    expect(['m1', 'm1', 'm1'].map((id) => positions.isNew(id))).toEqual([false, true, true])
    const fresh = createPositions()
    expect(['m1', 'm1'].map((id) => fresh.isNew(id))).toEqual([true, true])
  })
  it('of a Redis stream are no counters', () => {
    const positions = createPositions('1526919030474-0')
    expect(positions.isNew('1526919030480-5')).toBe(true)
  })
})

it.each([
  ['1-42', true],
  ['memory:v1:run:3', true],
  ['tanstack-ai-ds:v1:{"o":1}', true],
  ['42', false],
  ['m1', false],
  ['1526919030474-0', false],
])('of a server that names an event %s it is known whether it keeps them: %s', (id, isKnown) => {
  expect(isKept(id)).toBe(isKnown)
})
