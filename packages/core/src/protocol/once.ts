import type { ChatWarning, WarningSink } from '../errors.ts'

/** Warns the first time that `key` comes up. */
export function once(onWarning: WarningSink): (key: string, message: string, seen: unknown, code?: ChatWarning['code']) => void {
  const keys = new Set<string>()
  return (key, message, seen, code = 'out_of_order') => {
    if (keys.has(key)) return
    keys.add(key)
    onWarning({ code, message, seen })
  }
}
