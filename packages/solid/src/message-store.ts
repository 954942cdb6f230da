import type { MessagePart, UIMessage } from '@statechat/core'
import { batch } from 'solid-js'
import { createStore, produce, reconcile, unwrap } from 'solid-js/store'
import { plainCopy } from './plain-copy.ts'

/** One message as a store: a copy, because `reconcile` changes what it is given. */
export interface MessageStore {
  readonly id: string
  /** Always the same object; each of its fields wakes its own readers. */
  readonly shown: UIMessage
  /** Brings it up to date. What has kept its identity is neither read nor copied. */
  update(message: UIMessage): void
}

type Mutable = { -readonly [K in keyof UIMessage]: UIMessage[K] } & { parts: MessagePart[] }

const FIELDS = ['role', 'parentId', 'name', 'metadata', 'createdAt'] as const
const originals = new WeakMap<object, UIMessage>()

/** The core's message that a store's raw object stands for. */
export const originalOf = (raw: object): UIMessage | undefined => originals.get(raw)

export function createMessageStore(message: UIMessage): MessageStore {
  let source = message
  const [shown, set] = createStore<Mutable>(plainCopy(message) as Mutable)
  const raw = unwrap(shown)
  originals.set(raw, message)

  function updatePart(index: number, part: MessagePart, before: MessagePart | undefined) {
    if (part === before) return
    // Of another kind is another part: `<For>` makes new elements for it.
    if (before && isSameKind(part, before)) set('parts', index, reconcile(plainCopy(part)))
    else set(produce(({ parts }) => void (parts[index] = plainCopy(part))))
  }

  return {
    id: message.id,
    shown,
    update(next) {
      if (next === source) return
      const before = source
      source = next
      originals.set(raw, next)
      batch(() => {
        for (const field of FIELDS) if (next[field] !== before[field]) set(field, reconcile(plainCopy(next[field])) as never)
        if (next.parts === before.parts) return
        next.parts.forEach((part, index) => updatePart(index, part, before.parts[index]))
        if (next.parts.length < before.parts.length) set(produce(({ parts }) => void (parts.length = next.parts.length)))
      })
    },
  }
}

const isSameKind = (a: MessagePart, b: MessagePart): boolean => a.type === b.type && ('id' in a ? a.id : undefined) === ('id' in b ? b.id : undefined)
