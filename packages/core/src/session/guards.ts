import { assertEvent } from 'xstate'
import { MAX_ATTEMPTS } from './backoff.ts'
import { awaitsResults, isTruncated as isCutOff } from './ledger.ts'
import { isAnswered, owedCalls, waitsForApproval, waitsForResult } from './owed.ts'
import { reloadTip } from './reload.ts'
import { maxSteps } from './options.ts'
import type { Args } from './types.ts'

// Sends

export const interrupts = ({ context }: Args) => context.host.options.whileBusy === 'interrupt'
export const queues = ({ context }: Args) => (context.host.options.whileBusy ?? 'queue') === 'queue'
export const hasQueue = ({ context }: Args) => context.queue.length > 0
export const isQueued = ({ context, event }: Args) => {
  assertEvent(event, 'user.unqueue')
  return context.queue.some(({ id }) => id === event.id)
}

// Commands that need something to work on

export const canReload = ({ context, event }: Args) => {
  assertEvent(event, 'user.reload')
  return reloadTip(context, event.messageId) !== undefined
}
export const canEdit = ({ context, event }: Args) => {
  assertEvent(event, 'user.edit')
  return context.host.transcript.get(event.messageId)?.role === 'user'
}
export const canRetry = ({ context }: Args) => context.turn !== null
export const canRestoreAgain = ({ context }: Args) => context.error?.code === 'restore'
export const canSelect = ({ context, event }: Args) => {
  assertEvent(event, 'user.selectBranch')
  return context.host.transcript.get(event.messageId) !== undefined
}
export const needsRestoring = ({ context }: Args) => context.host.restore !== null

// The run's stream

export const isStray = ({ context, event }: Args) => 'runId' in event && event.runId !== context.runId
export const hasFailed = ({ context }: Args) => context.ledger.failure !== null
export const awaitsTools = ({ context }: Args) => awaitsResults(context.ledger)
export const isAnswering = ({ context }: Args) => !awaitsResults(context.ledger)
export const isTruncated = ({ context }: Args) => isCutOff(context.ledger, context.host.options.tools ?? [])
/** The server said that the run was cancelled: neither a success nor a failure. */
export const isCancelled = ({ context }: Args) => context.ledger.terminal === 'cancelled'
export const canRejoin = ({ context }: Args) => context.cursor !== null && context.attempt < MAX_ATTEMPTS
export const canRejoinTruncated = (args: Args) => isTruncated(args) && canRejoin(args)

// Client answers

export const owesAnswers = ({ context }: Args) => owedCalls(context).length > 0
export const canContinue = ({ context }: Args) => isAnswered(context) && context.turn !== null && context.turn.steps < maxSteps(context.host.options)
export const isPastMaxSteps = ({ context }: Args) => isAnswered(context)

export const isOwed = ({ context, event }: Args) => {
  assertEvent(event, ['tool.result', 'tool.approval'])
  return event.type === 'tool.result' ? waitsForResult(context, event.result.toolCallId) : waitsForApproval(context, event.toolCallId)
}
/** The answer is the last one owed. */
export const isLastAnswer = (args: Args) => {
  const { context, event } = args
  assertEvent(event, ['tool.result', 'tool.approval'])
  const id = event.type === 'tool.result' ? event.result.toolCallId : event.toolCallId
  return isOwed(args) && owedCalls(context).every((owed) => owed === id)
}
export const isLastAnswerOfMany = (args: Args) =>
  isLastAnswer(args) && args.context.turn !== null && args.context.turn.steps >= maxSteps(args.context.host.options)
