import type { ChatContext } from './context.ts'

/** The message to answer again: the question above an answer, or the question itself; undefined when there is none. */
export function reloadTip({ host: { transcript } }: Pick<ChatContext, 'host'>, messageId: string | undefined): string | undefined {
  const message = messageId === undefined ? transcript.messages().at(-1) : transcript.get(messageId)
  if (!message) return undefined
  return message.role === 'assistant' ? (transcript.parentOf(message.id) ?? undefined) : message.id
}
