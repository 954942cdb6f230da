import { type Chat, type ChatOptions, createChat, liveOptions, withoutCallbacks } from '@statechat/core'
import { type Accessor, createComputed, createMemo, untrack } from 'solid-js'

/** A chat made from options, and the thread they asked for. */
interface Owned {
  readonly chat: Chat
  readonly threadId: string | undefined
}

/**
 * The chat of an owner that gives options; null while it gives none. Options for another thread make another chat,
 * all others are brought up to date.
 */
export function useOwnedChat(options: Accessor<ChatOptions | null>): Accessor<Chat | null> {
  const chosen = (before: Owned | null) => {
    const given = options()
    if (!given) return null
    const { threadId } = given
    return before && before.threadId === threadId ? before : untrack(() => own(given, before))
  }
  // Not in the memo: what is thrown there goes to the error boundary, and the component goes on without a chat.
  const first = untrack(() => chosen(null))
  const owned = createMemo(chosen, first)
  const chat = () => owned()?.chat ?? null

  createComputed(() => {
    const given = options()
    if (given) chat()?.updateOptions(liveOptions(given))
  })
  return chat
}

/** A chat that made its own id and is now asked for by that id is the one asked for. */
function own(options: ChatOptions, before: Owned | null): Owned {
  const { threadId } = options
  if (before && before.chat.threadId === threadId) return { chat: before.chat, threadId }
  // The callbacks are listeners, so that they end with their owner.
  return { chat: createChat(withoutCallbacks(options)), threadId }
}
