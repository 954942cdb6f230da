import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/index.ts'
import { createCoverage } from './coverage.ts'
import { type Given, givens } from './given.ts'
import { faults } from './faults.ts'
import { moves } from './moves.ts'
import { createRealChat } from './real-chat.ts'
import { claimed, expected } from './rules.ts'
import { phaseOf } from './seen.ts'
import { arrows, states } from './transitions.ts'
import { type Place, walk } from './walk.ts'

/**
 * `xstate/graph` walks the machine: every place that a few moves lead to, and every move from there. Each is then done with a real chat
 * on a connection that is pushed by hand, and after each move a user sees what the machine alone, driven without any of it, says.
 */

const coverage = createCoverage()

/** What a user saw after a move, where it is something else than what was to be seen. */
interface Difference {
  after: string
  saw: object
  insteadOf: object
}

/** Does the moves with a real chat, and looks at it after each from the given one on. */
async function follow(given: Given, { path, seen }: Place, from: number): Promise<Difference[]> {
  const real = createRealChat(given, coverage)
  const differences: Difference[] = []
  function look(i: number) {
    if (i < from) return
    const saw = { ...real.seen, ...claimed(real.snapshot) }
    const insteadOf = { ...seen[i], ...expected(real.snapshot, phaseOf(real.chat.actor.getSnapshot().value), given) }
    if (!isDeepStrictEqual(saw, insteadOf)) differences.push({ after: path.slice(0, i).join(' → '), saw, insteadOf })
  }
  look(0)
  for (const [i, name] of path.entries()) {
    void moves[name]!.chat(real, i + 1)
    await settled()
    look(i + 1)
  }
  real.chat.dispose()
  return differences
}

const walks = Object.entries(givens).map(([name, given]) => ({ name, given, ...walk(given) }))
const titleOf = ({ path, seen }: Place) => `${seen.at(-1)!.where} by ${path.join(' → ') || 'nothing'}`
const unvisited = new Set(walks.flatMap(({ places }) => places))

describe.each(walks)('from $name', ({ given, places, at }) => {
  it.each(places.map((place) => [titleOf(place), place] as const))('%s, and on by every move', async (_title, place) => {
    unvisited.delete(place)
    expect(await follow(given, place, 0)).toEqual([])
    for (const move of place.next) expect(await follow(given, at([...place.path, move]), place.path.length + 1)).toEqual([])
  })
})

describe('the walk', () => {
  it('notices a chat that does something else than its machine', async () => {
    // In the chat only: the model has a machine of its own.
    const repair = faults['the status is one of five, and isLoading and the error agree with it']!.arm(undefined as never)
    const [{ given, at } = expect.fail()] = walks
    const differences = await follow(given, at(['send', 'fail', 'retry']), 0)
    repair?.()
    expect(differences).toMatchObject([{ after: 'send → fail → retry', saw: { error: 'http' }, insteadOf: { error: null } }])
  })
  it('misses everything before it begins', () => {
    expect(createCoverage().missing()).toEqual([...states, ...arrows.map(({ name }) => name)])
    expect([states.length, arrows.length]).not.toContain(0)
  })
  it('has entered every state and taken every transition of the machine', ({ skip }) => {
    skip(unvisited.size > 0, 'only a part of the walk was asked for')
    console.log(coverage.table())
    expect(coverage.missing()).toEqual([])
  })
  it('needs events sent by hand for reports of runs that are over, and for nothing else', ({ skip }) => {
    skip(unvisited.size > 0, 'only a part of the walk was asked for')
    expect(coverage.byHand()).toEqual(coverage.byHand().filter((name) => /isStray|chat: run\.chunks|local: run\./.test(name)))
    expect(coverage.byHand()).not.toEqual([])
  })
})
