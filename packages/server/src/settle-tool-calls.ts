import type { WireMessage, WireToolCall } from '@statechat/core/wire'

type ToolMessage = Extract<WireMessage, { role: 'tool' }>

/**
 * Puts the history into the order that every provider insists on: each tool call has exactly one result, right after
 * the message that made the call. A missing result is said to be missing, one without a call is left out, and arguments that
 * are no JSON, for which a provider would refuse the whole history, are left empty: their result says what was wrong.
 */
export function settleToolCalls(messages: readonly WireMessage[], generateId: () => string): WireMessage[] {
  const results = new Map<string, ToolMessage>()
  for (const message of messages) if (message.role === 'tool') results.set(message.toolCallId, message)
  return messages.flatMap((message): WireMessage[] => {
    if (message.role === 'tool') return []
    if (message.role !== 'assistant') return [message]
    if (!message.toolCalls) return [message]
    const toolCalls = message.toolCalls.map(withJson)
    return [{ ...message, toolCalls }, ...toolCalls.map(({ id }) => results.get(id) ?? missing(id, generateId()))]
  })
}

function withJson(call: WireToolCall): WireToolCall {
  try {
    JSON.parse(call.function.arguments)
    return call
  } catch {
    return { ...call, function: { ...call.function, arguments: '{}' } }
  }
}

const missing = (toolCallId: string, id: string): ToolMessage => {
  const error = 'The call was not answered.'
  return { id, role: 'tool', toolCallId, content: error, error }
}
