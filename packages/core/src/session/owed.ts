import type { ToolCallPart } from '../transcript/message.ts'
import type { ChatContext } from './context.ts'
import { isClients } from './ledger.ts'

const WAITING: ReadonlySet<ToolCallPart['state']> = new Set(['input-complete', 'approval-responded', 'executing'])
const ANSWERED: ReadonlySet<ToolCallPart['state']> = new Set(['complete', 'error', 'cancelled'])

/** A call of the visible conversation that waits for its result. */
export const waitsForResult = ({ host }: ChatContext, callId: string): boolean => {
  const call = host.transcript.call(callId)
  return call !== undefined && WAITING.has(call.state)
}

/** A call of the visible conversation that waits for a person's yes or no. */
export const waitsForApproval = ({ host }: ChatContext, callId: string): boolean => host.transcript.call(callId)?.state === 'approval-requested'

/** The calls of this run that the client still has to answer. */
export function owedCalls({ host, ledger }: ChatContext): string[] {
  const tools = host.options.tools ?? []
  return [...ledger.calls].flatMap(([id, call]) => {
    const state = host.transcript.call(id)?.state
    return isClients(ledger, call, tools) && !(state && ANSWERED.has(state)) ? [id] : []
  })
}

/** Calls were the client's, and all of them have their answer, be it that their arguments were no JSON. */
export function isAnswered(context: ChatContext): boolean {
  const { host, ledger } = context
  const tools = host.options.tools ?? []
  const clients = [...ledger.calls.values()].some((call) => isClients(ledger, call, tools))
  return (ledger.answered > 0 || clients) && owedCalls(context).length === 0
}
