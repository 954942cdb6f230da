import type { Interrupt } from '../protocol/chunk.ts'
import type { ToolApproval, UIMessage } from './message.ts'
import { CLIENT_TOOL, fieldsOf } from './asks.ts'
import { base, complete, updateCall } from './tool-call.ts'

/** An interrupt of the server that names a call. */
export function interruptCall(message: UIMessage, interrupt: Interrupt, runId?: string): UIMessage {
  const { id, toolCallId = '', message: text, expiresAt, responseSchema, reason } = interrupt
  return updateCall(message, toolCallId, (before) => {
    const part = before && complete(before)
    if (CLIENT_TOOL.has(reason) || (part?.state !== 'input-complete' && part?.state !== 'approval-requested')) return part
    const approval: ToolApproval = {
      id,
      needsApproval: true,
      askedBy: 'server',
      ...(runId !== undefined && { runId }),
      ...(text !== undefined && { message: text }),
      ...(expiresAt !== undefined && { expiresAt }),
      ...(fieldsOf(responseSchema)?.has('editedArgs') && { isEditable: true }),
    }
    return { ...base(part), state: 'approval-requested', input: part.input, approval }
  })
}

/** This client's own tool needs a yes before it runs. */
export const askForCall = (message: UIMessage, callId: string): UIMessage =>
  updateCall(message, callId, (part) =>
    part?.state === 'input-complete'
      ? {
          ...base(part),
          state: 'approval-requested',
          input: part.input,
          approval: { id: `approval_${callId}`, needsApproval: true, isEditable: true },
        }
      : part,
  )

/** What a person said to a call. An edited input takes the place of the model's. */
export interface ApprovalAnswer {
  toolCallId: string
  approved: boolean
  reason?: string | undefined
  editedInput?: unknown
}

/** A denied call is cancelled with the reason; an approved one waits for its result. */
export function answerApproval(message: UIMessage, { toolCallId, approved, reason, editedInput }: ApprovalAnswer): UIMessage {
  return updateCall(message, toolCallId, (part) => {
    if (part?.state !== 'approval-requested') return part
    const isEdited = approved && editedInput !== undefined
    const approval = { ...part.approval!, approved, ...(reason !== undefined && { reason }), ...(isEdited && { isEdited }) }
    if (!approved) return { ...base(part), state: 'cancelled', input: part.input, error: denial(reason), approval }
    return isEdited
      ? { ...base(part), state: 'approval-responded', input: editedInput, arguments: JSON.stringify(editedInput), approval }
      : { ...base(part), state: 'approval-responded', input: part.input, approval }
  })
}

/** The model gets to read it. */
const denial = (reason: string | undefined): string => `The user denied this call${reason ? `: ${reason}` : '.'}`

/** Nobody answered in time. */
export const expireApproval = (message: UIMessage, callId: string): UIMessage =>
  updateCall(message, callId, (part) =>
    part?.state === 'approval-requested'
      ? { ...base(part), state: 'cancelled', input: part.input, error: 'Nobody approved this call before it expired.' }
      : part,
  )
