import { assertEvent } from 'xstate'
import type { ToolCallPart, UIMessage } from '../transcript/message.ts'
import { ANSWERS } from './answers.ts'
import type { Args } from './args.ts'
import type { ChatContext } from './context.ts'
import { isClients, type OwedCall } from './ledger.ts'
import { clientTools } from './options.ts'

const WAITING: ReadonlySet<ToolCallPart['state']> = new Set(['input-complete', 'approval-responded', 'executing'])
const ANSWERED: ReadonlySet<ToolCallPart['state']> = new Set(['complete', 'error', 'cancelled'])

/** A call of the visible conversation that waits for its result. */
export const waitsForResult = ({ host }: ChatContext, callId: string): boolean => {
  const call = host.transcript.call(callId)
  return call !== undefined && WAITING.has(call.state)
}

/** A call of the visible conversation that waits for a person's yes or no. */
export const waitsForApproval = ({ host }: ChatContext, callId: string): boolean => host.transcript.call(callId)?.state === 'approval-requested'

/** A question of the server that waits for a person's answer. */
export const waitsForAnswer = ({ host }: ChatContext, id: string): boolean => host.transcript.interrupt(id)?.state === 'open'

/** The event answers a call or a question that waits for it. */
export function isOwed({ context, event }: Args): boolean {
  assertEvent(event, ANSWERS)
  switch (event.type) {
    case 'tool.result':
      return waitsForResult(context, event.result.toolCallId)
    case 'tool.approval':
    case 'approval.expired':
      return waitsForApproval(context, event.toolCallId)
    default:
      return waitsForAnswer(context, event.id)
  }
}

/** Of what is owed: a yes to a tool of this client, whose answer is yet to come. */
export function isOwnYes({ context, event }: Args): boolean {
  assertEvent(event, 'tool.approval')
  return event.approved && context.host.transcript.call(event.toolCallId)?.approval?.askedBy !== 'server'
}

/** The call of a client tool that has not ended. */
export function isAtWork({ context, event }: Args): boolean {
  assertEvent(event, ['tool.asks', 'tool.started', 'tool.progressed', 'tool.timedOut'])
  return waitsForResult(context, event.toolCallId)
}

/** The calls of this run that the client still has to answer. */
export function owedCalls({ host, ledger }: ChatContext): string[] {
  const { tools = [] } = host.options
  return [...ledger.calls].flatMap(([id, call]) => {
    const state = host.transcript.call(id)?.state
    return isClients(ledger, call, tools) && !(state && ANSWERED.has(state)) ? [id] : []
  })
}

/** The client has something to answer, or has answered all there was, be it that the arguments of the calls were no JSON. */
export function isClientsTurn(context: ChatContext): boolean {
  const { host, ledger } = context
  const { tools = [] } = host.options
  return ledger.answered > 0 || ledger.questions.size > 0 || [...ledger.calls.values()].some((call) => isClients(ledger, call, tools))
}

/** Nothing is owed any more. */
export const isAnswered = (context: ChatContext): boolean => context.ledger.questions.size === 0 && owedCalls(context).length === 0

/** What is open in the last message of a conversation that was stored: calls that this client answers, and questions. */
export interface OpenQuestions {
  message: UIMessage
  calls: ReadonlyMap<string, OwedCall>
  questions: ReadonlySet<string>
  answered: number
}

export function openQuestions({ host }: Pick<ChatContext, 'host'>): OpenQuestions | null {
  const message = host.transcript.messages().at(-1)
  if (message?.role !== 'assistant') return null
  const own = new Set(clientTools(host.options).map(({ name }) => name))
  const calls = new Map<string, OwedCall>()
  const questions = new Set<string>()
  let answered = 0
  for (const part of message.parts) {
    if (part.type === 'interrupt') {
      if (part.state === 'open') questions.add(part.id)
      // One that is cancelled may be so because the turn was stopped; then the next message tells the server.
      else if (part.state === 'resolved' && !part.isDelivered) answered++
    } else if (part.type === 'tool-call') {
      const { approval } = part
      if (part.state === 'approval-requested' || (WAITING.has(part.state) && own.has(part.name)))
        calls.set(part.id, { name: part.name, complete: true, asked: true })
      // Approved, or denied, but the server does not know it yet.
      else if (approval?.askedBy === 'server' && !approval.isDelivered && approval.approved !== undefined) answered++
    }
  }
  return calls.size + questions.size + answered > 0 ? { message, calls, questions, answered } : null
}
