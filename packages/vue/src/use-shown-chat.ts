import { type Chat, callbacksOf, ChatError, type UseChatOptions } from '@statechat/core'
import { computed, type ComputedRef, type MaybeRef, type MaybeRefOrGetter, toRaw, toValue, unref, watch } from 'vue'
import { firstSnapshot } from './first-snapshot.ts'
import { findChat } from './provide-chat.ts'
import { isServerRendering, requireScope } from './rendering.ts'
import { useOwnedChat } from './use-owned-chat.ts'

/** The same, each field as it is or in a ref. */
export type MaybeRefs<T> = T extends unknown ? { [K in keyof T]: MaybeRef<T[K]> } : never

/** The chat that a component shows, alive and heard for as long as its scope is. */
export function useShownChat(source: MaybeRefOrGetter<MaybeRefs<UseChatOptions>>): ComputedRef<Chat> {
  requireScope()
  const provided = findChat()
  const options = computed(() => plain(toValue(source)))
  const owned = useOwnedChat(() => (options.value.connection && !options.value.chat ? options.value : null))
  const chat = computed(() => {
    const shown = owned.value ?? options.value.chat ?? provided?.value
    if (shown) return shown
    throw new ChatError('misuse', 'useChat() found no chat: give it a connection or a chat, or call provideChat(chat) in a component above this one.')
  })
  firstSnapshot(chat.value)
  if (isServerRendering()) return chat

  watch(
    [chat, options],
    ([shown, now], _before, onCleanup) => {
      onCleanup(shown.listen(callbacksOf(now)))
    },
    { immediate: true },
  )
  watch(
    [chat, () => owned.value !== null],
    ([shown, isOwned], _before, onCleanup) => {
      const release = isOwned ? shown.retain() : undefined
      shown.attach()
      onCleanup(() => {
        shown.detach()
        release?.()
      })
    },
    { immediate: true },
  )
  return chat
}

/** Without refs and proxies: what a message or a connection is must not depend on where its options were kept. */
function plain(options: MaybeRefs<UseChatOptions>): UseChatOptions {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, toRaw(unref(value))])) as unknown as UseChatOptions
}
