import type { ChatContext } from '../../src/session/context.ts'
import { ChatError } from '../../src/errors.ts'
import type { NetworkEvent } from '../../src/session/events.ts'
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
const busy = new ChatError('http', '503', { status: 503, retryable: true })
const hasRun = ({ run }: Model) => run !== undefined
const runOf = ({ snapshot }: Model) => snapshot.context.runId!

const isLooking = ({ snapshot, phase }: Model) => snapshot.context.turn?.mode === 'join' && (phase === 'joining' || phase === 'connecting')

/** What a run that was going on says first. */
const found = (isReplay: boolean): Move => ({
  possible: isLooking,
  model: (model, n) => model.read(write(model.snapshot.context, `f${n}`), undefined, { runId: `theirs-${n}`, isReplay }),
  chat({ chat, connection }, n) {
    connection.run.context.onJoin?.({ runId: `theirs-${n}`, isReplay })
    return connection.run.push(...write(chat.actor.getSnapshot().context, `f${n}`))
  },
})
const networkSays = (type: NetworkEvent['type']): Move => ({
  possible: ({ isWatching }) => isWatching,
  model: (model) => model.tell(type),
  chat: ({ network }) => network.tell(type),
})

/** What the server says and what the network does. */
export const networkMoves: Readonly<Record<string, Move>> = {
  text: read((context, n) => write(context, `t${n}`), isTalking),
  'text with a position': read(
    (context, n) => write(context, `p${n}`),
    (model) => isTalking(model) && !model.snapshot.context.cursor,
    'position',
  ),
  'the same request may be sent again': {
    possible: (model) => model.phase === 'connecting' && model.snapshot.context.cursor === null && !isLooking(model),
    model: (model) => model.send({ type: 'run.chunks', runId: runOf(model), chunks: [], cursor: '' }),
    chat: ({ connection }) => connection.run.context.onCursor(''),
  },
  'a run is found': found(false),
  'a run is found that begins with what it had said': found(true),
  'the last text of a replay': {
    possible: (model) => model.phase === 'replaying' && isTalking(model),
    model(model, n) {
      model.read(write(model.snapshot.context, `l${n}`))
      model.send({ type: 'run.caughtUp', runId: runOf(model) })
    },
    chat({ chat, connection }, n) {
      connection.run.context.onCaughtUp?.()
      return connection.run.push(...write(chat.actor.getSnapshot().context, `l${n}`))
    },
  },
  'the network is gone': networkSays('network.offline'),
  'the network is back': networkSays('network.online'),
  'the page is looked at': networkSays('page.visible'),
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
  'the server of a dropped run is busy': {
    possible: ({ phase }) => phase === 'rejoining',
    model: (model) => model.send({ type: 'run.dropped', runId: runOf(model), error: busy }),
    chat: ({ connection }) => connection.run.fail(busy),
  },
}
