import type { Metadata } from '../protocol/chunk.ts'
import { flat } from '../flat.ts'
import type { MessagePart, TextPart, ThinkingPart, UIMessage } from './message.ts'
import { appendPart, lastPart, mergeMetadata, replacePart } from './parts.ts'

type Prose = TextPart | ThinkingPart

/** Index of the text or thought that came from a wire message, or -1. */
export const proseIndex = (message: UIMessage, type: Prose['type'], id: string): number =>
  lastPart(message, (part): part is Prose => part.type === type && part.messageId === id)

/** Writes a delta to a text or a thought; an id that is not there yet opens one. */
export function write(
  message: UIMessage,
  type: Prose['type'],
  chunk: { messageId: string; delta?: string; metadata?: Metadata | undefined; subagentRunId?: string | undefined },
): UIMessage {
  const { messageId, delta = '', metadata, subagentRunId } = chunk
  const index = proseIndex(message, type, messageId)
  const part = message.parts[index] as Prose | undefined
  if (!part) {
    const owner = subagentRunId === undefined ? {} : { subagentRunId }
    return appendPart(message, { type, content: delta, state: 'streaming', messageId, ...owner, ...mergeMetadata(undefined, metadata) })
  }
  if (delta === '' && part.state === 'streaming' && metadata === undefined) return message
  return replacePart(message, index, { ...part, content: part.content + delta, state: 'streaming', ...mergeMetadata(part.metadata, metadata) })
}

export function close(message: UIMessage, type: Prose['type'], chunk: { messageId: string; metadata?: Metadata | undefined }): UIMessage {
  const index = proseIndex(message, type, chunk.messageId)
  if (index < 0) return message
  const part = message.parts[index] as Prose
  return replacePart(message, index, { ...part, content: flat(part.content), state: 'done', ...mergeMetadata(part.metadata, chunk.metadata) })
}

/** Closes what a run left open. */
export const done = <P extends Prose>(part: P): MessagePart =>
  part.state === 'streaming' ? { ...part, content: flat(part.content), state: 'done' } : part
