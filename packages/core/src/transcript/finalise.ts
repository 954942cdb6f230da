import type { MessagePart, UIMessage } from './message.ts'
import type { Ending } from './parts.ts'
import { finaliseText } from './text.ts'
import { finaliseThinking } from './thinking.ts'
import { finaliseCall } from './tool-call.ts'

/** Closes every part that a run left open. The same object comes back when nothing was. */
export function finalise(message: UIMessage, ending: Ending): UIMessage {
  const parts = message.parts.map((part) => finalisePart(part, ending)).filter((part) => part !== null)
  const changed = parts.length !== message.parts.length || parts.some((part, i) => part !== message.parts[i])
  return changed ? { ...message, parts } : message
}

function finalisePart(part: MessagePart, ending: Ending): MessagePart | null {
  switch (part.type) {
    case 'text':
      return finaliseText(part)
    case 'thinking':
      return finaliseThinking(part)
    case 'tool-call':
      return finaliseCall(part, ending)
    default:
      return part
  }
}
