'use client'
import { type Chat, type ChatOptions, createChat, liveOptions, withoutCallbacks } from '@statechat/core'
import { useInsertionEffect, useState } from 'react'

/** A chat made from options, and the thread they asked for. */
interface Owned {
  readonly chat: Chat
  readonly threadId: string | undefined
}

/**
 * The chat of a component that gives options; null while it gives none. Options for another thread make another chat,
 * all others are brought up to date. Making a chat only allocates, so a render that is thrown away leaves nothing behind.
 */
export function useOwnedChat(options: ChatOptions | null): Chat | null {
  const [kept, setKept] = useState(() => options && own(options, null))
  let owned = kept
  if (options && (!owned || owned.threadId !== options.threadId)) setKept((owned = own(options, kept)))
  const chat = options && owned && owned.chat

  useInsertionEffect(() => {
    if (options) chat?.updateOptions(liveOptions(options))
  })
  return chat
}

/** A chat that made its own id and is now asked for by that id is the one asked for. */
function own(options: ChatOptions, before: Owned | null): Owned {
  const { threadId } = options
  if (before && before.chat.threadId === threadId) return { chat: before.chat, threadId }
  // The callbacks are listeners, so that they end with the component.
  return { chat: createChat(withoutCallbacks(options)), threadId }
}
