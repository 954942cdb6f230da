import type { ReasoningEncryptedValue, ReasoningMessageContent, ReasoningMessageEnd, ReasoningMessageStart } from '../protocol/chunk.ts'
import type { MessagePart, TextPart, ThinkingPart, UIMessage } from './message.ts'
import { appendPart, replacePart } from './parts.ts'
import { close, done, proseIndex, write } from './write.ts'

export const writeThinking = (message: UIMessage, chunk: ReasoningMessageStart | ReasoningMessageContent): UIMessage =>
  write(message, 'thinking', chunk)

export const endThinking = (message: UIMessage, chunk: ReasoningMessageEnd): UIMessage => close(message, 'thinking', chunk)

/** The provider's sealed form of a thought or a text; an id nobody knows is a thought without words (redacted). */
export function signMessage(message: UIMessage, { entityId, encryptedValue }: ReasoningEncryptedValue): UIMessage {
  const thought = proseIndex(message, 'thinking', entityId)
  if (thought >= 0) return replacePart(message, thought, { ...(message.parts[thought] as ThinkingPart), signature: encryptedValue })
  const text = proseIndex(message, 'text', entityId)
  if (text >= 0) return replacePart(message, text, { ...(message.parts[text] as TextPart), encryptedValue })
  return appendPart(message, { type: 'thinking', content: '', signature: encryptedValue, state: 'done', messageId: entityId })
}

/** A thought with neither words nor signature goes. */
export const finaliseThinking = (part: ThinkingPart): MessagePart | null =>
  part.content === '' && part.signature === undefined && part.metadata?.['providerMetadata'] === undefined ? null : done(part)
