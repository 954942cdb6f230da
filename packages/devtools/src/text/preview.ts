/**
 * A value on one line of at most `length` characters, JSON-like. Never walks more of a value than it shows, so that a
 * transcript of any size costs the same.
 */
export function preview(value: unknown, length = 120): string {
  const out: string[] = []
  write(value, { left: length, out }, 0)
  const text = out.join('')
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

interface Budget {
  left: number
  readonly out: string[]
}

/** Deeper than this nothing is legible on one line. */
const MAX_DEPTH = 6

function write(value: unknown, budget: Budget, depth: number): void {
  if (budget.left <= 0) return
  if (typeof value === 'string') return put(JSON.stringify(value.slice(0, budget.left + 1)), budget)
  if (typeof value === 'function') return put('ƒ', budget)
  if (typeof value !== 'object' || value === null) return put(String(value), budget)
  if (value instanceof Date) return put(value.toISOString(), budget)
  if (value instanceof Error) return put(`${value.name}: ${value.message}`, budget)
  if (depth === MAX_DEPTH) return put('…', budget)
  if (Array.isArray(value)) writeList(value, budget, depth)
  else writeFields(value as Record<string, unknown>, budget, depth)
}

function writeList(list: readonly unknown[], budget: Budget, depth: number) {
  put('[', budget)
  for (let i = 0; i < list.length && budget.left > 0; i++) {
    if (i > 0) put(', ', budget)
    write(list[i], budget, depth + 1)
  }
  put(']', budget)
}

function writeFields(fields: Readonly<Record<string, unknown>>, budget: Budget, depth: number) {
  let separator = '{'
  const keys = Object.keys(fields)
  for (const key of [...keys.filter((each) => !isId(each)), ...keys.filter(isId)]) {
    if (budget.left <= 0) return
    if (fields[key] === undefined) continue
    put(`${separator}${key}: `, budget)
    write(fields[key], budget, depth + 1)
    separator = ', '
  }
  put(separator === '{' ? '{}' : '}', budget)
}

/** Ids say least, and come last: there may be no room for them. */
const isId = (key: string) => key === 'id' || key.endsWith('Id')

function put(text: string, budget: Budget) {
  budget.out.push(text)
  budget.left -= text.length
}
