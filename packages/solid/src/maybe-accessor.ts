import type { Accessor } from 'solid-js'

/** A value, or a function that gives it and is followed. */
export type MaybeAccessor<T> = T | Accessor<T>

/** What is given here is never a function itself: chats, options, ids and Readables are objects and strings. */
export const valueOf = <T extends object | string>(given: MaybeAccessor<T>): T => (typeof given === 'function' ? (given as Accessor<T>)() : given)
