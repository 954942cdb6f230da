import { isObject } from '../shape.ts'

/** Tells what was asked: SHA-256, in hexadecimal, of the canonical JSON of `messages` and `resume` as they were sent. */
export async function fingerprintOf({ messages, resume }: { messages?: unknown; resume?: unknown }): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(sorted({ messages, resume: resume ?? undefined })))
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Keys in order, as in RFC 8785. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}
