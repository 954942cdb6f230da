import { messageOf } from '../errors.ts'
import type { Custom, Metadata, ReasoningEncryptedValue, ToolCallArgs, ToolCallEnd, ToolCallStart } from '../protocol/chunk.ts'
import type { ToolCallPart, UIMessage } from './message.ts'
import { withFields } from '../with-fields.ts'
import { growPart, isWhole } from './grow-part.ts'
import { appendPart, callIndex, type Ending, mergeMetadata, replacePart } from './parts.ts'

/** A call that somebody still has to answer. */
const isOpenCall = (part: ToolCallPart): boolean => !(part.state === 'complete' || part.state === 'error' || part.state === 'cancelled')

/** What every state of a call keeps. */
export function base(part: ToolCallPart) {
  const { state: _state, input: _input, output: _output, error: _error, ...rest } = part
  return rest
}

/** The same without going from field to field: an open call has nothing to take away. */
const kept = (part: ToolCallPart): Omit<ToolCallPart, 'state' | 'input' | 'output' | 'error'> => (isOpenCall(part) ? part : base(part))

/**
 * Idempotent by id while the call is open: a second START renames at most, and reopens one whose arguments were not whole (AG-UI: they go on).
 * An id that was answered already is a new call.
 */
export function startCall(message: UIMessage, chunk: ToolCallStart): UIMessage {
  const { toolCallId: id, toolCallName: name, parentMessageId: messageId, subagentRunId, metadata } = chunk
  return updateCall(message, id, (part) =>
    part && (isOpenCall(part) || isCutShort(part))
      ? reopened({ ...part, name, ...mergeMetadata(part.metadata, metadata) })
      : {
          type: 'tool-call',
          id,
          name,
          arguments: '',
          state: 'awaiting-input',
          ...(messageId !== undefined && { messageId }),
          ...(subagentRunId !== undefined && { subagentRunId }),
          ...mergeMetadata(undefined, metadata),
        },
  )
}

/** Its arguments were no JSON when they were said to be whole: more may come. */
const isCutShort = (part: ToolCallPart): boolean => part.state === 'error' && part.input === undefined

const reopened = (part: ToolCallPart): ToolCallPart => (part.state === 'error' ? { ...base(part), state: 'input-streaming' } : part)

export function appendArguments(message: UIMessage, chunk: ToolCallArgs): UIMessage {
  return updateCall(message, chunk.toolCallId, (part) => {
    const before = part ?? unnamed(chunk.toolCallId)
    if (before.state !== 'awaiting-input' && before.state !== 'input-streaming') return before
    return growPart<ToolCallPart>(before, {
      text: before.arguments,
      delta: chunk.delta,
      next: (input) =>
        withFields(before, {
          arguments: before.arguments + chunk.delta,
          state: 'input-streaming' as const,
          ...(input !== undefined && { input }),
          ...mergeMetadata(before.metadata, chunk.metadata),
        }),
    })
  })
}

/** Arguments are parsed once, here; text that is no JSON makes the call an error that the model gets to see. */
export function endCall(message: UIMessage, chunk: Pick<ToolCallEnd, 'toolCallId' | 'input' | 'metadata'>): UIMessage {
  return updateCall(message, chunk.toolCallId, (part) => {
    // The server's word on the input is the last one.
    const given = part && chunk.input !== undefined && isOpenCall(part) ? { ...part, arguments: JSON.stringify(chunk.input) } : part
    return given && complete(given, chunk.metadata)
  })
}

export function complete(part: ToolCallPart, metadata?: Metadata): ToolCallPart {
  if (part.state !== 'awaiting-input' && part.state !== 'input-streaming') return part
  const merged = mergeMetadata(part.metadata, metadata)
  // Our server closes the calls of a cancelled run so: what came is not all there was.
  if (metadata?.['incomplete'] === true) return { ...base(part), state: 'cancelled', ...merged }
  try {
    const input: unknown = isWhole(part) ? part.input : part.arguments.trim() === '' ? {} : JSON.parse(part.arguments)
    return withFields(part, { state: 'input-complete' as const, input, ...merged })
  } catch (cause) {
    const why = messageOf(cause)
    return { ...base(part), state: 'error', error: `The arguments of ${part.name} are not valid JSON: ${why}`, ...merged }
  }
}

/** The sealed value of a call goes back to the provider untouched. */
export function signCall(message: UIMessage, chunk: ReasoningEncryptedValue): UIMessage {
  return updateCall(message, chunk.entityId, (part) => part && { ...part, encryptedValue: chunk.encryptedValue })
}

interface CallRequest {
  toolCallId: string
  toolName: string
  input: unknown
  approval?: { id: string; needsApproval?: boolean }
}

/** TanStack AI's CUSTOM `tool-input-available` and `approval-requested`: a call that waits for the client. */
export function requestCall(message: UIMessage, chunk: Custom): UIMessage {
  const { toolCallId: id, toolName: name, input, approval } = chunk.value as CallRequest
  return updateCall(message, id, (before) => {
    const part = before ?? { ...unnamed(id), name, arguments: JSON.stringify(input ?? {}) }
    if (!isOpenCall(part)) return part
    if (!approval) return { ...base(part), state: 'input-complete', input }
    return {
      ...base(part),
      state: 'approval-requested',
      input,
      approval: { id: approval.id, needsApproval: true, askedBy: 'server' },
      ...mergeMetadata(part.metadata, chunk.metadata),
    }
  })
}

interface ApprovalResponse {
  approval: { id: string; approved: boolean; reason?: string }
  toolCallId?: string
}

/** CUSTOM `approval-responded`: the server has decided by itself, or tells what was decided. */
export const isApprovalResponse = (chunk: Custom): chunk is Custom & { value: ApprovalResponse } => {
  const { approval } = (chunk.value ?? {}) as Partial<ApprovalResponse>
  return chunk.name === 'approval-responded' && typeof approval?.id === 'string' && typeof approval.approved === 'boolean'
}

export function respondCall(message: UIMessage, { value, metadata }: Custom & { value: ApprovalResponse }): UIMessage {
  const { id, approved, reason } = value.approval
  const asked = message.parts.find((part) => part.type === 'tool-call' && (part.id === value.toolCallId || part.approval?.id === id))
  if (asked?.type !== 'tool-call') return message
  return updateCall(message, asked.id, (part) => {
    if (!part || !isOpenCall(part)) return part
    const approval = { id, needsApproval: true, askedBy: 'server' as const, isDelivered: true, approved, ...(reason !== undefined && { reason }) }
    const common = { ...base(part), input: part.input, approval, ...mergeMetadata(part.metadata, metadata) }
    return approved ? { ...common, state: 'approval-responded' } : { ...common, state: 'cancelled', error: reason ?? 'The call was denied.' }
  })
}

/** The tool of a call has begun to run, or reports how far it is. */
export const executeCall = (message: UIMessage, id: string): UIMessage =>
  updateCall(message, id, (part) =>
    part?.state === 'input-complete' || part?.state === 'approval-responded' ? { ...part, state: 'executing', input: part.input } : part,
  )

export const reportProgress = (message: UIMessage, id: string, progress: unknown): UIMessage =>
  updateCall(message, id, (part) => part && (isOpenCall(part) ? { ...part, progress } : part))

/** Sets the answer of a call. */
export function settleCall(message: UIMessage, id: string, answer: { output: unknown } | { error: string; denied?: boolean }): UIMessage {
  return updateCall(message, id, (part): ToolCallPart | undefined => {
    if (!part) return part
    const { input } = complete(part)
    if ('error' in answer && answer.denied) return { ...base(part), state: 'cancelled', input, error: part.error ?? answer.error }
    return 'error' in answer
      ? { ...base(part), state: 'error', input, error: answer.error }
      : withFields(kept(part), { state: 'complete' as const, input, output: answer.output })
  })
}

/** A finished run completes its calls; any other end cancels what nobody will answer. */
export function finaliseCall(part: ToolCallPart, ending: Ending): ToolCallPart {
  if (!isOpenCall(part)) return part
  if (ending === 'finished') return complete(part)
  const { input } = complete(part)
  return { ...base(part), state: 'cancelled', ...(input !== undefined && { input }) }
}

const unnamed = (id: string): ToolCallPart => ({ type: 'tool-call', id, name: '', arguments: '', state: 'awaiting-input' })

export function updateCall(message: UIMessage, id: string, change: (part: ToolCallPart | undefined) => ToolCallPart | undefined): UIMessage {
  const index = callIndex(message, id)
  const before = message.parts[index] as ToolCallPart | undefined
  const after = change(before)
  if (!after || after === before) return message
  const isNew = !before || (after.state === 'awaiting-input' && !isOpenCall(before))
  return isNew ? appendPart(message, after) : replacePart(message, index, after)
}
