import { describe, expect, it } from 'vitest'
import { runRows } from '../../test/machine-table/run-rows.ts'
import { phases, type Row, started, to } from '../../test/machine-table/setup.ts'
import { threadRows } from '../../test/machine-table/thread-rows.ts'
import { userRows } from '../../test/machine-table/user-rows.ts'
import { chatMachine } from './machine.ts'
import { type Machine, show } from './test-kit.ts'

/**
 * The states × events table of the design, cell by cell, through pure transitions.
 *
 * A cell is what there is after the event: `phase: visible messages`, then `+` what waits in the queue, `!` the turns that ended
 * and how, `#` the code of the error, `~` each time that the server was asked to stop the run. `unreachable`: what is given never comes to that phase. `ignored`: the very same snapshot and no action. `warned`: nothing but a warning.
 * Before the event the conversation is `Q1 A1`; a turn in flight answers `Q2`, of which `par` has arrived.
 */

const rows: Record<string, Row> = { ...userRows, ...runRows, ...threadRows }

function result({ phase, host, snapshot, outcomes, cancelled }: Machine): string {
  const { queue, error } = snapshot.context
  return [
    `${phase}: ${show(host.transcript.messages())}`,
    ...queue.map(({ message }) => `+${show([message])}`),
    ...outcomes.map((outcome) => `!${outcome}`),
    ...(error ? [`#${error.code}`] : []),
    ...cancelled.map(() => '~'),
  ].join(' ')
}

describe.each(Object.entries(rows))('%s', (_name, { event: makeEvent, given = {}, resumable, cells }) => {
  it.each(phases)('in %s', (phase) => {
    const cell = typeof cells === 'string' ? cells : cells[phase]
    const machine = to[phase](given)
    if (cell === 'unreachable') return expect(machine.phase).not.toBe(phase)
    expect(machine.phase).toBe(phase)
    // A position to rejoin from, with a chunk that says nothing.
    if (resumable && machine.snapshot.hasTag('busy') && phase !== 'local') machine.run.chunksAt('cursor-2', started)
    const event = makeEvent(machine)
    machine.outcomes.splice(0)
    const runId = machine.snapshot.context.joinedId ?? machine.snapshot.context.runId
    const { snapshot: before, warnings } = machine
    const seen = { warnings: warnings.length, shown: result(machine) }

    machine.send(event)

    switch (cell) {
      case 'ignored':
        expect(machine.snapshot, result(machine)).toBe(before)
        expect(machine.actions).toEqual([])
        expect(result(machine)).toBe(seen.shown)
        break
      case 'warned': {
        expect(result(machine)).toBe(seen.shown)
        expect(warnings).toHaveLength(seen.warnings + 1)
        const { strays, ...context } = machine.snapshot.context
        expect({ ...context, strays: 0 }).toEqual({ ...before.context, strays: 0 })
        expect(strays).toBe(event.type === 'run.chunks' ? before.context.strays + event.chunks.length : before.context.strays)
        break
      }
      default:
        expect(result(machine)).toBe(cell)
        for (const cancelled of machine.cancelled) expect(cancelled).toBe(runId)
        expect(warnings).toHaveLength(seen.warnings)
    }
  })
})

describe('the table', () => {
  it('has a row for every event of the machine', () => {
    const events = chatMachine.events.filter((type) => !type.startsWith('xstate.'))
    const covered = Object.values(rows).map(({ event }) => event(to.local({})).type)
    expect([...new Set<string>(covered)].sort()).toEqual([...events].sort())
  })
  it('has a column for every state of the machine', () => {
    type Node = { key: string; states: Record<string, Node> }
    const leaves = ({ key, states }: Node): string[] => (Object.keys(states).length > 0 ? Object.values(states).flatMap(leaves) : [key])
    expect(leaves(chatMachine.root as unknown as Node).sort()).toEqual([...phases].sort())
  })
  it('starts from the states it says', () => {
    for (const phase of phases) expect(to[phase]({}).phase).toBe(phase)
  })
})
