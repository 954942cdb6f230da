import { ChatError } from '../../src/errors.ts'
import type { Chunk } from '../../src/protocol/chunk.ts'
import type { ChatEvent } from '../../src/session/events.ts'
import type { ChatMachineInput } from '../../src/session/options.ts'
import { assistant, drive, type Machine, type Phase, send, user } from '../../src/session/test-kit.ts'
import type { InterruptPart, ToolCallPart, UIMessage } from '../../src/transcript/message.ts'
import { toolCall } from '../../testing/index.ts'

export const started: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r' }
export const finished: Chunk = { type: 'RUN_FINISHED', threadId: 't', runId: 'r' }
export const delta = (content: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'A2', delta: content })
const partial: Chunk[] = [started, { type: 'TEXT_MESSAGE_START', messageId: 'A2' }, delta('par')]
const ask = toolCall('c2', 'ask', { n: 1 })
export const network = new ChatError('network', 'The connection broke.')
const BASE = [user('Q1'), assistant('A1')]
const never: AsyncIterable<never> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
const joinable = { connect: () => never, join: () => never }

export type Setup = Partial<ChatMachineInput> & { initialMessages?: readonly UIMessage[] }

export const to: Record<Phase, (options: Setup) => Machine> = {
  loading: (options) => drive({ ...options, initialMessages: () => new Promise(() => {}) }).send({ type: 'view.attach' }),
  joining: (options) => to.ready({ ...options, resume: true, connection: joinable }).send({ type: 'view.attach' }),
  ready: (options) => drive({ initialMessages: BASE, tools: [{ name: 'ask' }], ...options }),
  connecting: (options) => to.ready(options).send(send('Q2')),
  receiving: (options) =>
    to
      .connecting(options)
      .run.opened()
      .run.chunks(...partial),
  replaying: ({ initialMessages = BASE, ...options }) =>
    to
      .joining({ ...options, initialMessages: [...initialMessages, user('Q2')], generateId: idsOf('thread', 'Q2') })
      .run.opened({ joined: 'theirs', isReplay: true })
      .run.chunks(...partial),
  waiting(options) {
    const machine = to
      .connecting(options)
      .run.opened()
      .run.chunksAt('cursor-1', ...partial)
    return machine.send({ type: 'run.dropped', runId: runOf(machine), error: network })
  },
  offline: (options) => to.waiting(options).send({ type: 'network.offline' }),
  rejoining: (options) => to.waiting(options).send({ type: 'network.online' }),
  remote: (options) => to.receiving(options).run.chunks(...ask),
  local: (options) => to.remote(options).run.chunks(finished).run.closed(),
  error(options) {
    const machine = to.receiving(options)
    return machine.send({ type: 'run.failed', runId: runOf(machine), error: network })
  },
  stopped: (options) => to.receiving(options).send({ type: 'user.stop' }),
}
export const runOf = ({ snapshot }: Machine) => snapshot.context.runId ?? 'run of nobody'
/** The first ids that a chat makes: of its thread, and of the turn of the run that it finds. */
function idsOf(...first: string[]) {
  let made = 0
  return () => first[made++] ?? `id-${made}`
}
export const phases = Object.keys(to) as Phase[]

/** One row: an event, and what comes of it in each state. */
export interface Row {
  event: (machine: Machine) => ChatEvent
  given?: Setup
  /** The run can be rejoined. */
  resumable?: boolean
  cells: Record<Phase, string> | 'ignored' | 'warned'
}

/** Cells that say what they say, and the same for all the others. */
export const cellsOf = (cells: Partial<Record<Phase, string>>, rest: string): Record<Phase, string> =>
  Object.fromEntries(phases.map((phase) => [phase, cells[phase] ?? rest])) as Record<Phase, string>

/** Cells that are the same wherever a dropped run is; `reconnecting` in them is the name of the phase. */
export const reconnecting = (cell: string) => ({
  waiting: cell.replace('reconnecting', 'waiting'),
  offline: cell.replace('reconnecting', 'offline'),
  rejoining: cell.replace('reconnecting', 'rejoining'),
})

/** Cells of an event that leaves every phase but the first two as it is; `what` is there instead of `Q1 A1`. */
export const lasting = (what: string) => ({
  ready: `ready: ${what}`,
  connecting: `connecting: ${what} Q2`,
  receiving: `receiving: ${what} Q2 par…`,
  replaying: `replaying: ${what} Q2 par…`,
  ...reconnecting(`reconnecting: ${what} Q2 par…`),
  remote: `remote: ${what} Q2 par…{ask:input-complete}`,
  local: `local: ${what} Q2 par{ask:input-complete}`,
  error: `error: ${what} Q2 par #network`,
  stopped: `stopped: ${what} Q2 par`,
})

export const owed: ToolCallPart = { type: 'tool-call', id: 'c1', name: 'old', arguments: '{}', state: 'input-complete', input: {} }
export const asks: ToolCallPart = { ...owed, state: 'approval-requested', approval: { id: 'p1', needsApproval: true } }
export const serverAsks: ToolCallPart = { ...owed, state: 'approval-requested', approval: { id: 'p1', needsApproval: true, askedBy: 'server' } }
export const question: InterruptPart = { type: 'interrupt', id: 'i1', reason: 'input_required', state: 'open' }
