import { vi } from 'vitest'
import type { ChatSnapshot } from '../../src/view/snapshot.ts'
import { type World, world } from '../random-world.ts'
import { settled } from '../../testing/index.ts'
import { invariants, lastInvariants, type Memory } from './invariants.ts'
import { Thrown } from './option-acts.ts'
import type { Schedule } from './schedule.ts'

/** An invariant does not hold. */
export class BrokenInvariant extends Error {
  constructor(
    readonly invariant: string,
    what: string,
    when: string,
    /** How many steps were played until then. */
    readonly played: number,
  ) {
    super(`"${invariant}" does not hold after ${when}: ${what}`)
  }
}

/**
 * What callbacks throw is rethrown in a macrotask, where a page or a process would report it. Here it is run after each step,
 * and has to be theirs; nothing else may use a real timer.
 */
function reports() {
  const tasks: (() => void)[] = []
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((task: () => void) => tasks.push(task)) as never)
  return {
    restore: () => spy.mockRestore(),
    /** What was reported but was not thrown by a callback. */
    run(): unknown {
      for (let task = tasks.shift(); task; task = tasks.shift()) {
        try {
          task()
        } catch (error) {
          if (!(error instanceof Thrown)) return error
          continue
        }
        return 'a real timer was used'
      }
      return undefined
    },
  }
}

/** Plays a schedule on a new chat; throws {@link BrokenInvariant}. `arm` may do harm to the chat first, and gives what undoes it. */
export async function play({ steps, ...setup }: Schedule, arm: (world: World) => (() => void) | void = () => {}): Promise<void> {
  const it = world(setup)
  const reported = reports()
  const done: Memory['done'] = new Map()
  let isMeddled = false

  function check(all: typeof invariants, memory: Memory, when: string, played = steps.length) {
    for (const [name, invariant] of Object.entries(all)) {
      const wrong = invariant(it, memory)
      if (wrong !== undefined) throw new BrokenInvariant(name, wrong, when, played)
    }
    const error = reported.run()
    if (error !== undefined) throw new BrokenInvariant('only what callbacks throw is reported', String(error), when, played)
  }
  const disarm = arm(it)
  try {
    for (const [i, step] of steps.entries()) {
      const before: ChatSnapshot = it.chat.getSnapshot()
      isMeddled ||= step === 'meddling'
      // A run that was looked for in vain is looked for again by retry, and would write the last answer anew.
      if (REPLACING.has(step) || (setup.resumes && (step === 'retry' || isMeddled))) done.clear()
      await it.act(step)
      check(invariants, { step, before, isMeddled, done }, `step ${i + 1} (${step})`, i + 1)
    }
    const before = it.chat.getSnapshot()
    await it.dispose()
    const memory: Memory = { step: 'dispose', before, isMeddled, done }
    check(lastInvariants, memory, 'dispose')
    const changed = await disturb(it)
    if (changed) throw new BrokenInvariant('after dispose nothing changes', changed, 'what came later', steps.length)
    check(lastInvariants, memory, 'dispose, and what came later')
  } finally {
    disarm?.()
    reported.restore()
    it.chat.dispose()
  }
}

/** Steps that may replace messages by others with the same ids. */
const REPLACING: ReadonlySet<string> = new Set(['clear', 'setMessages'])

/** What may come when all is over; says what changed with it. */
async function disturb({ chat, clock, network, runs }: World): Promise<string | undefined> {
  const last = chat.getSnapshot()
  const requests = runs.length
  clock.increment(100_000)
  network.tell('network.online')
  for (const run of runs.slice(-3)) void run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'late', delta: 'LATE' })
  await settled()
  if (chat.getSnapshot() !== last) return 'the snapshot is another one'
  return runs.length === requests ? undefined : 'a request was made'
}
