import type { Chat, ChatTypes, UIMessage } from '@statechat/core'
import { type ComputedRef, type MaybeRefOrGetter, toRaw, toValue } from 'vue'
import { firstSnapshot } from './first-snapshot.ts'
import { useReadable } from './use-readable.ts'

/**
 * One message by its id, as a readonly ref: wakes its readers only when that message changes, so a list of ids with
 * a component per message renders one of them per token.
 *
 * @example
 * const message = useMessage(chat, () => props.id)
 */
export function useMessage<Types extends ChatTypes>(
  chat: MaybeRefOrGetter<Chat<Types>>,
  id: MaybeRefOrGetter<string>,
): ComputedRef<UIMessage<Types> | undefined> {
  const current = () => toRaw(toValue(chat))
  return useReadable(
    () => current().message(toValue(id)),
    () => firstSnapshot(current()).messages.find((message) => message.id === toValue(id)),
  )
}
