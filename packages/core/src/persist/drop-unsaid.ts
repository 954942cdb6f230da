import type { MessagePart, UIMessage } from '../transcript/message.ts'
import { finaliseText } from '../transcript/text.ts'
import { finaliseThinking } from '../transcript/thinking.ts'

/** What a run had opened when it was stored and had not said a word of: it goes, and so does a message that has nothing else. */
export function dropUnsaid(stored: readonly UIMessage[], head: string | null): { messages: readonly UIMessage[]; head: string | null } {
  const parents = new Set(stored.map(({ parentId }) => parentId))
  const messages: UIMessage[] = []
  for (const message of stored) {
    const parts = message.parts.filter((part) => !isUnsaid(part))
    const isGone = message.role === 'assistant' && parts.length === 0 && !parents.has(message.id)
    if (!isGone) messages.push(parts.length === message.parts.length ? message : { ...message, parts })
    else if (message.id === head) head = message.parentId === undefined ? (messages.at(-1)?.id ?? null) : message.parentId
  }
  return { messages, head }
}

function isUnsaid(part: MessagePart): boolean {
  switch (part.type) {
    case 'text':
      return part.state === 'streaming' && finaliseText(part) === null
    case 'thinking':
      return part.state === 'streaming' && finaliseThinking(part) === null
    default:
      return false
  }
}
