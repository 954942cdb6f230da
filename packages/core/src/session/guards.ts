import { assertEvent } from 'xstate'
import { answering, isLoaded } from './answering.ts'
import { MAX_ATTEMPTS } from './backoff.ts'
import { awaitsResults, isTruncated as isCutOff } from './ledger.ts'
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

// The code comes with the first call or question: until then nothing is owed.
const isClientsTurn = ({ context }: Args) => answering.get()?.isClientsTurn(context) ?? false
const isAnswered = ({ context }: Args) => answering.get()?.isAnswered(context) ?? true
const isPastMaxSteps = (args: Args) => {
  const { turn, host } = args.context
  return isAnswered(args) && turn !== null && turn.steps >= maxSteps(host.options)
}
const isOwed = (args: Args) => isLoaded() && answering.get()!.isOwed(args)
const isOwnYes = (args: Args) => isOwed(args) && answering.get()!.isOwnYes(args)
const isAtWork = (args: Args) => answering.get()?.isAtWork(args) ?? false
/** The conversation was stored with questions in its last message. */
const hasOpenQuestions = ({ context }: Args) => context.host.restore === null && isLoaded() && answering.get()!.openQuestions(context) !== null
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
