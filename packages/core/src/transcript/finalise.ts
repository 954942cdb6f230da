import type { MessagePart, UIMessage } from './message.ts'
import { CUT_SHORT, type Ending } from './parts.ts'
import { rich } from './rich.ts'
import { finaliseText } from './text.ts'
import { finaliseThinking } from './thinking.ts'
import { done } from './write.ts'

/** Closes every part that a run left open. The same object comes back when nothing was. */
export function finalise(message: UIMessage, ending: Ending): UIMessage {
  const parts = message.parts.flatMap((part) => finalisePart(part, ending, message) ?? [])
  const changed = parts.length !== message.parts.length || parts.some((part, i) => part !== message.parts[i])
  return changed ? { ...message, parts } : message
}

function finalisePart(part: MessagePart, ending: Ending, of: UIMessage): MessagePart | null {
  switch (part.type) {
    case 'text':
      return finaliseText(part)
    case 'thinking':
      return finaliseThinking(part)
    default: {
      const more = rich.get()
      return more ? more.finaliseRichPart(part, ending, of) : part
    }
  }
}

/**
 * A message that comes from outside, perhaps stored in the middle of an answer: nobody writes to it any more. Questions, and calls that were whole,
 * stay open. The same object comes back when nothing else was.
 */
export function settleStored(message: UIMessage): UIMessage {
  const parts = message.parts.map(settlePart)
  return parts.every((part, i) => part === message.parts[i]) ? message : { ...message, parts }
}

function settlePart(part: MessagePart): MessagePart {
  switch (part.type) {
    case 'text':
    case 'thinking':
      return done(part)
    case 'tool-call': {
      if (part.state !== 'awaiting-input' && part.state !== 'input-streaming') return part
      const { input: _, ...rest } = part
      return { ...rest, state: 'cancelled' }
    }
    case 'structured-output':
      return part.status === 'streaming' ? { ...part, status: 'error', errorMessage: CUT_SHORT } : part
    default:
      return part
  }
}
