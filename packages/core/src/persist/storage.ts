/**
 * What is used of a storage: `localStorage`, `sessionStorage`, React Native's `AsyncStorage`, or your own. Each method may give a promise, and fail.
 *
 * @example
 * import { del, get, set } from 'idb-keyval'
 *
 * const indexedDb: ChatStorage = { getItem: get, setItem: set, removeItem: del }
 */
export interface ChatStorage {
  /** The text at this key; null or undefined if there is none. */
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>
  setItem(key: string, text: string): unknown
  removeItem(key: string): unknown
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** Browsers and databases agree on the name, more or less. */
export const isQuota = (cause: unknown): boolean => cause instanceof Error && /quota/i.test(cause.name + cause.message)
