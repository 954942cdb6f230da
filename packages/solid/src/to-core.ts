import { $RAW, unwrap } from 'solid-js/store'
import { originalOf } from './message-store.ts'
import { isPlain, plainCopy } from './plain-copy.ts'

/**
 * What a command is given, as the core may keep it: a store's message becomes the core's own again, and everything else
 * of a store a copy. A store changes in place, the core's messages never do. What holds nothing of a store keeps its identity.
 */
export function toCore<T>(value: T): T {
  if (typeof value === 'function') return ((...args: unknown[]) => toCore(value(...args))) as T
  if (isStore(value)) {
    const raw = unwrap(value)
    return (originalOf(raw) ?? plainCopy(raw)) as T
  }
  if (Array.isArray(value)) {
    const items = value.map(toCore)
    return items.every((item, i) => item === value[i]) ? value : (items as T)
  }
  if (!isPlain(value)) return value
  const fields = Object.entries(value).map(([key, field]) => [key, typeof field === 'function' ? field : toCore(field)] as const)
  return fields.every(([key, field]) => field === value[key]) ? value : (Object.fromEntries(fields) as T)
}

const isStore = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && (value as { [$RAW]?: unknown })[$RAW] !== undefined
