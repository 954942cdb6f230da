/** What Solid's stores wrap, and `reconcile` changes in place: plain objects and arrays. Dates, errors, blobs are kept as they are. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** A copy that may be changed, as deep as a store reaches. */
export function plainCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plainCopy) as T
  if (!isPlain(value)) return value
  if (Object.hasOwn(value, '__proto__')) return opaque(value)
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plainCopy(field)])) as T
}

const OPAQUE: object = Object.create(Object.prototype)

/**
 * With another prototype, so that a store takes it as a whole: an early `reconcile` (Solid 1.8) that meets a field named
 * `__proto__` would write into the prototype of all objects.
 */
const opaque = <T extends object>(value: T): T => Object.create(OPAQUE, Object.getOwnPropertyDescriptors(value)) as T
