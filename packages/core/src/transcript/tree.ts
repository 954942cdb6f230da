import { withFields } from '../with-fields.ts'
import type { UIMessage } from './message.ts'

/** A place in the conversation: a new delta touches nothing but its own. */
interface Node {
  message: UIMessage
  parent: Node | null
  /** How many messages are above it. */
  depth: number
  children: readonly Node[]
  /** The child that was visible last. */
  active: Node | null
}

/** An array that is pushed to keeps room for 17: most messages have one child. */
const NONE: readonly Node[] = []

/**
 * The messages as a tree: a message knows its parent, siblings are the versions of an answer or a question,
 * and the head selects the visible path.
 */
export class Tree {
  #nodes: Map<string, Node> | undefined
  #roots: readonly Node[] = NONE
  #head: Node | null = null

  get(id: string): UIMessage | undefined {
    return this.#nodes?.get(id)?.message
  }
  has(id: string): boolean {
    return this.#nodes?.has(id) ?? false
  }
  /** Puts a new version of a known message in its place. */
  set(message: UIMessage): void {
    const node = this.#node(message.id)
    if (node) node.message = message
  }
  /** Adds a message below `parentId`; it becomes the head if its parent was, so a reader of another branch is not moved. */
  append(input: UIMessage, parentId: string | null): void {
    const parent = this.#node(parentId)
    const message = inPlace(input, parentId)
    const added: Node = { message, parent, depth: parent ? parent.depth + 1 : 0, children: NONE, active: null }
    ;(this.#nodes ??= new Map()).set(message.id, added)
    this.#setChildren(parent, [...this.#children(parent), added])
    if (this.#head !== parent) return
    // All above the head are visible: going up to the root for each of 10,000 messages took 0.28 s.
    if (parent) parent.active = added
    this.#head = added
  }
  /** Removes a message; what was below it is below its parent now, and so is the head if it was the head. */
  remove(id: string): void {
    const gone = this.#node(id)
    if (!gone) return
    this.#setChildren(
      gone.parent,
      this.#children(gone.parent).flatMap((child) => (child === gone ? gone.children : child)),
    )
    for (const child of gone.children) {
      child.parent = gone.parent
      child.message = { ...child.message, parentId: idOf(gone.parent) }
      lift(child)
    }
    this.#nodes?.delete(id)
    if (gone.parent?.active === gone) gone.parent.active = gone.active
    if (this.#head === gone) this.#moveHead(gone.parent)
  }
  /** From the first message to the given one. */
  pathTo(id: string | null): UIMessage[] {
    const path: UIMessage[] = []
    for (let at = this.#node(id); at; at = at.parent) path.push(at.message)
    return path.reverse()
  }
  parentOf(id: string): string | null {
    return idOf(this.#node(id)?.parent ?? null)
  }
  /** How many messages are above it on its path; -1 for an unknown one. */
  depthOf(id: string): number {
    return this.#node(id)?.depth ?? -1
  }
  head(): string | null {
    return idOf(this.#head)
  }
  /** Makes the given message the end of the visible path. */
  setHead(id: string | null): void {
    this.#moveHead(this.#node(id))
  }
  /** Shows the branch that the message is on, down to where its reader left it. */
  select(id: string): void {
    let at = this.#node(id)
    while (at && at.children.length > 0) at = at.active ?? at.children.at(-1)!
    this.#moveHead(at)
  }
  /** All versions of a message, itself included, oldest first. */
  siblings(id: string): UIMessage[] {
    const of = this.#node(id)
    return of ? this.#children(of.parent).map((sibling) => sibling.message) : []
  }
  /** Every message of every branch: each after its parent, and after its older siblings. */
  all(): UIMessage[] {
    const found: UIMessage[] = []
    const waiting = [...this.#roots].reverse()
    for (let at = waiting.pop(); at; at = waiting.pop()) {
      found.push(at.message)
      waiting.push(...[...at.children].reverse())
    }
    return found
  }
  clear(): void {
    this.#nodes = undefined
    this.#roots = NONE
    this.#head = null
  }

  #node(id: string | null): Node | null {
    return id === null ? null : (this.#nodes?.get(id) ?? null)
  }
  #children(parent: Node | null): readonly Node[] {
    return parent?.children ?? this.#roots
  }
  #setChildren(parent: Node | null, children: readonly Node[]): void {
    if (parent) parent.children = children
    else this.#roots = children
  }
  #moveHead(to: Node | null): void {
    this.#head = to
    for (let at = to; at?.parent; at = at.parent) at.parent.active = at
  }
}

/** The message as one that is below this parent. */
export const inPlace = (message: UIMessage, parentId: string | null): UIMessage =>
  message.parentId === parentId ? message : withFields(message, { parentId })

const idOf = (of: Node | null): string | null => of?.message.id ?? null

/** One place up, with all below it. */
function lift(from: Node): void {
  const moved = [from]
  for (let at = moved.pop(); at; at = moved.pop()) {
    at.depth--
    moved.push(...at.children)
  }
}
