import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UIMessage } from './message.ts'
import { Tree } from './tree.ts'

const message = (id: string): UIMessage => ({ id, role: 'user', parts: [] })
const ids = (messages: readonly UIMessage[]) => messages.map(({ id }) => id).join(' ')
const idsTo = (tree: Tree, id: string | null) => tree.pathTo(id).map((message) => message.id)

/** u1 → a1 | a2; a1 → u2 → b1 */
function sample() {
  const tree = new Tree()
  tree.append(message('u1'), null)
  tree.append(message('a1'), 'u1')
  tree.append(message('u2'), 'a1')
  tree.append(message('b1'), 'u2')
  tree.setHead('u1')
  tree.append(message('a2'), 'u1')
  return tree
}

describe('the tree of messages', () => {
  it('shows the path to the head', () => {
    const tree = sample()
    expect(idsTo(tree, tree.head())).toEqual(['u1', 'a2'])
    expect(idsTo(tree, 'b1')).toEqual(['u1', 'a1', 'u2', 'b1'])
    expect(idsTo(tree, null)).toEqual([])
    expect(idsTo(tree, 'nobody')).toEqual([])
  })
  it('knows the versions of a message, oldest first', () => {
    const tree = sample()
    expect(ids(tree.siblings('a2'))).toBe('a1 a2')
    expect(ids(tree.siblings('u1'))).toBe('u1')
    expect(tree.siblings('nobody')).toEqual([])
  })
  it('select shows a branch down to where its reader left it', () => {
    const tree = sample()
    tree.select('a1')
    expect(tree.head()).toBe('b1')
    tree.setHead('u2')
    tree.append(message('b2'), 'u2')
    tree.select('a2')
    expect(tree.head()).toBe('a2')
    tree.select('a1')
    expect(tree.head()).toBe('b2')
    tree.select('a2')
    tree.select('u1')
    expect(tree.head()).toBe('a2')
    tree.select('b1')
    tree.select('u1')
    expect(tree.head()).toBe('b1')
  })
  it('a message below another branch does not move the head', () => {
    const tree = sample()
    tree.append(message('u3'), 'b1')
    expect(tree.head()).toBe('a2')
    tree.select('a1')
    expect(tree.head()).toBe('u3')
  })
  it('removing the head shows its parent', () => {
    const tree = sample()
    tree.remove('a2')
    expect(tree.head()).toBe('u1')
    expect(ids(tree.siblings('a1'))).toBe('a1')
    tree.remove('nobody')
    expect(tree.head()).toBe('u1')
  })
  it('a message knows its parent', () => {
    const tree = sample()
    expect(tree.get('b1')?.parentId).toBe('u2')
    expect(tree.get('u1')?.parentId).toBeNull()
    expect(tree.parentOf('b1')).toBe('u2')
    expect(tree.parentOf('u1')).toBeNull()
  })
  it('any tree: every message is on the path that select shows, and every path starts at a root', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 20 }), fc.array(fc.nat({ max: 19 })), (parents, selections) => {
        const tree = new Tree()
        parents.forEach((parent, i) => tree.append(message(`${i}`), i === 0 || parent >= i ? null : `${parent}`))
        for (const selection of selections) tree.select(`${selection}`)
        for (let i = 0; i < parents.length; i++) {
          tree.select(`${i}`)
          const path = idsTo(tree, tree.head())
          expect(path).toContain(`${i}`)
          expect(tree.parentOf(path[0]!)).toBeNull()
          expect(new Set(path).size).toBe(path.length)
        }
      }),
    )
  })
})
