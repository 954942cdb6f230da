import type { Chat, ChatTypes, UIMessage } from '@statechat/core'
import { type MaybeGetter, valueOf } from './maybe-getter.ts'
import { type Reactive, useReadable } from './use-readable.ts'

/**
 * One message by its id: what reads it runs again only when that message changes, so a list of ids with a row per
 * message updates one row per token. The chat and the id may be getters.
 *
 * @example
 * const message = useMessage(chat, () => id) // {message.current?.role}
 */
export function useMessage<Types extends ChatTypes>(
  chat: MaybeGetter<Chat<Types>>,
  id: string | (() => string),
): Reactive<UIMessage<Types> | undefined> {
  return useReadable(() => valueOf(chat).message(typeof id === 'function' ? id() : id))
}
