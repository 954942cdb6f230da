'use client'
import type { Chat, ChatSnapshot, ChatTypes, Equal } from '@statechat/core'
import { useState } from 'react'
import { firstSnapshot } from './first-snapshot.ts'
import { useReadable } from './use-readable.ts'

/**
 * A value computed from the chat's snapshot: renders again only when it is another one by `equal` (default Object.is).
 * The selector may be written inline; it must be pure. With a provider: `useChatSelector(useChatContext(), …)`.
 *
 * @example
 * const count = useChatSelector(chat, ({ messages }) => messages.length)
 */
export function useChatSelector<T, Types extends ChatTypes = ChatTypes>(
  chat: Chat<Types>,
  selector: (snapshot: ChatSnapshot<Types>) => T,
  equal: Equal<T> = Object.is,
): T {
  const [select] = useState(createSelection<T, ChatSnapshot<Types>>)
  const first = firstSnapshot(chat)
  const { get, subscribe } = chat.snapshot
  return useReadable({ subscribe, get: () => select(get(), selector, equal) }, () => select(first, selector, equal))
}

/** Selects once per snapshot and selector, and keeps the identity of an equal selection when either changes. */
function createSelection<T, Snapshot>() {
  let last: { snapshot: Snapshot; selector: (snapshot: Snapshot) => T; value: T } | null = null
  return (snapshot: Snapshot, selector: (snapshot: Snapshot) => T, equal: Equal<T>): T => {
    if (last?.snapshot === snapshot && last.selector === selector) return last.value
    const next = selector(snapshot)
    const value = last && equal(last.value, next) ? last.value : next
    last = { snapshot, selector, value }
    return value
  }
}
