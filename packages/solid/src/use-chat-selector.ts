import type { Chat, ChatSnapshot, ChatTypes, Equal } from '@statechat/core'
import { type Accessor, createMemo } from 'solid-js'
import { firstSnapshot } from './first-snapshot.ts'
import { type MaybeAccessor, valueOf } from './maybe-accessor.ts'
import { useReadable } from './use-readable.ts'

/**
 * A value computed from the chat's snapshot: wakes its readers only when it is another one by `equal` (default Object.is).
 * The selector may read signals, and is followed then. The messages in the snapshot are the core's own, immutable.
 * With a provider: `useChatSelector(useChatContext(), …)`.
 *
 * @example
 * const count = useChatSelector(() => props.chat, ({ messages }) => messages.length)
 */
export function useChatSelector<T, Types extends ChatTypes = ChatTypes>(
  chat: MaybeAccessor<Chat<Types>>,
  selector: (snapshot: ChatSnapshot<Types>) => T,
  equal: Equal<T> = Object.is,
): Accessor<T> {
  const snapshot = useReadable(
    () => valueOf(chat).snapshot,
    () => firstSnapshot(valueOf(chat)),
  )
  return createMemo(() => selector(snapshot()), undefined, { equals: equal })
}
