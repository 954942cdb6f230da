import { assertEvent } from 'xstate'
import { answerApproval, expireApproval } from '../transcript/approval.ts'
import { answerInterrupt } from '../transcript/interrupt.ts'
import { answerCall } from '../transcript/tool-result.ts'
import { ANSWERS } from './answers.ts'
import type { ChatContext } from './context.ts'
import type { ExpiryEvent } from './events.ts'
import { EMPTY_LEDGER } from './ledger.ts'
import { answer, answerQuestion } from './ledger-calls.ts'
import { openQuestions, owedCalls, waitsForAnswer, waitsForApproval } from './owed.ts'
import { turnOf } from './turn.ts'
import type { Args, Enqueueing } from './args.ts'

export const answered = ({ context, event }: Args): Partial<ChatContext> => {
  assertEvent(event, ANSWERS)
  switch (event.type) {
    case 'tool.result':
      return { ledger: answer(context.ledger, event.result.toolCallId) }
    case 'tool.approval':
    case 'approval.expired':
      return { ledger: answer(context.ledger, event.toolCallId) }
    default:
      return { ledger: answerQuestion(context.ledger, event.id, context.host.transcript.interrupt(event.id)?.toolCallId) }
  }
}
export const writeAnswer = ({ context: { host }, event }: Args) => {
  assertEvent(event, ANSWERS)
  const { transcript } = host
  switch (event.type) {
    case 'tool.result':
      return transcript.edit({ callId: event.result.toolCallId }, (message) => answerCall(message, event.result, event.output))
    case 'tool.approval':
      return transcript.edit({ callId: event.toolCallId }, (message) => answerApproval(message, event))
    case 'approval.expired':
      return transcript.edit({ callId: event.toolCallId }, (message) => expireApproval(message, event.toolCallId))
    case 'interrupt.answer':
      return transcript.edit({ interruptId: event.id }, (message) => answerInterrupt(message, event))
    case 'interrupt.expired':
      return transcript.edit({ interruptId: event.id }, (message) => answerInterrupt(message, { id: event.id, status: 'cancelled' }))
  }
}
/** Why an answer has nothing to answer, in words. */
export const whyNotOwed = ({ context: { host }, event }: Args): string => {
  assertEvent(event, ['tool.result', 'tool.approval', 'interrupt.answer'])
  if (event.type === 'interrupt.answer') return standing('interrupt', event.id, host.transcript.interrupt(event.id))
  const id = event.type === 'tool.result' ? event.result.toolCallId : event.toolCallId
  return standing('call', id, host.transcript.call(id))
}
const standing = (what: string, id: string, asked: { state: string } | undefined): string =>
  asked ? `The ${what} ${id} is ${asked.state}.` : `There is no ${what} ${id}.`

/** A stored conversation ends with questions: they are asked again, and the turn goes on when they are answered. */
export const resumed = ({ context }: Args): Partial<ChatContext> => {
  const open = openQuestions(context)
  if (!open) return {}
  const { message, ...owed } = open
  return { ...turnOf({ id: context.host.generateId(), tip: message.id, mode: 'continue' }), runId: null, ledger: { ...EMPTY_LEDGER, ...owed } }
}

/** setTimeout takes no more: 25 days. */
const LONGEST_DELAY = 2 ** 31 - 1

/** For each open question that has an end, an event at that time. */
export const scheduleExpiry = ({ context, enqueue }: Enqueueing) => {
  const { host, ledger } = context
  const timers: string[] = []
  const expire = (event: ExpiryEvent, id: string, expiresAt: string | undefined) => {
    const at = expiresAt === undefined ? NaN : Date.parse(expiresAt)
    const delay = Math.max(at - host.now(), 0)
    if (!(delay <= LONGEST_DELAY)) return
    timers.push(`expiry:${id}`)
    enqueue.raise(event, { delay, id: `expiry:${id}` })
  }
  for (const toolCallId of owedCalls(context)) {
    if (!waitsForApproval(context, toolCallId)) continue
    expire({ type: 'approval.expired', toolCallId }, toolCallId, host.transcript.call(toolCallId)?.approval?.expiresAt)
  }
  for (const id of ledger.questions)
    if (waitsForAnswer(context, id)) expire({ type: 'interrupt.expired', id }, id, host.transcript.interrupt(id)?.expiresAt)
  enqueue.assign({ timers })
}
export const cancelExpiry = ({ context, enqueue }: Enqueueing) => {
  for (const id of context.timers) enqueue.cancel(id)
  enqueue.assign({ timers: [] })
}
