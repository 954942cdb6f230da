import type { UIMessage } from '@statechat/core'

/** The messages of one moment, put together when somebody looks. */
export type PastMessages = () => readonly UIMessage[]

/**
 * Remembers many states of one list by what is different: while an answer is being written, a state costs one message, not
 * the list. Messages are immutable, so nothing is copied or serialised.
 */
export interface MessageHistory {
  keep(messages: readonly UIMessage[]): PastMessages
  /** The last message has grown, and nothing else has changed: costs the same for any list. Undefined if it is not the last. */
  grow(message: UIMessage): PastMessages | undefined
}

/** How many messages may differ from a kept list before the new list is kept itself. */
const MAX_CHANGES = 3

type Changes = readonly (readonly [index: number, message: UIMessage])[]

export function createMessageHistory(): MessageHistory {
  let base: readonly UIMessage[] = []
  let changes: Changes = []
  let kept: PastMessages = () => base
  let before: readonly UIMessage[] | undefined
  let last: { readonly index: number; readonly message: UIMessage } | undefined

  function remember(next: Changes): PastMessages {
    const from = base
    changes = next
    kept = next.length === 0 ? () => from : () => patched(from, next)
    return kept
  }
  return {
    keep(messages) {
      if (messages === before) return kept
      const next = changesSince(base, messages)
      if (!next) base = messages
      const message = messages.at(-1)
      before = messages
      last = message && { index: messages.length - 1, message }
      return remember(next ?? [])
    },
    grow(message) {
      if (last?.message.id !== message.id) return undefined
      if (last.message === message) return kept
      const { index } = last
      const next = [...changes.filter(([changed]) => changed !== index), [index, message] as const]
      if (next.length > MAX_CHANGES) return undefined
      before = undefined
      last = { index, message }
      return remember(next)
    },
  }
}

function patched(list: readonly UIMessage[], changes: Changes): readonly UIMessage[] {
  const copy = list.slice()
  for (const [index, message] of changes) copy[index] = message
  return copy
}

/** What makes the one list the other; `null` if that is too much, or not a change of items only. */
function changesSince(base: readonly UIMessage[], messages: readonly UIMessage[]): Changes | null {
  if (messages.length < base.length) return null
  const changes: [number, UIMessage][] = []
  for (let i = 0; i < messages.length; i++) {
    if (base[i] === messages[i]) continue
    if (changes.length === MAX_CHANGES) return null
    changes.push([i, messages[i]!])
  }
  return changes
}
