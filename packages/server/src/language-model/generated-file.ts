import { base64 } from './base64.ts'
import type { FileData, FilePart } from './model.ts'

/** A file that the model made, as the value of a CUSTOM `file`. `metadata.reasoning` marks one of its thoughts. */
export function generatedFile({ type, mediaType, data, providerMetadata }: FilePart, id: string): object {
  const metadata = { ...(type === 'reasoning-file' && { reasoning: true }), ...(providerMetadata && { providerMetadata }) }
  return { id, mediaType, url: urlOf(data, mediaType), ...(Object.keys(metadata).length > 0 && { metadata }) }
}

function urlOf(data: FileData, mediaType: string): string {
  if (typeof data === 'string') return `data:${mediaType};base64,${data}`
  if (data instanceof Uint8Array) return urlOf(base64(data), mediaType)
  return data.type === 'data' ? urlOf(data.data, mediaType) : String(data.url)
}
