import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPartialJson } from './partial-json.ts'

/** The value after each piece. */
function valuesOf(pieces: readonly string[]): unknown[] {
  const parser = createPartialJson()
  return pieces.map((piece) => {
    parser.write(piece)
    return parser.value()
  })
}
const valueOf = (...pieces: string[]) => valuesOf(pieces).at(-1)
/** One character at a time. */
const valueOfEach = (text: string) => valueOf(...text.split(''))

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = []
  for (let at = 0, i = 0; at < text.length; i++) {
    pieces.push(text.slice(at, at + sizes[i % sizes.length]!))
    at += sizes[i % sizes.length]!
  }
  return pieces
}
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })
/** JSON as people and models write it: with and without spaces, any escape or none. */
const spaces = fc.constantFrom(undefined, 1, '\t')
const escaped = (json: string) => json.replace(/[^\x20-\x7e\s]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const json = fc
  .tuple(fc.jsonValue({ stringUnit: 'binary', depthSize: 'medium' }), spaces, fc.boolean())
  .map(([value, space, isEscaped]) => (isEscaped ? escaped(JSON.stringify(value, null, space)) : JSON.stringify(value, null, space)))

/** Whether a value may become the other by more text: nothing in it is ever taken back. */
function isPrefix(part: unknown, whole: unknown): boolean {
  if (part === undefined) return true
  if (typeof part === 'string') return typeof whole === 'string' && whole.startsWith(part)
  if (part === null || typeof part !== 'object') return Object.is(part, whole)
  if (whole === null || typeof whole !== 'object' || Array.isArray(part) !== Array.isArray(whole)) return false
  return Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && isPrefix(value, (whole as Record<string, unknown>)[key]))
}

function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}

describe('the value of a text that grows', () => {
  it('is nothing before there is a value', () => {
    expect(valuesOf(['', ' \n\r\t'])).toEqual([undefined, undefined])
  })
  it('has a field when its value has begun', () => {
    expect(valuesOf(['{', '"na', 'me"', ' : ', '"', 'A', 'nn"', ', "tags":', '[', '"a', '"]}'])).toEqual([
      {},
      {},
      {},
      {},
      { name: '' },
      { name: 'A' },
      { name: 'Ann' },
      { name: 'Ann' },
      { name: 'Ann', tags: [] },
      { name: 'Ann', tags: ['a'] },
      { name: 'Ann', tags: ['a'] },
    ])
  })
  it('has a number when something follows it, since 1 of 100 is another number', () => {
    expect(valuesOf(['[1', '00', ' ', ',-', '2.5e', '1', ']'])).toEqual([[], [], [100], [100], [100], [100], [100, -25]])
    expect(valuesOf(['42', '\n'])).toEqual([undefined, 42])
  })
  it('has true, false and null when they are whole', () => {
    expect(valuesOf(['[tru', 'e', ',f', 'alse,', 'nul', 'l'])).toEqual([[], [true], [true], [true, false], [true, false], [true, false, null]])
  })
  it('holds half an escape back until it is whole', () => {
    expect(valuesOf(['"a\\', 'n', 'b\\u0', '0', 'e9', '"'])).toEqual(['a', 'a\n', 'a\nb', 'a\nb', 'a\nbé', 'a\nbé'])
  })
  it('holds half a character back until it is whole, raw and escaped', () => {
    expect(valuesOf(['"a\ud83d', '\ude00', 'b"'])).toEqual(['a', 'a😀', 'a😀b'])
    expect(valuesOf(['"a\\ud83d', '\\ude', '00', '"'])).toEqual(['a', 'a', 'a😀', 'a😀'])
  })
  it('gives half a character that stays alone as JSON.parse does', () => {
    for (const text of ['"\\ud83d"', '"\\ud83dx"', '"\\ude00"', '"\\ud83d\\ud83d\\ude00"', '"\ud83d"'])
      expect(valueOfEach(text)).toBe(JSON.parse(text))
  })
  it('of two fields with one name has the last, as for JSON.parse', () => {
    expect(valueOf('{"a":{"b":1},"c":2,"a":3}')).toEqual({ a: 3, c: 2 })
    expect(Object.keys(valueOf('{"a":1,"c":2,"a":3}') as object)).toEqual(['a', 'c'])
  })
  it('takes __proto__ and constructor for names like any other', () => {
    const text = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":1},"b":["x"]}'
    for (const value of [valueOf(text), valueOfEach(text)] as object[]) {
      expect(JSON.stringify(value)).toBe(text)
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'b'])
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
  it('may be nested 10,000 levels deep', () => {
    const depth = 10_000
    const text = '{"a":['.repeat(depth) + '"leaf"' + ']}'.repeat(depth)
    let at = valueOf(...cut(text, [1000]))
    for (let i = 0; i < depth; i++) at = (at as { a: unknown[] }).a[0]
    expect(at).toBe('leaf')
  })
  it('counts what was written', () => {
    const parser = createPartialJson()
    for (const piece of ['[1', '', ',x', '12']) parser.write(piece)
    expect(parser.length).toBe(6)
  })
})

describe('text that is not JSON', () => {
  it.each([
    ['Hello', undefined],
    ['{"a":"x",}', { a: 'x' }],
    ['["a" "b"]', ['a']],
    ['["a"]]', ['a']],
    ['["a"] x', ['a']],
    ['{"a":"x\ny"}', { a: 'x' }],
    ['{"a":"x\\qy"}', { a: 'x' }],
    ['{"a":"x\\u12g4"}', { a: 'x' }],
    ['{"a":01}', {}],
    ['{"a":1.}', {}],
    ['[1,+2]', [1]],
    ['[nul]', []],
    ['[tru1]', []],
    ['{a:1}', {}],
    ['{"a" 1}', {}],
    ['[,1]', []],
    ['["a"}', ['a']],
    ['\u00a0[]', undefined],
    ['\ufeff[]', undefined],
  ])('keeps what was understood of %j', (text, understood) => {
    expect(() => JSON.parse(text)).toThrow()
    const parser = createPartialJson()
    parser.write(text)
    expect(parser.value()).toEqual(understood)
    const before = parser.value()
    parser.write('"more":["more"]')
    expect(parser.value()).toBe(before)
    expect(valueOfEach(text)).toEqual(understood)
  })
  it('never throws, whatever it is', () => {
    const noise = fc.array(fc.oneof(fc.constantFrom(...'{}[]",:\\u0-+.eE1tfn \n\ud83d\ude00'), fc.string({ maxLength: 3 }), json), { maxLength: 30 })
    fc.assert(
      fc.property(noise, (pieces) => {
        valuesOf(pieces).forEach(freeze)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('for any JSON text and any pieces', () => {
  it('each value is a beginning of the whole, and the last is what JSON.parse gives', () => {
    fc.assert(
      fc.property(json, sizes, (text, steps) => {
        const whole: unknown = JSON.parse(text)
        const values = valuesOf([...cut(text, steps), ' '])
        for (const value of values) expect(isPrefix(value, whole)).toBe(true)
        expect(values.at(-1)).toEqual(whole)
        expect(JSON.stringify(values.at(-1))).toBe(JSON.stringify(whole))
      }),
      { numRuns: 300 },
    )
  })
  it('no value changes once it was given', () => {
    fc.assert(
      fc.property(json, sizes, (text, steps) => {
        const parser = createPartialJson()
        for (const piece of [...cut(text, steps), ' ']) {
          parser.write(piece)
          // A write to a frozen object would throw.
          freeze(parser.value())
        }
        expect(parser.value()).toEqual(JSON.parse(text))
      }),
    )
  })
  it('values that are read now and then, or at the end, are the same', () => {
    fc.assert(
      fc.property(json, sizes, fc.array(fc.boolean(), { minLength: 1 }), (text, steps, reads) => {
        const [often, seldom] = [createPartialJson(), createPartialJson()]
        for (const [i, piece] of cut(text, steps).entries()) {
          for (const parser of [often, seldom]) parser.write(piece)
          const value = often.value()
          if (reads[i % reads.length]) expect(seldom.value()).toEqual(value)
        }
      }),
    )
  })
})

describe('identity', () => {
  it('is kept while nothing new is to be seen', () => {
    const values = valuesOf(['{"a":["x"]', ' ', ',', '"b', '"', ':', '1', '2'])
    for (const value of values) expect(value).toBe(values[0])
  })
  it('is new for what changed and all around it, and kept by what is closed', () => {
    const parser = createPartialJson()
    parser.write('{"done":{"x":[1]},"rows":[{"id":1},{"id":2,"text":"a')
    const before = parser.value() as { done: object; rows: object[] }
    parser.write('b')
    const after = parser.value() as { done: object; rows: object[] }
    expect(after).toEqual({ done: { x: [1] }, rows: [{ id: 1 }, { id: 2, text: 'ab' }] })
    expect(before).toEqual({ done: { x: [1] }, rows: [{ id: 1 }, { id: 2, text: 'a' }] })
    expect(after).not.toBe(before)
    expect(after.rows).not.toBe(before.rows)
    expect(after.rows[1]).not.toBe(before.rows[1])
    expect(after.done).toBe(before.done)
    expect(after.rows[0]).toBe(before.rows[0])
  })
  it('of the whole is new for each piece while what is open is small', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `{"id":"${i}","text":"a`)
    const values = valuesOf(['[', ...rows.flatMap((row) => [row, 'b"},'])])
    expect(new Set(values).size).toBe(values.length)
  })
})

describe('what is open and wide', () => {
  it('is shown in steps that shrink against it, and whole when it is closed', () => {
    const parser = createPartialJson()
    const seen = new Set<unknown>()
    let longest = 0
    let waited = 0
    parser.write('[')
    for (let i = 0; i < 20_000; i++) {
      parser.write('1,')
      const value = parser.value() as unknown[]
      waited = seen.has(value) ? waited + 2 : 0
      seen.add(value)
      if (i > 1000) longest = Math.max(longest, waited / i)
    }
    expect(longest).toBeLessThan(0.2)
    parser.write('2]')
    expect(parser.value()).toHaveLength(20_001)
    expect(seen.size).toBeGreaterThan(1000)
  })
  it('is copied in proportion to the text: twice as many items are twice as many copies', () => {
    const copied = (items: number) => {
      const parser = createPartialJson()
      let sum = 0
      let last: unknown
      parser.write('[')
      for (let i = 0; i < items; i++) {
        parser.write('1,')
        const value = parser.value() as unknown[]
        if (value !== last) sum += value.length
        last = value
      }
      return sum
    }
    expect(copied(20_000) / copied(10_000)).toBeLessThan(2.3)
  })
})
