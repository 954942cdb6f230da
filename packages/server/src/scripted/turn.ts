import type { ContentPart, WireMessage } from '@statechat/core/wire'
import type { ToolOutcome } from './step.ts'

/** Where the conversation stands. */
export interface Turn {
  /** Text of the last user message. */
  question: string
  /** How many user messages there are before it. */
  index: number
  /** The answered calls since then, in the order they were made. */
  outcomes: ToolOutcome[]
}

export function turnOf(messages: readonly WireMessage[]): Turn {
  const start = messages.findLastIndex(({ role }) => role === 'user')
  const user = messages[start]
  return {
    question: user?.role === 'user' ? plainText(user.content) : '',
    index: messages.slice(0, Math.max(start, 0)).filter(({ role }) => role === 'user').length,
    outcomes: messages.slice(start + 1).flatMap((message) => (message.role === 'tool' ? [outcome(plainText(message.content), message.error)] : [])),
  }
}

export function outcome(content: string, error?: string | undefined): ToolOutcome {
  return { content, output: parsed(content), ...(error !== undefined && { error }) }
}

export const plainText = (content: string | readonly ContentPart[]): string =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('')

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return content
  }
}
