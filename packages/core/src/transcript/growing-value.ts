import { setField } from '../json.ts'

type Container = unknown[] | Record<string, unknown>

/** A container that is still open, and where in it the next value goes. */
interface Open {
  node: Container
  slot: string | number
  weight: number
}

/** What copying costs, in items of an array: a field of an object is dearer, and so is a container of its own. */
const FIELD = 32
const CONTAINER = 16

/**
 * A JSON value that is built from left to right. What was published never changes: the next write copies the containers
 * that are still open, and only those; what is closed is in every later value as it is.
 */
export interface GrowingValue {
  /** What the innermost open container is. */
  kind(): 'array' | 'object' | undefined
  /** What a write after `publish` costs, in items of an array. */
  weight(): number
  open(container: Container): void
  close(): void
  /** Where the next value of the object goes. */
  field(name: string): void
  /** On to the next item of the array. */
  next(): void
  /** Sets the value of the field or item. */
  put(value: unknown): void
  publish(): unknown
}

export function createGrowingValue(): GrowingValue {
  const spine: Open[] = []
  let root: unknown
  let isPublished = false
  let weight = 0

  function hang(parent: Open | undefined, value: unknown) {
    if (parent) setField(parent.node as Record<string | number, unknown>, parent.slot, value)
    else root = value
  }
  function put(value: unknown) {
    if (isPublished) {
      isPublished = false
      spine.forEach((open, i) => hang(spine[i - 1], (open.node = copy(open.node))))
    }
    hang(spine.at(-1), value)
  }
  function moveTo(slot: string | number, costs: number) {
    const open = spine.at(-1)!
    open.slot = slot
    open.weight += costs
    weight += costs
  }

  return {
    kind() {
      const open = spine.at(-1)
      return open && (Array.isArray(open.node) ? 'array' : 'object')
    },
    weight: () => weight,
    open(container) {
      put(container)
      spine.push({ node: container, slot: 0, weight: CONTAINER })
      weight += CONTAINER
    },
    close() {
      weight -= spine.pop()!.weight
    },
    field: (name) => moveTo(name, FIELD),
    next: () => moveTo((spine.at(-1)!.slot as number) + 1, 1),
    put,
    publish() {
      isPublished = true
      return root
    },
  }
}

const copy = (node: Container): Container => (Array.isArray(node) ? node.slice() : { ...node })
