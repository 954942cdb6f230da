import { assertEvent } from 'xstate'
import { ChatError } from '../errors.ts'
import type { ChatContext } from './context.ts'
import type { Outcome } from './host.ts'
import { maxSteps } from './options.ts'
import { turnOf } from './turn.ts'
import type { Args } from './args.ts'
import { assign } from './types.ts'

function settle({ host, turn, error }: ChatContext, outcome: Outcome) {
  if (!turn) return
  const message = host.transcript.runMessage()
  host.settle(turn.id, { outcome, ...(message && { message }), ...(outcome === 'failed' && error && { error }) })
}

function finishTurn({ context }: Args) {
  const { host, ledger, runId } = context
  for (const [id, { name }] of ledger.calls) {
    const message = `The run ended without an answer to the call of ${name || id}. Declare the tool in \`tools\` if this client answers it.`
    host.warn({ code: 'unanswered_call', message, seen: id })
  }
  const answer = host.transcript.runMessage()
  const info = { finishReason: ledger.finishReason, usage: ledger.usage, runId: runId ?? '', threadId: host.threadId }
  host.tell('onFinish', answer, info)
  settle(context, 'finished')
}

/** A reload or a retry that was stopped before it said anything gives way to the answer there was. */
function stopTurn({ context }: Args) {
  if (!context.host.transcript.runMessage()) giveWay(context)
  settle(context, 'stopped')
}

/** So does one that failed, and a reload always, as the answer there was is whole; what it said is kept as a sibling. */
function failTurn({ context }: Args) {
  settle(context, 'failed')
  if (context.turn?.trigger || !context.host.transcript.runMessage()) giveWay(context)
}

/** Whoever went to another branch meanwhile stays there. */
function giveWay({ host: { transcript }, turn }: ChatContext) {
  if (turn?.fallback != null && transcript.head() === (transcript.runMessage()?.id ?? turn.tip)) transcript.select(turn.fallback)
}

const beginRestore = assign(({ event }) => {
  assertEvent(event, 'user.retry')
  return turnOf({ id: event.turnId, tip: null })
})
/** Whoever retried the reading hears of its end. */
function settleRestore({ context, event }: Args) {
  if (event.type === 'restore.failed') settle({ ...context, error: event.error }, 'failed')
  else settle(context, event.type === 'restore.done' ? 'finished' : 'stopped')
}

const recordError = assign(({ event }) => {
  assertEvent(event, ['run.failed', 'run.dropped', 'restore.failed'])
  return { error: event.error }
})
const recordServerError = assign(({ context }) => ({ error: context.ledger.failure }))
const recordTruncation = assign(({ context: { ledger } }) => {
  const what = ledger.terminal === null ? 'before it said that the run was over' : 'after tool calls, without the answer they were made for'
  return { error: new ChatError('truncated', `The stream ended ${what}. The answer so far is kept; retry() sends the request again.`) }
})
const recordMaxSteps = assign(({ context }) => ({
  error: new ChatError(
    'max_steps',
    `The model called client tools ${maxSteps(context.host.options)} times in a row; raise \`maxSteps\` if it is meant to. retry() goes on.`,
  ),
}))
const clearError = assign({ error: null })
const reportError = ({ context: { host, error } }: Args) => {
  if (error) host.tell('onError', error)
}

export const endActions = {
  finishTurn,
  stopTurn,
  failTurn,
  beginRestore,
  settleRestore,
  recordError,
  recordServerError,
  recordTruncation,
  recordMaxSteps,
  clearError,
  reportError,
}
