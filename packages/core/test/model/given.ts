import type { ChatMachineInput } from '../../src/session/options.ts'
import type { UIMessage } from '../../src/transcript/message.ts'
import type { ClientTool } from '../../src/tool/tool.ts'
import { assistant, user } from '../../src/session/test-kit.ts'
import { asks, owed, question, serverAsks } from '../machine-table/setup.ts'

/** How a chat begins: its options, as far as the machine asks for them. */
export interface Given {
  readonly whileBusy?: ChatMachineInput['whileBusy']
  readonly maxSteps?: number
  readonly resume?: boolean
  /** `later`: a function reads them, and a move says how that ended. */
  readonly messages: readonly UIMessage[] | 'later'
  /** What is stored then; default: a conversation that ends with a question. */
  readonly stored?: readonly UIMessage[]
  /** How many moves from the beginning the walk goes. */
  readonly depth: number
}

const BASE: readonly UIMessage[] = [user('Q1'), assistant('A1')]

export const STORED: readonly UIMessage[] = [user('Q0'), assistant('A0', question)]

/** The client's tools: one that a person answers, one that runs here, and one that does after a yes. */
export const clientTools = (execute: NonNullable<ClientTool['execute']>): readonly ClientTool[] => [
  { name: 'ask' },
  { name: 'look', timeoutMs: 5_000, execute },
  { name: 'mail', needsApproval: true, execute },
]

export const givens: Readonly<Record<string, Given>> = {
  'a conversation': { messages: BASE, depth: 4 },
  'a new chat': { messages: [], depth: 2 },
  'sends that interrupt': { messages: BASE, whileBusy: 'interrupt', depth: 2 },
  'sends that are dropped': { messages: BASE, whileBusy: 'drop', depth: 2 },
  'no steps': { messages: [user('Q1'), assistant('A1', { ...owed, name: 'ask' })], maxSteps: 0, depth: 1 },
  'stored messages': { messages: 'later', depth: 3 },
  'a run that may be going on': { messages: BASE, resume: true, depth: 3 },
  'stored messages and a run that may be going on': { messages: 'later', resume: true, stored: BASE, depth: 2 },
  'a question of the server': { messages: [user('Q1'), assistant('A1', question)], depth: 2 },
  'an approval that the server asks for': { messages: [user('Q1'), assistant('A1', serverAsks)], depth: 2 },
  'an approval of our own': { messages: [user('Q1'), assistant('A1', { ...asks, name: 'mail' })], depth: 2 },
  'a call that was stored without a result': { messages: [user('Q1'), assistant('A1', { ...owed, name: 'ask' })], depth: 2 },
  'an approval of our own further up': {
    messages: [user('Q1'), assistant('A1', { ...asks, name: 'mail' }), user('Q2'), assistant('A2')],
    depth: 1,
  },
  'questions further up': {
    messages: [user('Q1'), assistant('A1', { ...serverAsks, id: 'c0' }, question, { ...owed, name: 'ask' }), user('Q2'), assistant('A2')],
    depth: 2,
  },
}
