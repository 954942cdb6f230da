'use client'
import type { Chat, ChatTypes, UIMessage } from '@statechat/core'
import { firstSnapshot } from './first-snapshot.ts'
import { useReadable } from './use-readable.ts'

/**
 * One message by its id: renders again only when that message changes, so a list of ids with a row per message
 * renders one row per token.
 *
 * @example
 * const message = useMessage(chat, id)
 */
export function useMessage<Types extends ChatTypes>(chat: Chat<Types>, id: string): UIMessage<Types> | undefined {
  const first = firstSnapshot(chat)
  return useReadable(chat.message(id), () => first.messages.find((message) => message.id === id))
}
