import type { TextMessageContent, TextMessageEnd, TextMessageStart } from '../protocol/chunk.ts'
import type { MessagePart, TextPart, UIMessage } from './message.ts'
import { close, done, write } from './write.ts'

/** A START on a known id reopens that text: what follows is appended to it, and may name who speaks. A delta for an unknown id opens it. */
export function writeText(message: UIMessage, chunk: TextMessageStart | TextMessageContent): UIMessage {
  const written = write(message, 'text', chunk)
  if (chunk.type !== 'TEXT_MESSAGE_START' || chunk.name === undefined || chunk.name === message.name) return written
  return { ...written, name: chunk.name }
}

export const endText = (message: UIMessage, chunk: TextMessageEnd): UIMessage => close(message, 'text', chunk)

/** A text that never got a character goes. */
export const finaliseText = (part: TextPart): MessagePart | null =>
  part.content === '' && part.encryptedValue === undefined && part.metadata?.['providerMetadata'] === undefined ? null : done(part)
