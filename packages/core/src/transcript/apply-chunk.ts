import type { Chunk } from '../protocol/chunk.ts'
import type { UIMessage } from './message.ts'
import { rich } from './rich.ts'
import { endText, writeText } from './text.ts'
import { endThinking, writeThinking } from './thinking.ts'

/**
 * The reducer of one message: pure, returns the same object when nothing changed.
 * Chunks that carry no content of a message (lifecycle, state, steps, raw) leave it as it is.
 */
export function applyChunk(message: UIMessage, chunk: Chunk): UIMessage {
  const more = rich.get()
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
    case 'TEXT_MESSAGE_CONTENT':
      return more?.isWritingOutput(message, chunk.messageId) ? more.writeOutput(message, chunk) : writeText(message, chunk)
    case 'TEXT_MESSAGE_END':
      return endText(message, chunk)
    case 'REASONING_MESSAGE_START':
    case 'REASONING_MESSAGE_CONTENT':
      return writeThinking(message, chunk)
    case 'REASONING_MESSAGE_END':
      return endThinking(message, chunk)
    default:
      return more ? more.applyRichChunk(message, chunk) : message
  }
}

/** Whether a chunk has something to put into a message, so that an answer without any leaves no empty bubble. */
export function hasContent(chunk: Chunk): boolean {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
    case 'TEXT_MESSAGE_CONTENT':
    case 'REASONING_MESSAGE_START':
    case 'REASONING_MESSAGE_CONTENT':
      return true
    default:
      return rich.get()?.hasRichContent(chunk) ?? false
  }
}
