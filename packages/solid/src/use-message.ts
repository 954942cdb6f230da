import type { Chat, ChatTypes, UIMessage } from '@statechat/core'
import { type Accessor, createMemo, untrack } from 'solid-js'
import { firstSnapshot } from './first-snapshot.ts'
import { type MaybeAccessor, valueOf } from './maybe-accessor.ts'
import { createMessageStore, type MessageStore } from './message-store.ts'
import { useReadable } from './use-readable.ts'

/**
 * One message by its id, as a store: each of its fields wakes its own readers, so a token updates the one text that shows it.
 * The accessor itself wakes only when there is another message, or none any more.
 *
 * @example
 * const message = useMessage(() => props.chat, () => props.id)
 */
export function useMessage<Types extends ChatTypes>(
  chat: MaybeAccessor<Chat<Types>>,
  id: MaybeAccessor<string>,
): Accessor<UIMessage<Types> | undefined>
export function useMessage(chat: MaybeAccessor<Chat>, id: MaybeAccessor<string>): Accessor<UIMessage | undefined> {
  const message = useReadable(
    () => valueOf(chat).message(valueOf(id)),
    () => firstSnapshot(valueOf(chat)).messages.find((message) => message.id === valueOf(id)),
  )
  const store = createMemo<MessageStore | undefined>((known) => {
    const next = message()
    if (!next) return undefined
    if (known?.id !== next.id) return untrack(() => createMessageStore(next))
    untrack(() => known.update(next))
    return known
  })
  return () => store()?.shown
}
