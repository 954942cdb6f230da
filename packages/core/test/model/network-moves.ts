import type { ChatContext } from '../../src/session/context.ts'
import { ChatError } from '../../src/errors.ts'
import type { Chunk } from '../../src/protocol/chunk.ts'
import { toolCall, toolResult } from '../../testing/index.ts'
import { FINISHED, STARTED } from '../chat-kit.ts'
import type { Move } from './move.ts'
import type { Model } from './model.ts'

type Chunks = (context: ChatContext, n: number) => readonly Chunk[]

/** A run that was begun; what it says comes after RUN_STARTED. */
const begun = ({ ledger }: ChatContext, ...chunks: readonly Chunk[]) => (ledger.began ? chunks : [STARTED, ...chunks])

/** The texts of the run, by whether they are over. */
function texts({ host, runId }: ChatContext) {
  const all = host.transcript.runMessage()?.parts.filter((part) => part.type === 'text') ?? []
  const isOpen = all.some(({ state }) => state === 'streaming')
  return { isOpen, messageId: `${runId}-${isOpen ? all.length - 1 : all.length}` }
}
function write(context: ChatContext, delta: string): readonly Chunk[] {
  const { isOpen, messageId } = texts(context)
  const start: Chunk[] = isOpen ? [] : [{ type: 'TEXT_MESSAGE_START', messageId }]
  return begun(context, ...start, { type: 'TEXT_MESSAGE_CONTENT', messageId, delta })
}
/** A run says that it is over; an open text ends before. */
function over(context: ChatContext, chunk: Chunk): readonly Chunk[] {
  const { isOpen, messageId } = texts(context)
  return begun(context, ...(isOpen ? [{ type: 'TEXT_MESSAGE_END', messageId } as const] : []), chunk)
}
const isTalking = ({ run, snapshot }: Model) => run !== undefined && snapshot.context.ledger.terminal === null

/** One network read. */
const read = (chunks: Chunks, possible: (model: Model) => boolean, cursor?: string): Move => ({
  possible,
  model: (model, n) => model.read(chunks(model.snapshot.context, n), cursor),
  chat({ chat, connection }, n) {
    if (cursor !== undefined) connection.run.context.onCursor(cursor)
    return connection.run.push(...chunks(chat.actor.getSnapshot().context, n))
  },
})
const call = (name: string): Move =>
  read(
    (context, n) => begun(context, ...toolCall(`call-${n}`, name, {})),
    (model) => isTalking(model) && model.snapshot.context.ledger.calls.size === 0,
  )
const end = (chunk: (context: ChatContext) => Chunk): Move => read((context) => over(context, chunk(context)), isTalking)

/** Ten seconds after the simulated clock began. */
const expiresAt = new Date(10_000).toISOString()
const questions = ({ ledger }: ChatContext) => [
  { id: 'question', reason: 'confirmation', expiresAt },
  ...[...ledger.calls.keys()].map((toolCallId) => ({ id: `approval_${toolCallId}`, reason: 'tool_call', toolCallId, expiresAt })),
]

const network = new ChatError('network', 'The connection broke.')
const http = new ChatError('http', '500', { status: 500 })
const hasRun = ({ run }: Model) => run !== undefined
const runOf = ({ snapshot }: Model) => snapshot.context.runId!

/** What the server says and what the network does. */
export const networkMoves: Readonly<Record<string, Move>> = {
  text: read((context, n) => write(context, `t${n}`), isTalking),
  'text with a position': read(
    (context, n) => write(context, `p${n}`),
    (model) => isTalking(model) && model.snapshot.context.cursor === null,
    'position',
  ),
  "call of the server's": call('theirs'),
  'call that a person answers': call('ask'),
  'call that runs here': call('look'),
  'call that runs here after a yes': call('mail'),
  result: read(
    ({ ledger }) => [toolResult([...ledger.calls.keys()][0]!, 1)],
    (model) => isTalking(model) && model.snapshot.context.ledger.calls.size > 0,
  ),
  RUN_FINISHED: end(() => FINISHED),
  'RUN_FINISHED with questions': end((context) => ({ ...FINISHED, outcome: { type: 'interrupt', interrupts: questions(context) } }) as Chunk),
  'RUN_FINISHED, cancelled': end(() => ({ ...FINISHED, outcome: { type: 'cancelled' } }) as Chunk),
  RUN_ERROR: end(() => ({ type: 'RUN_ERROR', message: 'no' })),
  close: {
    possible: hasRun,
    model: (model) => model.send({ type: 'run.closed', runId: runOf(model) }),
    chat: ({ connection }) => connection.run.close(),
  },
  drop: {
    possible: hasRun,
    model: (model) => model.send({ type: 'run.dropped', runId: runOf(model), error: network }),
    chat: ({ connection }) => connection.run.fail(network),
  },
  fail: {
    possible: hasRun,
    model: (model) => model.send({ type: 'run.failed', runId: runOf(model), error: http }),
    chat: ({ connection }) => connection.run.fail(http),
  },
}
