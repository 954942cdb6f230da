import type { UIMessage } from './message.ts'
import { callIndex } from './parts.ts'
import { isRichMessage } from './rich.ts'
import { createTree } from './tree.ts'

/**
 * `path`: exactly these messages, in this order. `tree`: each below its `parentId`, if it says one; the last one is shown.
 * `head`: such a tree, and the end of the path that is shown.
 */
export type Shape = 'path' | 'tree' | { head: string | null }

/** The tree with its visible path as an array; built when it is read. Unchanged messages keep their identity. */
export interface Messages {
  path(): readonly UIMessage[]
  get(id: string): UIMessage | undefined
  has(id: string): boolean
  head(): string | null
  pathTo(id: string | null): UIMessage[]
  parentOf(id: string): string | null
  siblings(id: string): UIMessage[]
  /** Every message of every branch, parents before children. */
  all(): UIMessage[]
  append(message: UIMessage, parentId: string | null): void
  edit(id: string, change: (message: UIMessage) => UIMessage): void
  remove(id: string): void
  setHead(id: string | null): void
  select(id: string): void
  replace(list: readonly UIMessage[], as: Shape): void
  /** Makes the path what a server says it is. Branches are kept where nothing but new messages and new content came. */
  reconcile(list: readonly UIMessage[]): void
  /** Id of the message with this call, nearest to the end of the path: servers are known to use a call id again. */
  callOwner(callId: string): string | undefined
  /** Whether a message was put in that is more than prose. */
  hasRich(): boolean
}

export function createMessages(): Messages {
  const tree = createTree()
  let cache: UIMessage[] = []
  let stale: Set<string> | 'all' = new Set()
  /** Noted when a message comes in, so that no request has to ask every message. */
  let isRich = false

  /** Messages that grew keep their places, and what was added follows: nothing is looked up but these. */
  function refresh(ids: ReadonlySet<string>) {
    cache = cache.slice()
    for (const id of ids) {
      const place = tree.depthOf(id)
      if (cache[place]?.id === id || place === cache.length) cache[place] = tree.get(id)!
    }
  }
  function path(): readonly UIMessage[] {
    if (stale === 'all') cache = tree.pathTo(tree.head()).map((id) => tree.get(id)!)
    else if (stale.size > 0) refresh(stale)
    else return cache
    stale = new Set()
    return cache
  }

  const messages: Messages = {
    path,
    get: tree.get,
    has: tree.has,
    head: tree.head,
    pathTo: (id) => (id === tree.head() ? path().slice() : tree.pathTo(id).map((at) => tree.get(at)!)),
    parentOf: tree.parentOf,
    siblings: tree.siblings,
    all: tree.all,
    append(message, parentId) {
      isRich ||= isRichMessage(message)
      const isNext = parentId === tree.head()
      tree.append(message, parentId)
      if (stale === 'all') return
      if (isNext) stale.add(message.id)
    },
    edit(id, change) {
      const before = tree.get(id)
      if (!before) return
      const after = change(before)
      if (after === before) return
      tree.set(after)
      // One on another branch is not shown, though it may be as deep as the next one that will be.
      if (stale !== 'all' && cache[tree.depthOf(id)]?.id === id) stale.add(id)
    },
    remove(id) {
      tree.remove(id)
      stale = 'all'
    },
    setHead(id) {
      if (id === tree.head()) return
      tree.setHead(id)
      stale = 'all'
    },
    select(id) {
      tree.select(id)
      stale = 'all'
    },
    replace(list, as) {
      tree.clear()
      isRich = list.some(isRichMessage)
      let previous: string | null = null
      for (const message of list) {
        const { parentId = previous } = as === 'path' ? {} : message
        tree.append(message, parentId === null || tree.has(parentId) ? parentId : previous)
        previous = message.id
      }
      tree.setHead(typeof as === 'object' ? as.head : previous)
      stale = 'all'
    },
    reconcile(list) {
      const ids = path().map(({ id }) => id)
      if (!ids.every((id, i) => id === list[i]?.id)) return messages.replace(list, 'path')
      for (const message of list.slice(0, ids.length)) messages.edit(message.id, () => message)
      for (const message of list.slice(ids.length)) messages.append(message, tree.head())
    },
    hasRich: () => isRich,
    callOwner: (callId) => path().findLast((message) => callIndex(message, callId) >= 0)?.id,
  }
  return messages
}
