/** What of a value is enough to see what it is. */
const LONGEST_TEXT = 200
const MOST_ITEMS = 20
const DEEPEST = 8
const MOST_VALUES = 300

/** A copy of any value as JSON, of limited size whatever it holds: long texts are cut, long lists end, and so do deep trees. */
export function bounded(value: unknown): unknown {
  let left = MOST_VALUES

  function copy(given: unknown, depth: number): unknown {
    const seen = plain(given)
    if (typeof seen === 'string') return seen.length > LONGEST_TEXT ? `${seen.slice(0, LONGEST_TEXT)}… (${seen.length})` : seen
    if (typeof seen === 'function') return undefined
    if (typeof seen !== 'object' || seen === null) return typeof seen === 'bigint' ? String(seen) : seen
    if (depth === DEEPEST || left <= 0) return '…'
    const entries = Object.entries(seen)
    const shown = entries.slice(0, MOST_ITEMS).map(([key, field]) => {
      left--
      return [key, copy(field, depth + 1)] as const
    })
    const rest = entries.length - shown.length
    if (Array.isArray(seen)) return [...shown.map(([, item]) => item), ...(rest > 0 ? [`… ${rest} more`] : [])]
    return { ...Object.fromEntries(shown), ...(rest > 0 && { '…': `${rest} more` }) }
  }

  return copy(value, 0)
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return { ...value, name: value.name, message: value.message }
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...(value as Set<unknown>)]
  const { toJSON } = value as { toJSON?: unknown }
  return typeof toJSON === 'function' ? (toJSON as () => unknown).call(value) : value
}
