/** An object of JSON: neither null nor a list. */
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sets a field as JSON.parse does: `__proto__` is a key like any other. */
export function setField(object: Record<string | number, unknown>, key: string | number, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

/** What was seen, short enough for a message. */
export function brief(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 300 ? `${json.slice(0, 300)}…` : json
}
