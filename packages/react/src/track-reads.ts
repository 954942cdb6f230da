import type { Readable } from '@statechat/core'

/** A record that counts as changed only when a field did that was read through its view. */
export interface TrackedReads<T extends object> extends Readable<T> {
  /** Gives `target` a getter for each field, which notes the field as read and gives its present value. */
  view<U extends object>(shown: T, target: U): U & T
  /** Notes a field as read. */
  note(field: keyof T): void
}

/**
 * What was read is never forgotten, so a render that React throws away can cause a wake too many, but never one too
 * few: `get` gives another record as soon as a field differs, or is read for the first time after the record was given.
 */
export function trackReads<T extends object>({ get, subscribe }: Readable<T>): TrackedReads<T> {
  const read = new Set<keyof T>()
  let given = get()

  function note(field: keyof T) {
    if (read.has(field)) return
    read.add(field)
    given = get()
  }

  function getTracked(): T {
    const next = get()
    for (const field of read) if (!Object.is(given[field], next[field])) given = next
    return given
  }

  return {
    get: getTracked,
    subscribe,
    note,
    view(shown, target) {
      // While hydrating, what is shown is what the server rendered; React renders the present right after.
      const isPresent = Object.is(shown, getTracked())
      for (const field of Object.keys(shown) as (keyof T)[]) {
        Object.defineProperty(target, field, {
          enumerable: true,
          get() {
            note(field)
            return (isPresent ? get() : shown)[field]
          },
        })
      }
      return target as typeof target & T
    },
  }
}
