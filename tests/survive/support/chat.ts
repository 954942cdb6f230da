import { type Chat, type ChatOptions, createChat } from '@statechat/core'
import type { OpenConnection } from './transports.ts'

/** A chat as an app has it, but for the wait before it reconnects: there is none. */
export const chatOver = (connection: OpenConnection, options: Partial<ChatOptions> = {}): Chat =>
  createChat({ connection, random: () => 0, ...options })

/** Resolves when the chat shows it. */
export function shown(chat: Chat, isShown: (chat: Chat) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = chat.subscribe(look)
    function look() {
      if (!isShown(chat)) return
      end()
      resolve()
    }
    look()
  })
}
