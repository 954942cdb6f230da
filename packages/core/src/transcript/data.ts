import type { Custom } from '../protocol/chunk.ts'
import type { DataPart, UIMessage } from './message.ts'
import { appendPart, lastPart, replacePart } from './parts.ts'

const PREFIX = 'data-'

/** CUSTOM `data-<name>` with `{ id?, data, transient? }`: data of the application. */
export const isData = (chunk: Custom): boolean => chunk.name.startsWith(PREFIX)

/** Data that is heard by `onData`, and does not stay. */
export const isTransient = (chunk: Custom): boolean => (chunk.value as { transient?: unknown } | null)?.transient === true

export function toDataPart(chunk: Custom): DataPart {
  const name = chunk.name.slice(PREFIX.length)
  const value = chunk.value as { id?: string; data?: unknown } | null
  const { id, data } = value !== null && typeof value === 'object' && 'data' in value ? value : { id: undefined, data: value }
  return { type: 'data', name, data, ...(id !== undefined && { id }) }
}

/** Updated in place by name and id. */
export function applyData(message: UIMessage, chunk: Custom): UIMessage {
  const part = toDataPart(chunk)
  const { name, id } = part
  const index = id === undefined ? -1 : lastPart(message, (p): p is DataPart => p.type === 'data' && p.name === name && p.id === id)
  return index < 0 ? appendPart(message, part) : replacePart(message, index, part)
}
