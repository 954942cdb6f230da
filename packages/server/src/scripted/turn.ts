import type { WireMessage } from '@statechat/core/wire'
import { plainText } from '../plain-text.ts'
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
  const turn = messages.slice(start + 1)
  const calls = new Map(turn.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : [])).map((call) => [call.id, call]))
  return {
    question: user?.role === 'user' ? plainText(user.content) : '',
    index: messages.slice(0, Math.max(start, 0)).filter(({ role }) => role === 'user').length,
    outcomes: turn.flatMap((message) => {
      if (message.role !== 'tool') return []
      const { content, error, toolCallId } = message
      return [outcome(parsed(calls.get(toolCallId)?.function.arguments ?? '{}'), plainText(content), error)]
    }),
  }
}

export function outcome(input: unknown, content: string, error?: string | undefined): ToolOutcome {
  return { input, content, output: parsed(content), ...(error !== undefined && { error }) }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return content
  }
}
