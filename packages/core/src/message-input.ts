import { ChatError } from './errors.ts'
import type { Metadata } from './protocol/chunk.ts'
import type { ContentInputPart, UIMessage } from './transcript/message.ts'

/** What `sendMessage` and `edit` take: text, or content with parts, an id of your own, metadata. */
export type MessageInput = string | { content: string | readonly ContentInputPart[]; id?: string | undefined; metadata?: Metadata | undefined }

/** A user message from what a caller gave. Throws `misuse` for one with nothing in it. */
export function toUserMessage(input: MessageInput, generateId: () => string): UIMessage {
  const { content, id = generateId(), metadata } = typeof input === 'string' ? { content: input } : (input ?? {})
  const parts = typeof content === 'string' ? textParts(content) : content
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new ChatError(
      'misuse',
      `A message needs content: text that is not empty, or an array of parts; saw ${JSON.stringify(input) ?? typeof input}.`,
    )
  }
  return { id, role: 'user', parts, ...(metadata && { metadata }) }
}

const textParts = (content: string): ContentInputPart[] => (content === '' ? [] : [{ type: 'text', content }])
