import type { MessagePart, UIMessage } from './message.ts'
import type { Ending } from './parts.ts'
import { rich } from './rich.ts'
import { finaliseText } from './text.ts'
import { finaliseThinking } from './thinking.ts'

/** Closes every part that a run left open. The same object comes back when nothing was. */
export function finalise(message: UIMessage, ending: Ending): UIMessage {
  const parts = message.parts.map((part, i) => finalisePart(part, ending, () => message.parts.slice(i + 1))).filter((part) => part !== null)
  const changed = parts.length !== message.parts.length || parts.some((part, i) => part !== message.parts[i])
  return changed ? { ...message, parts } : message
}

function finalisePart(part: MessagePart, ending: Ending, after: () => readonly MessagePart[]): MessagePart | null {
  switch (part.type) {
    case 'text':
      return finaliseText(part)
    case 'thinking':
      return finaliseThinking(part)
    default: {
      const more = rich.get()
      return more ? more.finaliseRichPart(part, ending, after) : part
    }
  }
}
