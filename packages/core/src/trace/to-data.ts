import { setField } from '../json.ts'

/** As the replacer of `JSON.stringify`, with the whole path; `undefined` leaves the value out. */
export type Redact = (value: unknown, path: readonly (string | number)[]) => unknown

/** What stands for a value that `redact` failed on: better nothing than a secret. */
const HIDDEN = '[redacted]'

/**
 * A copy of a value as JSON would have it, changed by `redact`. Never throws: what JSON refuses (a circle, a bigint) is text,
 * and an error is its name and message, for whatever else hangs on one is not meant to be written down.
 */
export function toData(value: unknown, redact: Redact | undefined, path: readonly (string | number)[] = []): unknown {
  const above = new Set<object>()
  const below = (at: readonly (string | number)[], key: string | number) => (redact ? [...at, key] : at)

  function copy(given: unknown, at: readonly (string | number)[]): unknown {
    const seen = redact ? redacted(redact, jsonOf(given), at) : jsonOf(given)
    switch (typeof seen) {
      case 'bigint':
        return String(seen)
      case 'function':
      case 'symbol':
        return undefined
      case 'object':
        break
      default:
        return seen
    }
    if (seen === null) return null
    if (above.has(seen)) return '[circular]'
    above.add(seen)
    const copied = Array.isArray(seen) ? seen.map((item, i) => copy(item, below(at, i)) ?? null) : copyFields(seen, at)
    above.delete(seen)
    return copied
  }

  function copyFields(object: object, at: readonly (string | number)[]): Record<string, unknown> {
    const copied: Record<string, unknown> = {}
    for (const [name, field] of Object.entries(object)) {
      const data = copy(field, below(at, name))
      if (data !== undefined) setField(copied, name, data)
    }
    return copied
  }

  return copy(value, path)
}

function jsonOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return { name: value.name, message: value.message }
  const { toJSON } = value as { toJSON?: unknown }
  try {
    return typeof toJSON === 'function' ? (toJSON as () => unknown).call(value) : value
  } catch {
    return undefined
  }
}

function redacted(redact: Redact, value: unknown, path: readonly (string | number)[]): unknown {
  try {
    return redact(value, path)
  } catch {
    return HIDDEN
  }
}
