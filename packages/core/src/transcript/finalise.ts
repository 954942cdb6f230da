import { finaliseInterrupt } from './interrupt.ts'
import type { MessagePart, UIMessage } from './message.ts'
import type { Ending } from './parts.ts'
import { finaliseOutput } from './structured-output.ts'
import { finaliseSubagent } from './subagent.ts'
import { finaliseText } from './text.ts'
import { finaliseThinking } from './thinking.ts'
import { finaliseCall } from './tool-call.ts'

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
    case 'tool-call':
      return finaliseCall(part, ending)
    case 'subagent':
      return finaliseSubagent(part)
    case 'interrupt':
      return ending === 'finished' ? part : finaliseInterrupt(part)
    case 'structured-output':
      return finaliseOutput(part, ending, after())
    default:
      return part
  }
}
