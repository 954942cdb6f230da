import { type Chat, type ChatOptions, createChat, liveOptions, withoutCallbacks } from '@statechat/core'
import { computed, type ComputedRef } from 'vue'

/** A chat made from options, and the thread they asked for. */
interface Owned {
  readonly chat: Chat
  readonly threadId: string | undefined
}

/**
 * The chat of a component that gives options; null while it gives none. Options for another thread make another chat,
 * all others bring it up to date. Both happen when the chat is next asked for, because options change one by one.
 * Making a chat only allocates, so a server leaves nothing behind.
 */
export function useOwnedChat(options: () => ChatOptions | null): ComputedRef<Chat | null> {
  let kept: Owned | null = null
  return computed(() => {
    const given = options()
    if (!given) return null
    if (!kept || kept.threadId !== given.threadId) kept = own(given, kept)
    kept.chat.updateOptions(liveOptions(given))
    return kept.chat
  })
}

/** A chat that made its own id and is now asked for by that id is the one asked for. */
function own(options: ChatOptions, before: Owned | null): Owned {
  const { threadId } = options
  if (before && before.chat.threadId === threadId) return { chat: before.chat, threadId }
  // The callbacks are listeners, so that they end with the component.
  return { chat: createChat(withoutCallbacks(options)), threadId }
}
