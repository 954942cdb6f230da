import type { Custom } from '../protocol/chunk.ts'
import type { SourcePart, UIMessage } from './message.ts'
import { appendPart } from './parts.ts'

/** CUSTOM `source` with `{ id, url?, title?, mimeType? }`: a citation, once per id. */
export const isSource = (chunk: Custom): boolean =>
  chunk.name === 'source' && typeof (chunk.value as { id?: unknown } | null | undefined)?.id === 'string'

export function applySource(message: UIMessage, chunk: Custom): UIMessage {
  const { id, url, title, mimeType, metadata } = chunk.value as Omit<SourcePart, 'type'>
  if (message.parts.some((part) => part.type === 'source' && part.id === id)) return message
  return appendPart(message, {
    type: 'source',
    id,
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(mimeType !== undefined && { mimeType }),
    ...(metadata !== undefined && { metadata }),
  })
}
