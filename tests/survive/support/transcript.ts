import type { UIMessage } from '@statechat/core'

/** What a reader sees of a conversation: everything but the ids that are made anew each time. */
export function transcript(messages: readonly UIMessage[]): unknown {
  return JSON.parse(JSON.stringify(messages, (key, value: unknown) => (IDS.has(key) ? undefined : value)))
}

const IDS = new Set(['id', 'messageId', 'toolCallId', 'runId', 'createdAt', 'parentId'])

export const textOf = (messages: readonly UIMessage[]): string =>
  messages
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.content : '')))
    .join('')
