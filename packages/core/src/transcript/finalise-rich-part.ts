import { finaliseInterrupt } from './interrupt.ts'
import type { MessagePart, UIMessage } from './message.ts'
import type { Ending } from './parts.ts'
import { finaliseOutput } from './structured-output.ts'
import { finaliseSubagent } from './subagent.ts'
import { finaliseCall } from './tool-call.ts'

/** {@link finalise} for one part that is not prose; null for one that goes. */
export function finaliseRichPart(part: MessagePart, ending: Ending, { parts }: UIMessage): MessagePart | null {
  switch (part.type) {
    case 'tool-call':
      return finaliseCall(part, ending)
    case 'subagent':
      return finaliseSubagent(part)
    case 'interrupt':
      return ending === 'finished' ? part : finaliseInterrupt(part)
    case 'structured-output':
      return finaliseOutput(part, ending, parts.slice(parts.indexOf(part) + 1))
    default:
      return part
  }
}
