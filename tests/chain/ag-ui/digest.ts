import type { Message } from '@ag-ui/client'
import type { ContentPart, UIMessage } from '@statechat/core'

/** What a conversation says, thing by thing and without regard to how it is cut into messages. */
export type Digest = string[]

const line = (...what: unknown[]): string => JSON.stringify(what)

export function digestOfPeer(messages: readonly Message[]): Digest {
  return sorted(
    messages.flatMap((message) => {
      const { id } = message
      const { encryptedValue, metadata, subagentRunId: owner } = message as { encryptedValue?: string; metadata?: unknown; subagentRunId?: string }
      switch (message.role) {
        case 'assistant': {
          const calls = (message.toolCalls ?? []).map((call) =>
            line('call', call.id, call.function.name, call.function.arguments, call.encryptedValue, call.metadata),
          )
          // A message that only carries calls has no words.
          return message.content ? [line('assistant', id, message.content, encryptedValue, metadata, owner), ...calls] : calls
        }
        case 'tool':
          return [line('result', id, message.toolCallId, message.content, metadata)]
        case 'reasoning':
          return [line('thought', id, message.content, encryptedValue, metadata, owner)]
        case 'activity':
          return [line('activity', id, message.activityType, message.content, metadata, owner)]
        default:
          return [line(message.role === 'developer' ? 'system' : message.role, id, textOf(message.content))]
      }
    }),
  )
}

export function digestOfChat(messages: readonly UIMessage[]): Digest {
  return sorted(
    messages.flatMap(({ id, role, parts }) => {
      if (role !== 'assistant') return [line(role, id, parts.map((part) => (part.type === 'text' ? part.content : '')).join(''))]
      return parts.flatMap((part) => {
        switch (part.type) {
          case 'text':
            return line('assistant', part.messageId, part.content, part.encryptedValue, part.metadata, part.subagentRunId)
          case 'thinking':
            return line('thought', part.messageId, part.content, part.signature, part.metadata, part.subagentRunId)
          case 'tool-call':
            return line('call', part.id, part.name, part.arguments, part.encryptedValue, part.metadata)
          case 'tool-result':
            return line('result', part.messageId, part.toolCallId, part.content, part.metadata)
          case 'activity':
            return line('activity', part.id, part.activityType, part.content, (part as { metadata?: unknown }).metadata, part.subagentRunId)
          default:
            return []
        }
      })
    }),
  )
}

const textOf = (content: string | readonly ContentPart[]): string =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('')

const sorted = (lines: string[]): Digest => lines.toSorted()
