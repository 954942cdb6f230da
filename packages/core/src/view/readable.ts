/**
 * A value that changes. `subscribe` only says "call get() again"; both functions are bound and stable, and `get`
 * returns the same reference until the value changes.
 */
export interface Readable<T> {
  get: () => T
  /** Returns the function that ends the subscription. */
  subscribe: (onChange: () => void) => () => void
}

export type Equal<T> = (a: T, b: T) => boolean
