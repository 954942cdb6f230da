import type { Chunk, Custom, RunFinished } from '../protocol/chunk.ts'
import { isApproval, isCallRequest } from '../transcript/asks.ts'
import type { Draft, Ledger, OwedCall } from './ledger.ts'

/** Notes a chunk of calls: whether it says something new. */
export function noteCalls(ledger: Draft, chunk: Chunk): boolean {
  switch (chunk.type) {
    case 'TOOL_CALL_START':
      return noteCall(ledger, chunk.toolCallId, { name: chunk.toolCallName, complete: false, asked: false })
    case 'TOOL_CALL_END': {
      const call = ledger.calls.get(chunk.toolCallId)
      return call !== undefined && !call.complete && noteCall(ledger, chunk.toolCallId, { ...call, complete: true })
    }
    case 'TOOL_CALL_RESULT':
      ledger.calls.delete(chunk.toolCallId)
      ledger.terminal = null
      return true
    case 'CUSTOM': {
      if (chunk.name !== 'step-reset') return noteRequest(ledger, chunk)
      const { toolCallIds = [] } = (chunk.value ?? {}) as { toolCallIds?: string[] }
      return toolCallIds.filter((id) => ledger.calls.delete(id)).length > 0
    }
    default:
      return false
  }
}

function noteCall(ledger: Draft, id: string, call: OwedCall): true {
  ledger.terminal = null
  ledger.topic = 'calls'
  ledger.calls.set(id, call)
  return true
}

function noteRequest(ledger: Draft, chunk: Custom): boolean {
  if (!isCallRequest(chunk)) return false
  const { toolCallId, toolName = '' } = chunk.value as { toolCallId: string; toolName?: string }
  const { terminal } = ledger
  noteCall(ledger, toolCallId, { name: toolName, complete: true, asked: true })
  ledger.terminal = terminal
  return true
}

/** The calls and questions of a run that has ended. */
export function finishCalls(ledger: Draft, { outcome }: RunFinished): void {
  const interrupts = outcome?.type === 'interrupt' ? outcome.interrupts : []
  const pending = outcome?.type === 'success' ? outcome.pendingToolCallIds : undefined
  const asked = new Set([...(pending ?? []), ...interrupts.flatMap((each) => (isApproval(each) ? each.toolCallId! : []))])
  for (const [id, call] of ledger.calls) ledger.calls.set(id, { ...call, complete: true, asked: call.asked || asked.has(id) })
  // An approval may be about a call of an earlier run.
  for (const id of asked) if (!ledger.calls.has(id) && !pending) ledger.calls.set(id, { name: '', complete: true, asked: true })
  ledger.questions = new Set(interrupts.flatMap((each) => (isApproval(each) ? [] : each.id)))
  ledger.listed = pending ? 'calls' : interrupts.length > 0 ? 'questions' : null
}

/** The client's answer to a call. */
export function answer(ledger: Ledger, id: string): Ledger {
  const calls = new Map(ledger.calls)
  return calls.delete(id) ? { ...ledger, calls, answered: ledger.answered + 1 } : ledger
}

/** The client's answer to a question, which may have named a call. */
export function answerQuestion(ledger: Ledger, id: string, callId: string | undefined): Ledger {
  const questions = new Set(ledger.questions)
  if (questions.delete(id)) return { ...ledger, questions, answered: ledger.answered + 1 }
  return callId === undefined ? ledger : answer(ledger, callId)
}

/** These calls are the client's from here on, whatever tools it may have later. */
export function keepCalls(ledger: Ledger, ids: readonly string[]): Ledger {
  const calls = new Map(ledger.calls)
  for (const id of ids) calls.set(id, { ...calls.get(id)!, asked: true })
  return { ...ledger, calls }
}
