import { type Chat, type ChatOptions, createChat, type UIMessage } from '@statechat/core'
import { run, scriptedConnection, text, toolCall } from '@statechat/core/testing'

const look = run(toolCall('call-1', 'look', { city: 'Rome' }))
const answer = run(text('answer', 'It ', 'is ', 'sunny.'))

/** A chat about the weather: the model calls a tool of this client, and answers with what it gave. */
export const weatherChat = (options: Partial<ChatOptions> = {}): Chat =>
  createChat({
    threadId: 'weather',
    connection: scriptedConnection(look, answer),
    tools: [{ name: 'look', execute: () => ({ sunny: true }) }],
    ...options,
  })

/** So many messages of 200 characters. */
export const conversation = (count: number): UIMessage[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `m${i}`,
    role: i % 2 ? ('assistant' as const) : ('user' as const),
    parts: [{ type: 'text' as const, content: 'x'.repeat(200) }],
  }))
