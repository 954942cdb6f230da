import type { UIMessage } from '@statechat/core'
import { type Accessor, createSignal, untrack } from 'solid-js'
import { createMessageStore, type MessageStore } from './message-store.ts'

/** Messages as stores, one each: the list wakes its readers only when messages come, go or change places. */
export interface MessageList {
  readonly read: Accessor<readonly UIMessage[]>
  /** Called with each new list; copies nothing before somebody has read. */
  update(messages: readonly UIMessage[]): void
}

/** `pull` makes sure that `update` was called with the present. */
export function createMessageList(pull: () => void): MessageList {
  let isRead = false
  let latest: readonly UIMessage[] = []
  let source: readonly UIMessage[] = []
  let stores: readonly MessageStore[] = []
  const [shown, setShown] = createSignal<readonly UIMessage[]>([])

  function sync() {
    const next = latest
    const isSameList = next.length === source.length && next.every((message, i) => message === source[i] || message.id === source[i]!.id)
    const known = isSameList ? null : new Map(stores.map((store) => [store.id, store]))
    const before = source
    source = next
    if (!known) return next.forEach((message, i) => message !== before[i] && stores[i]!.update(message))
    stores = next.map((message) => {
      const store = known.get(message.id)
      store?.update(message)
      return store ?? createMessageStore(message)
    })
    setShown(stores.map((store) => store.shown))
  }

  return {
    read() {
      untrack(pull)
      if (!isRead) {
        isRead = true
        untrack(sync)
      }
      return shown()
    },
    update(messages) {
      latest = messages
      if (isRead) untrack(sync)
    },
  }
}
