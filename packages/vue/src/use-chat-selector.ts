import type { Chat, ChatSnapshot, ChatTypes, Equal } from '@statechat/core'
import { computed, type ComputedRef, type MaybeRefOrGetter, toRaw, toValue } from 'vue'
import { firstSnapshot } from './first-snapshot.ts'
import { useReadable } from './use-readable.ts'

/**
 * A value computed from the chat's snapshot, as a readonly ref: wakes its readers only when it is another one by
 * `equal` (default Object.is). The selector must be pure; refs that it reads are tracked.
 *
 * @example
 * const count = useChatSelector(chat, ({ messages }) => messages.length)
 */
export function useChatSelector<T, Types extends ChatTypes = ChatTypes>(
  chat: MaybeRefOrGetter<Chat<Types>>,
  selector: (snapshot: ChatSnapshot<Types>) => T,
  equal: Equal<T> = Object.is,
): ComputedRef<T> {
  const snapshot = useSnapshot(chat)
  let last: { value: T } | null = null
  return computed(() => {
    const next = selector(snapshot.value)
    if (!last || !equal(last.value, next)) last = { value: next }
    return last.value
  })
}

/** Everything about a chat at one moment: what is computed from it agrees with itself. */
export function useSnapshot<Types extends ChatTypes>(chat: MaybeRefOrGetter<Chat<Types>>): ComputedRef<ChatSnapshot<Types>> {
  const current = () => toRaw(toValue(chat))
  return useReadable(
    () => current().snapshot,
    () => firstSnapshot(current()),
  )
}
