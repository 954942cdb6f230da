import type { Custom, Metadata } from '../protocol/chunk.ts'
import type { MediaPart, UIMessage } from './message.ts'
import { appendPart, lastPart, replacePart } from './parts.ts'

interface GeneratedFile {
  id?: string | undefined
  /** E.g. `image/png`. */
  mediaType: string
  /** An address, or `data:` with the bytes. */
  url: string
  filename?: string | undefined
  metadata?: Metadata | undefined
}

/** CUSTOM `file`: something that the model made; one with an id that is there already takes its place. */
export const isFile = (chunk: Custom): chunk is Custom & { value: GeneratedFile } => {
  const { mediaType, url } = (chunk.value ?? {}) as Partial<GeneratedFile>
  return chunk.name === 'file' && typeof mediaType === 'string' && typeof url === 'string'
}

export function applyFile(message: UIMessage, { value: { id, mediaType, url, filename, metadata } }: Custom & { value: GeneratedFile }): UIMessage {
  const about = { ...metadata, ...(id !== undefined && { id }), ...(filename !== undefined && { filename }) }
  const part: MediaPart = { type: kindOf(mediaType), source: sourceOf(url, mediaType), ...(Object.keys(about).length > 0 && { metadata: about }) }
  const index = id === undefined ? -1 : lastPart(message, (other): other is MediaPart => 'source' in other && other.metadata?.['id'] === id)
  return index < 0 ? appendPart(message, part) : replacePart(message, index, part)
}

function kindOf(mediaType: string): MediaPart['type'] {
  const [kind] = mediaType.split('/')
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document'
}

function sourceOf(url: string, mimeType: string): MediaPart['source'] {
  const base64 = /^data:[^,]*;base64,/.exec(url)
  return base64 ? { type: 'data', value: url.slice(base64[0].length), mimeType } : { type: 'url', value: url, mimeType }
}
