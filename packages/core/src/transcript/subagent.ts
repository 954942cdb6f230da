import type { SubagentError, SubagentFinished, SubagentStarted } from '../protocol/chunk.ts'
import type { MessagePart, SubagentPart, UIMessage } from './message.ts'
import { appendPart, lastPart, replacePart } from './parts.ts'

const subagentIndex = (message: UIMessage, id: string): number =>
  lastPart(message, (part): part is SubagentPart => part.type === 'subagent' && part.id === id)

/** A subagent begins; what it says and does carries its id as `subagentRunId`. */
export function startSubagent(message: UIMessage, chunk: SubagentStarted): UIMessage {
  const { subagentRunId: id, name, description, parentSubagentRunId: parentId, parentToolCallId: toolCallId } = chunk
  const index = subagentIndex(message, id)
  const part: SubagentPart = {
    type: 'subagent',
    id,
    name,
    state: 'running',
    ...(description !== undefined && { description }),
    ...(parentId !== undefined && { parentId }),
    ...(toolCallId !== undefined && { toolCallId }),
  }
  return index < 0 ? appendPart(message, part) : replacePart(message, index, part)
}

export function endSubagent(message: UIMessage, chunk: SubagentFinished | SubagentError): UIMessage {
  const index = subagentIndex(message, chunk.subagentRunId)
  const part = message.parts[index] as SubagentPart | undefined
  if (!part) return message
  const { state: _, result: __, error: ___, ...base } = part
  if (chunk.type === 'SUBAGENT_ERROR') return replacePart(message, index, { ...base, state: 'error', error: chunk.message })
  const { result, outcome } = chunk
  const state = outcome?.type === 'suspended' ? 'suspended' : 'finished'
  return replacePart(message, index, { ...base, state, ...(result !== undefined && { result }) })
}

/** Nothing runs on when its run is over. */
export const finaliseSubagent = (part: SubagentPart): MessagePart => (part.state === 'running' ? { ...part, state: 'cancelled' } : part)
