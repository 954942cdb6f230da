import { describe, expect, it } from 'vitest'
import { text, toolCall } from '../../testing/index.ts'
import { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { ToolCallPart, UIMessage } from '../transcript/message.ts'
import type { ChatEvent } from './events.ts'
import { chatMachine } from './machine.ts'
import type { ChatMachineInput } from './options.ts'
import { assistant, drive, type Machine, type Phase, send, show, user } from './test-kit.ts'

/**
 * The states × events table of the design, cell by cell, through pure transitions.
 *
 * A cell is what there is after the event: `phase: visible messages`, then `+` what waits in the queue, `!` the turns that ended
 * and how, `#` the code of the error. `ignored`: the very same snapshot and no action. `warned`: nothing but a warning.
 * Before the event the conversation is `Q1 A1`; a turn in flight answers `Q2`, of which `par` has arrived.
 */

const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
const finished: Chunk = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
const delta = (content: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'A2', delta: content })
const partial: Chunk[] = [started, { type: 'TEXT_MESSAGE_START', messageId: 'A2' }, delta('par')]
const ask = toolCall('c2', 'ask', { n: 1 })
const network = new ChatError('network', 'The connection broke.')
const BASE = [user('Q1'), assistant('A1')]

type Setup = Partial<ChatMachineInput> & { initialMessages?: readonly UIMessage[] }

const to: Record<Phase, (options: Setup) => Machine> = {
  restoring: (options) => drive({ ...options, initialMessages: () => new Promise(() => {}) }).send({ type: 'view.attach' }),
  ready: (options) => drive({ initialMessages: BASE, tools: [{ name: 'ask' }], ...options }),
  connecting: (options) => to.ready(options).send(send('Q2')),
  receiving: (options) =>
    to
      .connecting(options)
      .run.opened()
      .run.chunks(...partial),
  reconnecting(options) {
    const machine = to
      .connecting(options)
      .run.opened()
      .run.chunksAt('cursor-1', ...partial)
    return machine.send({ type: 'run.dropped', runId: runOf(machine), error: network })
  },
  remote: (options) => to.receiving(options).run.chunks(...ask),
  local: (options) => to.remote(options).run.chunks(finished).run.closed(),
  error(options) {
    const machine = to.receiving(options)
    return machine.send({ type: 'run.failed', runId: runOf(machine), error: network })
  },
  stopped: (options) => to.receiving(options).send({ type: 'user.stop' }),
}
const runOf = ({ snapshot }: Machine) => snapshot.context.runId ?? 'run of nobody'
const phases = Object.keys(to) as Phase[]

interface Row {
  event: (machine: Machine) => ChatEvent
  given?: Setup
  /** The run can be rejoined. */
  resumable?: boolean
  cells: Record<Phase, string> | 'ignored' | 'warned'
}

const idleOnly = (cells: Partial<Record<Phase, string>>, rest: string): Record<Phase, string> =>
  Object.fromEntries(phases.map((phase) => [phase, cells[phase] ?? rest])) as Record<Phase, string>

const owed: ToolCallPart = { type: 'tool-call', id: 'c1', name: 'old', arguments: '{}', state: 'input-complete', input: {} }
const asks: ToolCallPart = { ...owed, state: 'approval-requested', approval: { id: 'p1', needsApproval: true } }

const rows: Record<string, Row> = {
  // User

  'user.send': {
    event: () => send('new'),
    cells: {
      restoring: 'restoring:  +new',
      ready: 'connecting: Q1 A1 new',
      connecting: 'connecting: Q1 A1 Q2 +new',
      receiving: 'receiving: Q1 A1 Q2 par… +new',
      reconnecting: 'reconnecting: Q1 A1 Q2 par… +new',
      remote: 'remote: Q1 A1 Q2 par…{ask:input-complete} +new',
      local: 'local: Q1 A1 Q2 par{ask:input-complete} +new',
      error: 'connecting: Q1 A1 Q2 par new',
      stopped: 'connecting: Q1 A1 Q2 par new',
    },
  },
  'user.send with whileBusy interrupt': {
    event: () => send('new'),
    given: { whileBusy: 'interrupt' },
    cells: {
      restoring: 'restoring:  +new',
      ready: 'connecting: Q1 A1 new',
      connecting: 'connecting: Q1 A1 Q2 new !Q2 stopped',
      receiving: 'connecting: Q1 A1 Q2 par new !Q2 stopped',
      reconnecting: 'connecting: Q1 A1 Q2 par new !Q2 stopped',
      remote: 'connecting: Q1 A1 Q2 par{ask:cancelled} new !Q2 stopped',
      local: 'connecting: Q1 A1 Q2 par{ask:cancelled} new !Q2 stopped',
      error: 'connecting: Q1 A1 Q2 par new',
      stopped: 'connecting: Q1 A1 Q2 par new',
    },
  },
  'user.send with whileBusy drop': {
    event: () => send('new'),
    given: { whileBusy: 'drop' },
    cells: {
      restoring: 'restoring:  +new',
      ready: 'connecting: Q1 A1 new',
      connecting: 'ignored',
      receiving: 'ignored',
      reconnecting: 'ignored',
      remote: 'ignored',
      local: 'ignored',
      error: 'connecting: Q1 A1 Q2 par new',
      stopped: 'connecting: Q1 A1 Q2 par new',
    },
  },
  'user.reload': {
    event: () => ({ type: 'user.reload', turnId: 'R' }),
    cells: {
      restoring: 'ignored',
      ready: 'connecting: Q1',
      connecting: 'connecting: Q1 A1 Q2 !Q2 stopped',
      receiving: 'connecting: Q1 A1 Q2 !Q2 stopped',
      reconnecting: 'connecting: Q1 A1 Q2 !Q2 stopped',
      remote: 'connecting: Q1 A1 Q2 !Q2 stopped',
      local: 'connecting: Q1 A1 Q2 !Q2 stopped',
      error: 'connecting: Q1 A1 Q2',
      stopped: 'connecting: Q1 A1 Q2',
    },
  },
  'user.reload of an earlier answer': {
    event: () => ({ type: 'user.reload', turnId: 'R', messageId: 'A1' }),
    cells: {
      restoring: 'ignored',
      ready: 'connecting: Q1',
      connecting: 'connecting: Q1 !Q2 stopped',
      receiving: 'connecting: Q1 !Q2 stopped',
      reconnecting: 'connecting: Q1 !Q2 stopped',
      remote: 'connecting: Q1 !Q2 stopped',
      local: 'connecting: Q1 !Q2 stopped',
      error: 'connecting: Q1',
      stopped: 'connecting: Q1',
    },
  },
  'user.reload of a message that is not there': { event: () => ({ type: 'user.reload', turnId: 'R', messageId: 'nobody' }), cells: 'ignored' },
  'user.edit': {
    event: () => ({ type: 'user.edit', turnId: 'new', messageId: 'Q1', message: user('new') }),
    cells: {
      restoring: 'ignored',
      ready: 'connecting: new',
      connecting: 'connecting: new !Q2 stopped',
      receiving: 'connecting: new !Q2 stopped',
      reconnecting: 'connecting: new !Q2 stopped',
      remote: 'connecting: new !Q2 stopped',
      local: 'connecting: new !Q2 stopped',
      error: 'connecting: new',
      stopped: 'connecting: new',
    },
  },
  'user.edit of a message that is not there': {
    event: () => ({ type: 'user.edit', turnId: 'new', messageId: 'nobody', message: user('new') }),
    cells: 'ignored',
  },
  'user.edit of an answer': { event: () => ({ type: 'user.edit', turnId: 'new', messageId: 'A1', message: user('new') }), cells: 'ignored' },
  'user.stop': {
    event: () => ({ type: 'user.stop' }),
    cells: {
      restoring: 'ignored',
      ready: 'ignored',
      connecting: 'stopped: Q1 A1 Q2 !Q2 stopped',
      receiving: 'stopped: Q1 A1 Q2 par !Q2 stopped',
      reconnecting: 'stopped: Q1 A1 Q2 par !Q2 stopped',
      remote: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      local: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      error: 'ignored',
      stopped: 'ignored',
    },
  },
  'user.retry': {
    event: () => ({ type: 'user.retry', turnId: 'R' }),
    cells: idleOnly({ error: 'connecting: Q1 A1 Q2', stopped: 'connecting: Q1 A1 Q2' }, 'ignored'),
  },
  'user.clear': {
    event: () => ({ type: 'user.clear' }),
    cells: idleOnly({ restoring: 'ready: ', ready: 'ready: ', error: 'ready: ', stopped: 'ready: ' }, 'ready:  !Q2 stopped'),
  },
  'user.setMessages': {
    event: () => ({ type: 'user.setMessages', messages: [user('other')] }),
    cells: idleOnly({ restoring: 'ready: other', ready: 'ready: other', error: 'ready: other', stopped: 'ready: other' }, 'ready: other !Q2 stopped'),
  },
  'user.selectBranch': {
    event: () => ({ type: 'user.selectBranch', messageId: 'A1' }),
    cells: {
      restoring: 'ignored',
      ready: 'ready: Q1 A1',
      connecting: 'connecting: Q1 A1 Q2',
      receiving: 'receiving: Q1 A1 Q2 par…',
      reconnecting: 'reconnecting: Q1 A1 Q2 par…',
      remote: 'remote: Q1 A1 Q2 par…{ask:input-complete}',
      local: 'local: Q1 A1 Q2 par{ask:input-complete}',
      error: 'error: Q1 A1 Q2 par #network',
      stopped: 'stopped: Q1 A1 Q2 par',
    },
  },
  'user.selectBranch of a message that is not there': { event: () => ({ type: 'user.selectBranch', messageId: 'nobody' }), cells: 'ignored' },
  'user.unqueue of a message that does not wait': { event: () => ({ type: 'user.unqueue', id: 'Q1' }), cells: 'ignored' },
  'user.resumeQueue with nothing in it': { event: () => ({ type: 'user.resumeQueue' }), cells: 'ignored' },

  // Answers of the client

  'tool.result for a call that is owed': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c1', content: '1', state: 'complete' } }),
    given: { initialMessages: [user('Q1'), assistant('A1', owed)] },
    cells: {
      restoring: 'warned',
      ready: 'ready: Q1 {old:complete}',
      connecting: 'connecting: Q1 {old:complete} Q2',
      receiving: 'receiving: Q1 {old:complete} Q2 par…',
      reconnecting: 'reconnecting: Q1 {old:complete} Q2 par…',
      remote: 'remote: Q1 {old:complete} Q2 par…{ask:input-complete}',
      local: 'local: Q1 {old:complete} Q2 par{ask:input-complete}',
      error: 'error: Q1 {old:complete} Q2 par #network',
      stopped: 'stopped: Q1 {old:complete} Q2 par',
    },
  },
  'tool.result for the call of this run': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c2', content: '1', state: 'complete' } }),
    cells: idleOnly({ remote: 'receiving: Q1 A1 Q2 par…{ask:complete}', local: 'connecting: Q1 A1 Q2 par{ask:complete}' }, 'warned'),
  },
  'tool.result for a call that is not there': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'nobody', content: '1', state: 'complete' } }),
    cells: 'warned',
  },
  'tool.approval of a call that asks for it': {
    event: () => ({ type: 'tool.approval', toolCallId: 'c1', approved: true }),
    given: { initialMessages: [user('Q1'), assistant('A1', asks)] },
    cells: {
      restoring: 'warned',
      ready: 'ready: Q1 {old:approval-responded}',
      connecting: 'connecting: Q1 {old:approval-responded} Q2',
      receiving: 'receiving: Q1 {old:approval-responded} Q2 par…',
      reconnecting: 'reconnecting: Q1 {old:approval-responded} Q2 par…',
      remote: 'remote: Q1 {old:approval-responded} Q2 par…{ask:input-complete}',
      local: 'local: Q1 {old:approval-responded} Q2 par{ask:input-complete}',
      error: 'error: Q1 {old:approval-responded} Q2 par #network',
      stopped: 'stopped: Q1 {old:approval-responded} Q2 par',
    },
  },
  'tool.approval of a call that does not ask': { event: () => ({ type: 'tool.approval', toolCallId: 'c2', approved: true }), cells: 'warned' },

  // Views

  'view.attach': {
    event: () => ({ type: 'view.attach' }),
    cells: {
      restoring: 'restoring: ',
      ready: 'ready: Q1 A1',
      connecting: 'connecting: Q1 A1 Q2',
      receiving: 'receiving: Q1 A1 Q2 par…',
      reconnecting: 'reconnecting: Q1 A1 Q2 par…',
      remote: 'remote: Q1 A1 Q2 par…{ask:input-complete}',
      local: 'local: Q1 A1 Q2 par{ask:input-complete}',
      error: 'error: Q1 A1 Q2 par #network',
      stopped: 'stopped: Q1 A1 Q2 par',
    },
  },
  'view.detach': {
    event: () => ({ type: 'view.detach' }),
    cells: {
      restoring: 'restoring: ',
      ready: 'ready: Q1 A1',
      connecting: 'connecting: Q1 A1 Q2',
      receiving: 'receiving: Q1 A1 Q2 par…',
      reconnecting: 'reconnecting: Q1 A1 Q2 par…',
      remote: 'remote: Q1 A1 Q2 par…{ask:input-complete}',
      local: 'local: Q1 A1 Q2 par{ask:input-complete}',
      error: 'error: Q1 A1 Q2 par #network',
      stopped: 'stopped: Q1 A1 Q2 par',
    },
  },

  // The run

  'run.opened': {
    event: (machine) => ({ type: 'run.opened', runId: runOf(machine) }),
    cells: idleOnly({ connecting: 'receiving: Q1 A1 Q2', reconnecting: 'receiving: Q1 A1 Q2 par…' }, 'ignored'),
  },
  'run.opened of another run': { event: () => ({ type: 'run.opened', runId: 'another' }), cells: 'ignored' },
  'run.chunks with text': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: [delta('ty')] }),
    cells: idleOnly(
      {
        connecting: 'connecting: Q1 A1 Q2 ty…',
        receiving: 'receiving: Q1 A1 Q2 party…',
        reconnecting: 'reconnecting: Q1 A1 Q2 party…',
        remote: 'receiving: Q1 A1 Q2 party…{ask:input-complete}',
      },
      'warned',
    ),
  },
  'run.chunks with reasoning': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: [{ type: 'REASONING_MESSAGE_CONTENT', messageId: 'T', delta: 'hm' }] }),
    cells: idleOnly(
      {
        connecting: 'connecting: Q1 A1 Q2 (hm…)',
        receiving: 'receiving: Q1 A1 Q2 par…(hm…)',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…(hm…)',
        remote: 'receiving: Q1 A1 Q2 par…{ask:input-complete}(hm…)',
      },
      'warned',
    ),
  },
  'run.chunks with a complete call': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: toolCall('c3', 'more', {}) }),
    cells: idleOnly(
      {
        connecting: 'connecting: Q1 A1 Q2 {more:input-complete}',
        receiving: 'remote: Q1 A1 Q2 par…{more:input-complete}',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…{more:input-complete}',
        remote: 'remote: Q1 A1 Q2 par…{ask:input-complete}{more:input-complete}',
      },
      'warned',
    ),
  },
  'run.chunks with the last result': {
    event: (machine) => ({
      type: 'run.chunks',
      runId: runOf(machine),
      chunks: [{ type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c2', content: '1' }],
    }),
    cells: idleOnly(
      {
        connecting: 'connecting: Q1 A1 Q2 ',
        receiving: 'receiving: Q1 A1 Q2 par…',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…',
        remote: 'receiving: Q1 A1 Q2 par…{ask:complete}',
      },
      'warned',
    ),
  },
  'run.chunks with RUN_ERROR': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: [{ type: 'RUN_ERROR', message: 'no' }] }),
    cells: idleOnly(
      {
        connecting: 'error: Q1 A1 Q2 !Q2 failed #server',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #server',
        reconnecting: 'error: Q1 A1 Q2 par !Q2 failed #server',
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #server',
      },
      'warned',
    ),
  },
  'run.chunks of another run': { event: () => ({ type: 'run.chunks', runId: 'another', chunks: text('X', 'late') }), cells: 'warned' },
  'run.closed after a terminal chunk': {
    event: (machine) => {
      if (machine.phase !== 'local' && machine.snapshot.hasTag('busy')) machine.run.chunks(finished)
      return { type: 'run.closed', runId: runOf(machine) }
    },
    cells: idleOnly(
      {
        connecting: 'ready: Q1 A1 Q2 !Q2 finished',
        receiving: 'ready: Q1 A1 Q2 par !Q2 finished',
        reconnecting: 'ready: Q1 A1 Q2 par !Q2 finished',
        remote: 'local: Q1 A1 Q2 par{ask:input-complete}',
      },
      'ignored',
    ),
  },
  'run.closed after the server said that the run was cancelled': {
    event: (machine) => {
      if (machine.phase !== 'local' && machine.snapshot.hasTag('busy')) machine.run.chunks({ ...finished, outcome: { type: 'cancelled' } } as Chunk)
      return { type: 'run.closed', runId: runOf(machine) }
    },
    cells: idleOnly(
      {
        connecting: 'stopped: Q1 A1 Q2 !Q2 stopped',
        receiving: 'stopped: Q1 A1 Q2 par !Q2 stopped',
        reconnecting: 'stopped: Q1 A1 Q2 par !Q2 stopped',
        remote: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      },
      'ignored',
    ),
  },
  'run.closed without a terminal chunk': {
    event: (machine) => ({ type: 'run.closed', runId: runOf(machine) }),
    cells: idleOnly(
      {
        // Nothing has begun, so nothing is owed: an in-process iterable that yields nothing.
        connecting: 'ready: Q1 A1 Q2 !Q2 finished',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #truncated',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…',
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #truncated',
      },
      'ignored',
    ),
  },
  'run.closed without a terminal chunk, resumable': {
    resumable: true,
    event: (machine) => ({ type: 'run.closed', runId: runOf(machine) }),
    cells: idleOnly(
      {
        connecting: 'reconnecting: Q1 A1 Q2',
        receiving: 'reconnecting: Q1 A1 Q2 par…',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…',
        remote: 'reconnecting: Q1 A1 Q2 par…{ask:input-complete}',
      },
      'ignored',
    ),
  },
  'run.closed of another run': { event: () => ({ type: 'run.closed', runId: 'another' }), cells: 'ignored' },
  'run.dropped': {
    event: (machine) => ({ type: 'run.dropped', runId: runOf(machine), error: network }),
    cells: idleOnly(
      {
        connecting: 'error: Q1 A1 Q2 !Q2 failed #network',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #network',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…',
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #network',
      },
      'ignored',
    ),
  },
  'run.dropped, resumable': {
    resumable: true,
    event: (machine) => ({ type: 'run.dropped', runId: runOf(machine), error: network }),
    cells: idleOnly(
      {
        connecting: 'reconnecting: Q1 A1 Q2',
        receiving: 'reconnecting: Q1 A1 Q2 par…',
        reconnecting: 'reconnecting: Q1 A1 Q2 par…',
        remote: 'reconnecting: Q1 A1 Q2 par…{ask:input-complete}',
      },
      'ignored',
    ),
  },
  'run.dropped of another run': { event: () => ({ type: 'run.dropped', runId: 'another', error: network }), cells: 'ignored' },
  'run.failed': {
    event: (machine) => ({ type: 'run.failed', runId: runOf(machine), error: new ChatError('http', '500') }),
    cells: idleOnly(
      {
        connecting: 'error: Q1 A1 Q2 !Q2 failed #http',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #http',
        reconnecting: 'error: Q1 A1 Q2 par !Q2 failed #http',
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #http',
      },
      'ignored',
    ),
  },
  'run.failed of another run': { event: () => ({ type: 'run.failed', runId: 'another', error: network }), cells: 'ignored' },

  // Restoring

  'restore.done': {
    event: () => ({ type: 'restore.done', messages: [user('stored')] }),
    cells: idleOnly({ restoring: 'ready: stored' }, 'ignored'),
  },
  'restore.failed': {
    event: () => ({ type: 'restore.failed', error: new ChatError('restore', 'no') }),
    cells: idleOnly({ restoring: 'error:  #restore' }, 'ignored'),
  },
}

function result({ phase, host, snapshot, outcomes }: Machine): string {
  const { queue, error } = snapshot.context
  return [
    `${phase}: ${show(host.transcript.messages())}`,
    ...queue.map(({ message }) => `+${show([message])}`),
    ...outcomes.map((outcome) => `!${outcome}`),
    ...(error ? [`#${error.code}`] : []),
  ].join(' ')
}

describe.each(Object.entries(rows))('%s', (_name, { event: makeEvent, given = {}, resumable, cells }) => {
  it.each(phases)('in %s', (phase) => {
    const cell = typeof cells === 'string' ? cells : cells[phase]
    const machine = to[phase](given)
    // A position to rejoin from, with a chunk that says nothing.
    if (resumable && machine.snapshot.hasTag('busy') && phase !== 'local') machine.run.chunksAt('cursor-2', started)
    const event = makeEvent(machine)
    machine.outcomes.splice(0)
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
