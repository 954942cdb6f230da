import type { Interrupt, Metadata, ResumeEntry } from '../protocol/chunk.ts'
import { interruptCall } from './approval.ts'
import { isApproval } from './asks.ts'
import type { InterruptPart, MessagePart, ToolCallPart, UIMessage } from './message.ts'
import { appendPart, callIndex, interruptIndex, replacePart } from './parts.ts'

/** A question of the server: to a call that is here it belongs to the call, else it is a part of its own. */
export function interrupt(message: UIMessage, asked: Interrupt, runId?: string): UIMessage {
  if (isApproval(asked) && callIndex(message, asked.toolCallId!) >= 0) return interruptCall(message, asked, runId)
  const before = message.parts[interruptIndex(message, asked.id)] as InterruptPart | undefined
  // One that was answered may be asked again.
  if (before?.state === 'open') return message
  const { id, reason, message: text, toolCallId, responseSchema, expiresAt, metadata } = asked
  return appendPart(message, {
    type: 'interrupt',
    id,
    reason,
    state: 'open',
    ...(runId !== undefined && { runId }),
    ...(text !== undefined && { message: text }),
    ...(toolCallId !== undefined && { toolCallId }),
    ...(responseSchema && { responseSchema }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(metadata && { metadata }),
  })
}

/** The answer of a person; `cancelled` for none. */
export function answerInterrupt(
  message: UIMessage,
  { id, status, payload }: { id: string; status: 'resolved' | 'cancelled'; payload?: unknown },
): UIMessage {
  const index = interruptIndex(message, id)
  const part = message.parts[index] as InterruptPart | undefined
  if (part?.state !== 'open') return message
  const answered: InterruptPart = status === 'resolved' ? { ...part, state: 'resolved', payload } : { ...part, state: 'cancelled' }
  return replacePart(message, index, answered)
}

/** A turn that ends leaves no question open. */
export const finaliseInterrupt = (part: InterruptPart): InterruptPart => (part.state === 'open' ? { ...part, state: 'cancelled' } : part)

/** A question of the server whose answer it has not got yet. */
const isUndelivered = (part: MessagePart): part is ToolCallPart | InterruptPart =>
  part.type === 'interrupt' ? !part.isDelivered : part.type === 'tool-call' && part.approval?.askedBy === 'server' && !part.approval.isDelivered

/** The answers that the next request has to carry (AG-UI: resume). Each open question is answered by then. */
export const resumeEntries = (message: UIMessage): ResumeEntry[] => message.parts.filter(isUndelivered).map(resumeEntry)

/** Whether there are any. */
export const hasAnswers = (message: UIMessage): boolean => message.parts.some(isUndelivered)

/** The run whose questions they answer; the last one, if an earlier one was never told. */
export function askingRun(message: UIMessage): string | undefined {
  const part = message.parts.findLast(isUndelivered)
  return part?.type === 'tool-call' ? part.approval?.runId : part?.runId
}

function resumeEntry(part: ToolCallPart | InterruptPart): ResumeEntry {
  if (part.type === 'interrupt') {
    const entry = { interruptId: part.id, ...continuation(part) }
    return part.state === 'resolved' ? { ...entry, status: 'resolved', payload: part.payload } : { ...entry, status: 'cancelled' }
  }
  const { id, approved, reason, isEdited } = part.approval!
  if (approved === undefined) return { interruptId: id, status: 'cancelled' }
  return {
    interruptId: id,
    status: 'resolved',
    payload: { approved, ...(reason !== undefined && { reason }), ...(isEdited && { editedArgs: part.input }) },
  }
}

/** A TanStack AI server keeps no questions: it wants its own back with the answer. */
function continuation({ reason, message = '', expiresAt, metadata = {} }: InterruptPart): { metadata: Metadata } | undefined {
  const binding = metadata['tanstack:interruptBinding'] as Record<string, unknown> | undefined
  if (binding?.['definitionId'] === undefined) return undefined
  const { v = 1, definitionId, key, batchIndex, responseSchemaHash, payloadSchemaHash } = binding
  const asked = { definitionId, key, batchIndex, reason, message, expiresAt, payload: metadata['tanstack:interruptPayload'] }
  return { metadata: { 'tanstack:interruptContinuation': { v, ...asked, responseSchemaHash, payloadSchemaHash } } }
}

/** The server has taken the answers: they are not sent again. */
export function deliver(message: UIMessage): UIMessage {
  return hasAnswers(message) ? { ...message, parts: message.parts.map(delivered) } : message
}

function delivered(part: MessagePart): MessagePart {
  if (!isUndelivered(part)) return part
  return part.type === 'interrupt' ? { ...part, isDelivered: true } : { ...part, approval: { ...part.approval!, isDelivered: true } }
}
