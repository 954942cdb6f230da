import { createAtom } from '@xstate/store'
import type { UIMessage } from './message.ts'

/** A place in the conversation. The atom holds the message, so that a new delta touches nothing but its own. */
interface Node {
  readonly message: { get(): UIMessage; set(message: UIMessage): void }
  parent: Node | null
  /** How many messages are above it. */
  depth: number
  readonly children: Node[]
  /** The child that was visible last. */
  active: Node | null
}

/**
 * The messages as a tree: a message knows its parent, siblings are the versions of an answer or a question,
 * and the head selects the visible path.
 */
export interface Tree {
  get(id: string): UIMessage | undefined
  has(id: string): boolean
  /** Puts a new version of a known message in its place. */
  set(message: UIMessage): void
  /** Adds a message below `parentId`; it becomes the head if its parent was, so a reader of another branch is not moved. */
  append(message: UIMessage, parentId: string | null): UIMessage
  /** Removes a message; what was below it is below its parent now, and so is the head if it was the head. */
  remove(id: string): void
  /** Ids from the first message to the given one. */
  pathTo(id: string | null): string[]
  parentOf(id: string): string | null
  /** How many messages are above it on its path; -1 for an unknown one. */
  depthOf(id: string): number
  head(): string | null
  /** Makes the given message the end of the visible path. */
  setHead(id: string | null): void
  /** Shows the branch that the message is on, down to where its reader left it. */
  select(id: string): void
  /** All versions of a message, itself included, oldest first. */
  siblings(id: string): UIMessage[]
  /** Every message of every branch: each after its parent, and after its older siblings. */
  all(): UIMessage[]
  clear(): void
}

export function createTree(): Tree {
  const nodes = new Map<string, Node>()
  let roots: Node[] = []
  let head: Node | null = null

  const node = (id: string | null) => (id === null ? null : (nodes.get(id) ?? null))
  const idOf = (of: Node | null) => of?.message.get().id ?? null

  function setHead(to: Node | null) {
    head = to
    for (let at = to; at?.parent; at = at.parent) at.parent.active = at
  }

  /** One place up, with all below it. */
  function lift(from: Node) {
    const moved = [from]
    for (let at = moved.pop(); at; at = moved.pop()) {
      at.depth--
      moved.push(...at.children)
    }
  }

  return {
    get: (id) => nodes.get(id)?.message.get(),
    has: (id) => nodes.has(id),
    set: (message) => nodes.get(message.id)?.message.set(message),
    append(input, parentId) {
      const parent = node(parentId)
      const message = input.parentId === parentId ? input : { ...input, parentId }
      const added: Node = { message: createAtom<UIMessage>(message), parent, depth: parent ? parent.depth + 1 : 0, children: [], active: null }
      nodes.set(message.id, added)
      ;(parent?.children ?? roots).push(added)
      if (head === parent) setHead(added)
      return message
    },
    remove(id) {
      const gone = node(id)
      if (!gone) return
      const siblings = gone.parent?.children ?? roots
      siblings.splice(siblings.indexOf(gone), 1, ...gone.children)
      for (const child of gone.children) {
        child.parent = gone.parent
        child.message.set({ ...child.message.get(), parentId: idOf(gone.parent) })
        lift(child)
      }
      nodes.delete(id)
      if (gone.parent?.active === gone) gone.parent.active = gone.active
      if (head === gone) setHead(gone.parent)
    },
    pathTo(id) {
      const path: string[] = []
      for (let at = node(id); at; at = at.parent) path.push(at.message.get().id)
      return path.reverse()
    },
    parentOf: (id) => idOf(node(id)?.parent ?? null),
    depthOf: (id) => node(id)?.depth ?? -1,
    head: () => idOf(head),
    setHead: (id) => setHead(node(id)),
    select(id) {
      let at = node(id)
      while (at && at.children.length > 0) at = at.active ?? at.children.at(-1)!
      setHead(at)
    },
    siblings(id) {
      const of = node(id)
      return of ? (of.parent?.children ?? roots).map((sibling) => sibling.message.get()) : []
    },
    all() {
      const found: UIMessage[] = []
      const waiting = [...roots].reverse()
      for (let at = waiting.pop(); at; at = waiting.pop()) {
        found.push(at.message.get())
        waiting.push(...[...at.children].reverse())
      }
      return found
    },
    clear() {
      nodes.clear()
      roots = []
      head = null
    },
  }
}
