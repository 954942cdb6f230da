'use client'
import type { Chat, UIMessage } from '@statechat/core'
import { firstSnapshot } from './first-snapshot.ts'
import { useReadable } from './use-readable.ts'

/**
 * One message by its id: renders again only when that message changes, so a list of ids with a row per message
 * renders one row per token.
 *
 * @example
 * const message = useMessage(chat, id)
 */
export function useMessage(chat: Chat, id: string): UIMessage | undefined {
  const first = firstSnapshot(chat)
  return useReadable(chat.message(id), () => first.messages.find((message) => message.id === id))
}
