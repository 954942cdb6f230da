import type { ContentPart, WireMessage, WireToolCall } from '../protocol/chunk.ts'
import type { UIMessage } from './message.ts'
import { toWireMessages } from './to-wire.ts'

/** A message as a model is told it: no ids, no reasoning. TanStack AI's `chat({ messages })` takes them as they are. */
export type ModelMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ContentPart[] }
  | { role: 'assistant'; content: string | null; toolCalls?: WireToolCall[] | undefined }
  | { role: 'tool'; content: string | ContentPart[]; toolCallId: string }

/** UI messages → what a model is told: every call has a result, what is only for the screen is left out. */
export const toModelMessages = (messages: readonly UIMessage[]): ModelMessage[] => toWireMessages(messages).flatMap(toModel)

function toModel(message: WireMessage): ModelMessage[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ role: 'system', content: message.content }]
    case 'user':
      return [{ role: 'user', content: message.content }]
    case 'assistant': {
      const { content = null, toolCalls } = message
      return content === null && !toolCalls ? [] : [{ role: 'assistant', content, ...(toolCalls && { toolCalls }) }]
    }
    case 'tool':
      return [{ role: 'tool', content: message.content, toolCallId: message.toolCallId }]
    case 'reasoning':
      return []
  }
}
