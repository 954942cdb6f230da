import { type Chat, ChatError, type ChatTypes } from '@statechat/core'
import { getContext, hasContext, setContext } from 'svelte'
import { type MaybeGetter, valueOf } from './maybe-getter.ts'

const KEY = Symbol.for('@statechat/svelte')

/**
 * Gives a chat to this component and everything below: `useChat()` and `injectChat()` find it there. The chat stays the
 * property of whoever made it. With a getter, `useChat()` below follows it to another chat.
 *
 * @example
 * const chat = useChat(() => ({ connection, threadId }))
 * provideChat(() => chat.chat)
 */
export function provideChat(chat: MaybeGetter<Chat>): void {
  setContext(KEY, () => valueOf(chat))
}

/**
 * The chat of the nearest {@link provideChat} as it is now. Throws `ChatError` `misuse` if there is none. What it knows of its
 * tools is for the caller to say: `injectChat<TypesFrom<typeof tools>>()`.
 */
export function injectChat<Types extends ChatTypes = ChatTypes>(): Chat<Types>
export function injectChat(): Chat {
  const provided = providedChat()
  if (!provided) throw new ChatError('misuse', 'injectChat() found no chat: no component above this one has called provideChat(chat).')
  return provided()
}

/** What reads the chat of the nearest provider; undefined where there is none. */
export function providedChat(): (() => Chat) | undefined {
  return isInComponent() && hasContext(KEY) ? getContext<() => Chat>(KEY) : undefined
}

/** Svelte does not say it otherwise than by throwing. */
export function isInComponent(): boolean {
  try {
    hasContext(KEY)
    return true
  } catch {
    return false
  }
}
