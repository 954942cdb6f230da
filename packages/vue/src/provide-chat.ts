import { type Chat, ChatError, type ChatTypes } from '@statechat/core'
import { computed, type ComputedRef, hasInjectionContext, inject, type InjectionKey, type MaybeRefOrGetter, provide, toRaw, toValue } from 'vue'
import { firstSnapshot } from './first-snapshot.ts'

const chatKey: InjectionKey<ComputedRef<Chat>> = Symbol('statechat')

/**
 * Gives a chat to every component below: `useChat()` and `injectChat()` find it there, also when the ref holds
 * another one later. The chat stays the property of whoever made it.
 *
 * @example
 * const { chat } = useChat({ connection: fetchServerSentEvents('/api/chat') })
 * provideChat(chat)
 */
export function provideChat(chat: MaybeRefOrGetter<Chat>): void {
  const provided = computed(() => toRaw(toValue(chat)))
  firstSnapshot(provided.value)
  provide(chatKey, provided)
}

/**
 * The chat that a component above has provided, as a readonly ref. Throws `ChatError` `misuse` if there is none. What it knows of its
 * tools is for the caller to say: `injectChat<TypesFrom<typeof tools>>()`.
 *
 * @example
 * const count = useChatSelector(injectChat(), ({ messages }) => messages.length)
 */
export function injectChat<Types extends ChatTypes = ChatTypes>(): ComputedRef<Chat<Types>>
export function injectChat(): ComputedRef<Chat> {
  const provided = findChat()
  if (!provided) throw new ChatError('misuse', 'injectChat() found no chat: no component above this one has called provideChat(chat).')
  return provided
}

export const findChat = (): ComputedRef<Chat> | null => (hasInjectionContext() ? inject(chatKey, null) : null)
