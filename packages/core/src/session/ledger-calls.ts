import type { Chunk, Custom, RunFinished } from '../protocol/chunk.ts'
import { isApproval, isCallRequest } from '../transcript/asks.ts'
import type { Ledger, OwedCall } from './ledger.ts'

/** {@link advance} for chunks of calls. */
export function noteCalls(ledger: Ledger, chunk: Chunk): Ledger {
  switch (chunk.type) {
    case 'TOOL_CALL_START':
      return noteCall(ledger, chunk.toolCallId, { name: chunk.toolCallName, complete: false, asked: false })
    case 'TOOL_CALL_END': {
      const call = ledger.calls.get(chunk.toolCallId)
      return call && !call.complete ? noteCall(ledger, chunk.toolCallId, { ...call, complete: true }) : ledger
    }
    case 'TOOL_CALL_RESULT':
      return { ...settle(ledger, chunk.toolCallId), terminal: null }
    case 'CUSTOM':
      if (chunk.name === 'step-reset') return ((chunk.value as { toolCallIds?: string[] } | null)?.toolCallIds ?? []).reduce(settle, ledger)
      return noteRequest(ledger, chunk)
    default:
      return ledger
  }
}

function noteCall(ledger: Ledger, id: string, call: OwedCall): Ledger {
  return { ...ledger, terminal: null, topic: 'calls', calls: new Map(ledger.calls).set(id, call) }
}

function noteRequest(ledger: Ledger, chunk: Custom): Ledger {
  if (!isCallRequest(chunk)) return ledger
  const { toolCallId, toolName = '' } = chunk.value as { toolCallId: string; toolName?: string }
  return { ...noteCall(ledger, toolCallId, { name: toolName, complete: true, asked: true }), terminal: ledger.terminal }
}

/** The calls and questions of a run that has ended. */
export function finishCalls(ledger: Ledger, { outcome }: RunFinished): Ledger {
  const interrupts = outcome?.type === 'interrupt' ? outcome.interrupts : []
  const pending = outcome?.type === 'success' ? outcome.pendingToolCallIds : undefined
  const asked = new Set([...(pending ?? []), ...interrupts.flatMap((each) => (isApproval(each) ? each.toolCallId! : []))])
  const calls = new Map<string, OwedCall>()
  for (const [id, call] of ledger.calls) calls.set(id, { ...call, complete: true, asked: call.asked || asked.has(id) })
  // An approval may be about a call of an earlier run.
  for (const id of asked) if (!calls.has(id) && !pending) calls.set(id, { name: '', complete: true, asked: true })
  return {
    ...ledger,
    calls,
    questions: new Set(interrupts.flatMap((each) => (isApproval(each) ? [] : each.id))),
    listed: pending ? 'calls' : interrupts.length > 0 ? 'questions' : null,
  }
}

/** The client's answer to a call. */
export const answer = (ledger: Ledger, id: string): Ledger => {
  const settled = settle(ledger, id)
  return settled === ledger ? ledger : { ...settled, answered: ledger.answered + 1 }
}

/** The client's answer to a question, which may have named a call. */
export function answerQuestion(ledger: Ledger, id: string, callId: string | undefined): Ledger {
  if (!ledger.questions.has(id)) return callId === undefined ? ledger : answer(ledger, callId)
  const questions = new Set(ledger.questions)
  questions.delete(id)
  return { ...ledger, questions, answered: ledger.answered + 1 }
}

function settle(ledger: Ledger, id: string): Ledger {
  if (!ledger.calls.has(id)) return ledger
  const calls = new Map(ledger.calls)
  calls.delete(id)
  return { ...ledger, calls }
}

/** These calls are the client's from here on, whatever tools it may have later. */
export function keepCalls(ledger: Ledger, ids: readonly string[]): Ledger {
  const calls = new Map(ledger.calls)
  for (const id of ids) calls.set(id, { ...calls.get(id)!, asked: true })
  return { ...ledger, calls }
}
