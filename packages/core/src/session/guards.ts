import { assertEvent } from 'xstate'
import { isLoaded } from './answering.ts'
import { MAX_ATTEMPTS } from './backoff.ts'
import { awaitsResults, isTruncated as isCutOff } from './ledger.ts'
import * as owed from './owed.ts'
import { reloadTip } from './reload.ts'
import { maxSteps } from './options.ts'
import type { Args } from './args.ts'

// Sends

/** Nothing is refused, unless an application provides a guard of its own. */
const isRefused = () => false
const interrupts = ({ context }: Args) => context.host.options.whileBusy === 'interrupt'
const queues = ({ context }: Args) => (context.host.options.whileBusy ?? 'queue') === 'queue'
const hasQueue = ({ context }: Args) => context.queue.length > 0
const isQueued = ({ context, event }: Args) => {
  assertEvent(event, 'user.unqueue')
  return context.queue.some(({ id }) => id === event.id)
}

// Commands that need something to work on

const canReload = ({ context, event }: Args) => {
  assertEvent(event, 'user.reload')
  return reloadTip(context, event.messageId) !== undefined
}
const canEdit = ({ context, event }: Args) => {
  assertEvent(event, 'user.edit')
  return context.host.transcript.get(event.messageId)?.role === 'user'
}
const canRetry = ({ context }: Args) => context.turn !== null
const canRestoreAgain = ({ context }: Args) => context.error?.code === 'restore'
const canSelect = ({ context, event }: Args) => {
  assertEvent(event, 'user.selectBranch')
  return context.host.transcript.get(event.messageId) !== undefined
}
/** Stored messages are to be read, or code is to be loaded for those there are. */
export const needsRestoring = ({ context: { host } }: Args) => host.restore !== null || (!isLoaded() && host.transcript.hasRich())

// The run's stream

const isStray = ({ context, event }: Args) => 'runId' in event && event.runId !== context.runId
const hasFailed = ({ context }: Args) => context.ledger.failure !== null
const awaitsTools = ({ context }: Args) => awaitsResults(context.ledger)
const isAnswering = ({ context }: Args) => !awaitsResults(context.ledger)
export const isTruncated = ({ context }: Args) => isCutOff(context.ledger, context.host.options.tools ?? [])
/** The server said that the run was cancelled: neither a success nor a failure. */
export const isCancelled = ({ context }: Args) => context.ledger.terminal === 'cancelled'
/** The run that was joined begins with what it had said before. */
const isReplay = ({ event }: Args) => event.type === 'run.opened' && event.isReplay === true
const canRejoin = ({ context }: Args) => context.cursor !== null && context.attempt < MAX_ATTEMPTS
const canRejoinTruncated = (args: Args) => isTruncated(args) && canRejoin(args)

// Other tabs

/** Another tab has a run open, and this one may follow it. */
const isFollowed = ({ event }: Args) => event.type === 'thread.changed' && event.run !== null
/** The turn that goes on here goes on in another tab. */
const isTakenOn = (args: Args) => isFollowed(args) && args.context.turn?.mode === 'continue'
const isTold = ({ event }: Args) => event.type === 'thread.changed' && event.why === 'told'
const isStoppedElsewhere = ({ event }: Args) => event.type === 'thread.changed' && event.why === 'stopped'

// Client answers

const isClientsTurn = ({ context }: Args) => owed.isClientsTurn(context)
const isAnswered = ({ context }: Args) => owed.isAnswered(context)
const isPastMaxSteps = ({ context }: Args) =>
  owed.isAnswered(context) && context.turn !== null && context.turn.steps >= maxSteps(context.host.options)

const isOwed = ({ context, event }: Args) => {
  assertEvent(event, ['tool.result', 'tool.approval', 'approval.expired', 'interrupt.answer', 'interrupt.expired'])
  if (!isLoaded()) return false
  switch (event.type) {
    case 'tool.result':
      return owed.waitsForResult(context, event.result.toolCallId)
    case 'tool.approval':
    case 'approval.expired':
      return owed.waitsForApproval(context, event.toolCallId)
    default:
      return owed.waitsForAnswer(context, event.id)
  }
}
/** A yes to a tool of this client: its answer is yet to come. */
const isOwnYes = (args: Args) => {
  const { context, event } = args
  assertEvent(event, 'tool.approval')
  return event.approved && isOwed(args) && context.host.transcript.call(event.toolCallId)?.approval?.askedBy !== 'server'
}
/** The call of a client tool that has not ended. */
const isAtWork = ({ context, event }: Args) => {
  assertEvent(event, ['tool.asks', 'tool.started', 'tool.progressed', 'tool.timedOut'])
  return owed.waitsForResult(context, event.toolCallId)
}
/** The conversation was stored with questions in its last message. */
const hasOpenQuestions = ({ context }: Args) => context.host.restore === null && isLoaded() && owed.openQuestions(context) !== null
/** Somebody wants to see a run that is going on, and nobody has looked for one yet. */
const mayJoin = ({ context: { host } }: Args) => host.restore === null && host.joins && 'join' in host.options.connection
const isOpenQuestion = (args: Args) => isOwed(args) && hasOpenQuestions(args)
/** A yes with which the turn goes on; one to a call further up is only noted. */
const isOpenYes = (args: Args) => isOwnYes(args) && hasOpenQuestions(args)

/** What the names in the machine's file ask. */
export const guards = {
  isRefused,
  interrupts,
  queues,
  hasQueue,
  isQueued,
  canReload,
  canEdit,
  canRetry,
  canRestoreAgain,
  canSelect,
  needsRestoring,
  isStray,
  hasFailed,
  awaitsTools,
  isAnswering,
  isTruncated,
  isCancelled,
  isReplay,
  canRejoin,
  canRejoinTruncated,
  isFollowed,
  isTakenOn,
  isTold,
  isStoppedElsewhere,
  isClientsTurn,
  isAnswered,
  isPastMaxSteps,
  isOwed,
  isOwnYes,
  isAtWork,
  hasOpenQuestions,
  mayJoin,
  isOpenQuestion,
  isOpenYes,
}
