import type { Chat, ChatSnapshot, ChatTypes } from '@statechat/core'

const firstSnapshots = new WeakMap<Chat, ChatSnapshot>()

/**
 * The chat as React first saw it, which is what the server rendered: a Suspense boundary may be hydrated long after
 * the chat has moved on.
 */
export function firstSnapshot<Types extends ChatTypes>(chat: Chat<Types>): ChatSnapshot<Types>
export function firstSnapshot(chat: Chat): ChatSnapshot {
  const known = firstSnapshots.get(chat)
  if (known) return known
  const first = chat.getSnapshot()
  firstSnapshots.set(chat, first)
  return first
}
