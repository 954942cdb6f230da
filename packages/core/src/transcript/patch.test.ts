import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch } from './patch.ts'

const patched = (value: unknown, ...patch: unknown[]) => {
  const result = applyPatch(value, patch)
  return 'value' in result ? result.value : result
}

describe('RFC 6902', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['adds a member', { a: 1 }, { op: 'add', path: '/b', value: 2 }, { a: 1, b: 2 }],
    ['adds before an index', [1, 3], { op: 'add', path: '/1', value: 2 }, [1, 2, 3]],
    ['adds at the end', [1], { op: 'add', path: '/-', value: 2 }, [1, 2]],
    ['adds null', {}, { op: 'add', path: '/a', value: null }, { a: null }],
    ['replaces the whole', { a: 1 }, { op: 'replace', path: '', value: [] }, []],
    ['replaces an element', [1, 2], { op: 'replace', path: '/1', value: 3 }, [1, 3]],
    ['removes a member', { a: 1, b: 2 }, { op: 'remove', path: '/a' }, { b: 2 }],
    ['removes an element', [1, 2, 3], { op: 'remove', path: '/1' }, [1, 3]],
    ['moves', { a: { b: 1 }, c: {} }, { op: 'move', from: '/a/b', path: '/c/d' }, { a: {}, c: { d: 1 } }],
    ['moves within a list', [1, 2, 3], { op: 'move', from: '/0', path: '/2' }, [2, 3, 1]],
    ['copies', { a: [1] }, { op: 'copy', from: '/a', path: '/b' }, { a: [1], b: [1] }],
    [
      'tests deeply, whatever the order of the keys',
      { a: { x: 1, y: [2] } },
      { op: 'test', path: '/a', value: { y: [2], x: 1 } },
      { a: { x: 1, y: [2] } },
    ],
    ['reads ~1 and ~0 in paths', { 'a/b': { '~c': 1 } }, { op: 'replace', path: '/a~1b/~0c', value: 2 }, { 'a/b': { '~c': 2 } }],
    ['takes the empty key', { '': 1 }, { op: 'replace', path: '/', value: 2 }, { '': 2 }],
    ['takes fields it does not know', {}, { op: 'add', path: '/a', value: 1, note: 'x' }, { a: 1 }],
  ])('%s', (_, before, operation, after) => {
    expect(patched(before, operation)).toEqual(after)
  })
  it.each<[string, unknown, unknown]>([
    ['removing what is not there', { a: 1 }, { op: 'remove', path: '/b' }],
    ['replacing what is not there', { a: 1 }, { op: 'replace', path: '/b', value: 1 }],
    ['adding below what is not there', {}, { op: 'add', path: '/a/b', value: 1 }],
    ['adding behind the end', [1], { op: 'add', path: '/2', value: 1 }],
    ['an index with a leading zero', [1, 2], { op: 'remove', path: '/01' }],
    ['an index that is no number', [1], { op: 'replace', path: '/length', value: 0 }],
    ['a test that fails', { a: 1 }, { op: 'test', path: '/a', value: '1' }],
    ['moving a value into itself', { a: {} }, { op: 'move', from: '/a', path: '/a/b' }],
    ['an inherited member', {}, { op: 'copy', from: '/toString', path: '/a' }],
    ['an operation that is none', {}, { op: 'upsert', path: '/a', value: 1 }],
    ['an operation without value', {}, { op: 'add', path: '/a' }],
    ['a path that is none', {}, { op: 'add', path: 'a', value: 1 }],
    ['null', {}, null],
    ['text', {}, 'add'],
  ])('%s is an error', (_, before, operation) => {
    expect(applyPatch(before, [operation])).toEqual({ error: expect.any(String) })
  })
  it('changes nothing in place, and keeps the identity of what it does not touch', () => {
    const before = Object.freeze({ a: Object.freeze([1]), b: Object.freeze({ c: 1 }) })
    const after = patched(before, { op: 'add', path: '/a/-', value: 2 }) as typeof before
    expect(before.a).toEqual([1])
    expect(after.b).toBe(before.b)
  })
  it('takes __proto__ as a key', () => {
    const after = patched({}, { op: 'add', path: '/__proto__', value: { polluted: true } })
    expect(JSON.stringify(after)).toBe('{"__proto__":{"polluted":true}}')
    expect((after as { polluted?: boolean }).polluted).toBeUndefined()
  })
  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(
          fc.oneof(
            fc.jsonValue(),
            fc.record({
              op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
              path: fc.string(),
              from: fc.string(),
              value: fc.jsonValue(),
            }),
          ),
        ),
        (value, patch) => {
          const before = JSON.stringify(value)
          expect(Object.keys(applyPatch(value, patch))).toHaveLength(1)
          expect(JSON.stringify(value)).toBe(before)
        },
      ),
    )
  })
})
