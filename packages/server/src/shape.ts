import { ChatRequestError } from './chat-request-error.ts'

/** Plain checks of untrusted JSON. Each names the field and the kinds of value, never the value: it may be a secret. */

export type JsonObject = Record<string, unknown>

export function refuse(path: string, reason: string): never {
  throw new ChatRequestError('bad_request', `${path}: ${reason}`, { field: path })
}

const expected = (path: string, what: string, value: unknown): never => refuse(path, `expected ${what}, got ${kindOf(value)}`)

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function object(value: unknown, path: string): JsonObject {
  return isObject(value) ? value : expected(path, 'an object', value)
}

export function list(value: unknown, path: string): readonly unknown[] {
  return Array.isArray(value) ? value : expected(path, 'an array', value)
}

export function text(value: unknown, path: string): string {
  return typeof value === 'string' ? value : expected(path, 'a string', value)
}

/** A string that names something. */
export function name(value: unknown, path: string): string {
  return text(value, path) || refuse(path, 'must not be empty')
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string): T {
  return allowed.find((item) => item === value) ?? expected(path, `one of ${allowed.join(', ')}`, value)
}

/** `null` counts as absent: several clients send it. */
export function optional<T>(value: unknown, check: (value: unknown, path: string) => T, path: string): T | undefined {
  return value === undefined || value === null ? undefined : check(value, path)
}

/** The object without its undefined fields, for `exactOptionalPropertyTypes` and a clean wire. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
