import type { TextMessageContent, TextMessageEnd, TextMessageStart } from '../protocol/chunk.ts'
import type { MessagePart, TextPart, UIMessage } from './message.ts'
import { close, done, write } from './write.ts'

/** A START on a known id reopens that text: what follows is appended to it. A delta for an unknown id opens it. */
export const writeText = (message: UIMessage, chunk: TextMessageStart | TextMessageContent): UIMessage => write(message, 'text', chunk)

export const endText = (message: UIMessage, chunk: TextMessageEnd): UIMessage => close(message, 'text', chunk)

/** A text that never got a character goes. */
export const finaliseText = (part: TextPart): MessagePart | null =>
  part.content === '' && part.encryptedValue === undefined && part.metadata?.['providerMetadata'] === undefined ? null : done(part)
