/** A list that forgets its oldest items. Each keeps the number it was given, counted from 0, for as long as it is there. */
export interface BoundedList<T> {
  /** Number of the oldest item that is there. */
  readonly first: number
  /** One more than the number of the latest item. */
  readonly end: number
  at(number: number): T | undefined
  last(): T | undefined
  push(item: T): void
  /** Forgets everything before this number. */
  dropBefore(number: number): void
  /** Those from this number on. */
  from(number: number): readonly T[]
}

/** Keeps the latest `limit` items, and for a while up to a tenth more, so that one push in many pays for forgetting. */
export function createBoundedList<T>(limit: number): BoundedList<T> {
  const slack = Math.ceil(limit / 10)
  let items: T[] = []
  let first = 0
  const list: BoundedList<T> = {
    get first() {
      return first
    },
    get end() {
      return first + items.length
    },
    at: (number) => items[number - first],
    last: () => items.at(-1),
    push(item) {
      items.push(item)
      if (items.length >= limit + slack) list.dropBefore(list.end - limit)
    },
    dropBefore(number) {
      if (number <= first) return
      items = items.slice(number - first)
      first = number
    },
    from: (number) => items.slice(Math.max(0, number - first)),
  }
  return list
}
