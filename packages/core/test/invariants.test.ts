import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WhileBusy } from '../src/session/options.ts'
import type { MessagePart, UIMessage } from '../src/transcript/message.ts'
import { settled } from '../testing/index.ts'
import { setups, type Step, type World, world } from './random-world.ts'

/**
 * The invariants of `state-machine.md`, after every step of random schedules of what a person, the network and the clock do,
 * with a connection that obeys its abort signal and with one that does not.
 */

const isOpen = (part: MessagePart) =>
  part.type === 'text' || part.type === 'thinking'
    ? part.state === 'streaming'
    : part.type === 'tool-call'
      ? OPEN_CALL.has(part.state)
      : part.type === 'interrupt' && part.state === 'open'

/** `input-complete` alone may stay: a call of the server that it never answered. */
const OPEN_CALL: ReadonlySet<string> = new Set(['awaiting-input', 'input-streaming', 'approval-requested', 'executing'])

const textOf = (message: UIMessage) => message.parts.map((part) => (part.type === 'text' ? part.content : '')).join('')

/** What holds after every step; `before` are the finished messages of the step before. */
function check({ chat, runs, delivered, clock, executed, working }: World, before: ReadonlyMap<string, UIMessage>) {
  const { status, phase, isLoading, error, messages, queue } = chat.getSnapshot()
  // A run that is over has its signal aborted, however it ended.
  const open = runs.filter(({ signal }) => !signal.aborted)
  expect(open.length, 'open connections').toBeLessThanOrEqual(isLoading ? 1 : 0)
  expect(['idle', 'streaming', 'tool-calling', 'error', 'stopped']).toContain(status)
  expect(isLoading).toBe(status === 'streaming' || status === 'tool-calling')
  expect(isLoading).toBe(chat.actor.getSnapshot().hasTag('busy'))
  expect(error !== null).toBe(status === 'error')
  if (phase !== 'reconnecting' && phase !== 'local') expect(clock.due.size, 'timers').toBe(0)
  for (const [id, times] of executed) expect(times, `executions of ${id}`).toBe(1)
  if (phase !== 'local')
    expect(
      working.filter(({ signal }) => !signal.aborted),
      'tools at work',
    ).toEqual([])

  const ids = [...messages, ...queue].map(({ id }) => id)
  expect(new Set(ids).size, 'unique ids').toBe(ids.length)
  expect(
    messages.filter(({ parts }) => parts.length === 0),
    'empty messages',
  ).toEqual([])
  if (!isLoading) expect(messages.flatMap(({ parts }) => parts).filter(isOpen), 'open parts').toEqual([])

  // Every text was delivered to one run, whole and in order, and no run's text is in two visible messages.
  const shown = messages
    .filter(({ role }) => role === 'assistant')
    .map(textOf)
    .join('|')
  for (const token of shown.match(/t\d+ /g) ?? []) expect(shown.split(token), `${token} shown once`).toHaveLength(2)
  expect(shown).not.toContain('LATE')
  // The message of a run may be on a branch that nobody looks at.
  const current = runs.at(-1)
  if (phase === 'receiving' && current) {
    const message = chat.actor.getSnapshot().context.host.transcript.runMessage()
    expect((message ? textOf(message) : '').endsWith(delivered.get(current) ?? ''), `text of the current run: ${delivered.get(current)}`).toBe(true)
  }
  for (const [id, message] of before) {
    const now = messages.find((other) => other.id === id)
    if (now) expect(now, 'a finished message keeps its identity').toBe(message)
  }
}

/** Messages that no step may touch: nothing of them is open, and no run writes to them. */
function finished({ chat }: World): Map<string, UIMessage> {
  const { messages, isLoading } = chat.getSnapshot()
  const done = isLoading ? messages.slice(0, -1) : messages
  return new Map(
    done.filter(({ role, parts }) => role === 'user' || parts.every((part) => part.type === 'text')).map((message) => [message.id, message]),
  )
}

async function play(
  { ignoresAbort, whileBusy, steps }: { ignoresAbort: boolean; whileBusy: WhileBusy; steps: Step[] },
  visit: (world: World, before: ReadonlyMap<string, UIMessage>) => void,
): Promise<World> {
  const it = world({ ignoresAbort, whileBusy })
  for (const step of steps) {
    const before = step === 'clear' || step === 'setMessages' ? new Map<string, UIMessage>() : finished(it)
    await it.act(step)
    visit(it, before)
  }
  return it
}

describe('after every step of a random schedule', () => {
  it('the invariants of the machine hold', async () => {
    await fc.assert(
      fc.asyncProperty(setups, async (setup) => {
        const it = await play(setup, check)
        it.chat.dispose()
      }),
      { numRuns: 200 },
    )
  }, 120_000)
  it('dispose leaves nothing open, scheduled or waiting, and nothing comes after it', async () => {
    await fc.assert(
      fc.asyncProperty(setups, async (setup) => {
        const { chat, clock, runs, promises } = await play(setup, () => {})
        chat.dispose()
        await settled()
        expect(clock.due.size).toBe(0)
        expect(chat.getSnapshot().isLoading).toBe(false)
        expect(
          chat
            .getSnapshot()
            .messages.flatMap(({ parts }) => parts)
            .filter(isOpen),
        ).toEqual([])
        expect(
          promises.every(({ isSettled }) => isSettled),
          'every promise has settled',
        ).toBe(true)
        const last = chat.getSnapshot()
        const requests = runs.length
        clock.increment(100_000)
        for (const run of runs) await run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'late', delta: 'LATE' })
        expect(chat.getSnapshot()).toBe(last)
        expect(runs).toHaveLength(requests)
      }),
      { numRuns: 100 },
    )
  }, 120_000)
  it('a chat that is answered from then on comes to rest, and every promise but those that wait in a paused queue has settled', async () => {
    await fc.assert(
      fc.asyncProperty(setups, async (setup) => {
        const { chat, clock, promises, act } = await play(setup, () => {})
        for (let i = 0; i < 60; i++) {
          const { isLoading, queue, phase } = chat.getSnapshot()
          if (!isLoading && queue.length === 0) break
          if (!isLoading) chat.resumeQueue()
          else if (phase === 'local') chat.stop()
          else if (phase === 'reconnecting') clock.increment(30_000)
          await settled()
          for (const name of ['finish', 'close'] as const) await act(name)
        }
        await settled()
        expect(chat.getSnapshot()).toMatchObject({ isLoading: false, queue: [] })
        expect(promises.every(({ isSettled }) => isSettled)).toBe(true)
        chat.dispose()
      }),
      { numRuns: 100 },
    )
  }, 120_000)
})
