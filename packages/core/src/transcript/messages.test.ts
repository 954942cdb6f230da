import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UIMessage } from './message.ts'
import { Messages } from './messages.ts'

const message = (id: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content: id }] })

/** The visible path, asked message by message. */
function walked(messages: Messages): UIMessage[] {
  const path: UIMessage[] = []
  for (let id = messages.head(); id !== null; id = messages.parentOf(id)) path.unshift(messages.get(id)!)
  return path
}

/** What is done to the messages; a number chooses one of those there are. */
type Step = ['append' | 'branch' | 'edit' | 'remove' | 'setHead' | 'select' | 'replace' | 'read', number]
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('append', 'append', 'append', 'branch', 'edit', 'edit', 'remove', 'setHead', 'select', 'replace', 'read', 'read'),
  fc.nat(20),
) as fc.Arbitrary<Step>

function play(messages: Messages, steps: readonly Step[], check: () => void) {
  let ids: string[] = []
  let made = 0
  for (const [what, n] of steps) {
    const one = ids[n % ids.length]
    switch (what) {
      case 'append':
      case 'branch': {
        const id = `m${made++}`
        messages.append(message(id), what === 'append' ? messages.head() : (one ?? null))
        ids.push(id)
        break
      }
      case 'edit':
        if (one) messages.edit(one, (before) => ({ ...before, metadata: { n } }))
        break
      case 'remove':
        if (one) messages.remove(one)
        ids = ids.filter((id) => id !== one)
        break
      case 'setHead':
        messages.setHead(one ?? null)
        break
      case 'select':
        if (one) messages.select(one)
        break
      case 'replace':
        ids = Array.from({ length: n % 4 }, () => `m${made++}`)
        messages.replace(ids.map(message), 'path')
        break
      case 'read':
        check()
    }
  }
  check()
}

describe('the visible messages', () => {
  it('are the path to the head, whatever was done and whenever they are read', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const messages = new Messages()
        play(messages, steps, () => {
          const path = messages.path()
          expect(path.map(({ id }) => id)).toEqual(walked(messages).map(({ id }) => id))
          for (const [i, each] of walked(messages).entries()) expect(path[i]).toBe(each)
          expect(messages.path()).toBe(path)
          expect(messages.pathTo(messages.head())).toEqual(path)
        })
      }),
      { numRuns: 1000 },
    )
  })
  it('do not show another version of the next one when that is changed', () => {
    const messages = new Messages()
    messages.append(message('Q'), null)
    messages.append(message('A'), 'Q')
    messages.setHead('Q')
    expect(messages.path().map(({ id }) => id)).toEqual(['Q'])
    messages.edit('A', (before) => ({ ...before, metadata: { n: 1 } }))
    expect(messages.path().map(({ id }) => id)).toEqual(['Q'])
    messages.append(message('B'), 'Q')
    messages.edit('A', (before) => ({ ...before, metadata: { n: 2 } }))
    expect(messages.path().map(({ id }) => id)).toEqual(['Q', 'B'])
  })
  it('keep their places when a server says that one of them is another', () => {
    const messages = new Messages()
    messages.append(message('Q'), null)
    messages.append(message('A'), 'Q')
    messages.reconcile([
      { ...message('Q'), role: 'assistant' },
      { ...message('A'), role: 'system' },
    ])
    expect(messages.path().map(({ role, parentId }) => [role, parentId])).toEqual([
      ['assistant', null],
      ['system', 'Q'],
    ])
  })
  it('say whether one came in that is more than prose', () => {
    const messages = new Messages()
    messages.append(message('a'), null)
    expect(messages.hasRich()).toBe(false)
    messages.append({ id: 'b', role: 'assistant', parts: [{ type: 'interrupt', id: 'i', reason: 'ask', state: 'open' }] }, 'a')
    expect(messages.hasRich()).toBe(true)
    messages.replace([message('a')], 'path')
    expect(messages.hasRich()).toBe(false)
  })
})
