import type { Chat, ChatSnapshot, ChatTypes, Equal, Readable } from '@statechat/core'
import { createReader } from './create-reader.ts'
import { type MaybeGetter, valueOf } from './maybe-getter.ts'
import type { Reactive } from './use-readable.ts'

/**
 * A value computed from the chat's snapshot: what reads it runs again only when it is another one by `equal` (default
 * Object.is), or when state changes that the selector reads. The selector must be pure; the chat may be a getter.
 *
 * @example
 * const count = useChatSelector(chat, ({ messages }) => messages.length) // {count.current}
 */
export function useChatSelector<T, Types extends ChatTypes = ChatTypes>(
  chat: MaybeGetter<Chat<Types>>,
  selector: (snapshot: ChatSnapshot<Types>) => T,
  equal: Equal<T> = Object.is,
): Reactive<T> {
  const { read } = createReader()
  let of: Chat<Types> | null = null
  let selection!: Readable<T>
  return {
    get current() {
      const chosen = valueOf(chat)
      // Here, so that what reads this follows the state that the selector reads.
      const value = selector(chosen.getSnapshot())
      if (of !== chosen || !equal(selection.get(), value)) selection = (of = chosen).select(selector, equal)
      return read(selection)
    },
  }
}
