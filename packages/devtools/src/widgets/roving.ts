const KEYS = {
  horizontal: { ArrowLeft: -1, ArrowRight: 1 },
  vertical: { ArrowUp: -1, ArrowDown: 1 },
} as const

/** Where a key leads from this place in a row of `count`; undefined for a key that leads nowhere. */
export function moved(key: string, from: number, count: number, axis: 'horizontal' | 'vertical', page = 10): number | undefined {
  const to = destination(key, from, count, axis, page)
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to))
}

function destination(key: string, from: number, count: number, axis: 'horizontal' | 'vertical', page: number): number | undefined {
  if (count === 0) return undefined
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (axis === 'vertical' && key === 'PageUp') return from - page
  if (axis === 'vertical' && key === 'PageDown') return from + page
  const step = (KEYS[axis] as Readonly<Record<string, number>>)[key]
  return step === undefined ? undefined : from + step
}
