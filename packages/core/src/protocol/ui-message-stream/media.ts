import type { MediaPart } from '../../transcript/message.ts'
import type { AiSdkFilePart } from './ai-sdk-message.ts'
import { defined, fromProviderMetadata, toProviderMetadata } from './provider-metadata.ts'

const BASE64 = /^data:([^;,]*);base64,(.*)$/s
const KINDS = ['image', 'audio', 'video'] as const

/** A medium of ours as their file part: bytes become a data URL. A media type that nobody knows is named by its kind. */
export function toFilePart({ type, source, metadata }: MediaPart): AiSdkFilePart {
  const reference = metadata?.['providerReference'] as Record<string, string> | undefined
  return defined<AiSdkFilePart>({
    type: metadata?.['reasoning'] === true ? 'reasoning-file' : 'file',
    mediaType: source.mimeType ?? (type === 'document' ? 'application/octet-stream' : type),
    url: source.type === 'data' ? `data:${source.mimeType};base64,${source.value}` : source.type === 'url' ? source.value : '',
    filename: metadata?.['filename'] as string | undefined,
    providerReference: reference ?? (source.type === 'file' ? { [source.provider ?? 'default']: source.value } : undefined),
    providerMetadata: toProviderMetadata(metadata, { placed: ['id', 'filename', 'providerReference', 'reasoning'] }),
  })
}

/** The other way; `fields` are put into its metadata. */
export function fromFilePart(part: AiSdkFilePart, fields: Record<string, unknown> = {}): MediaPart {
  const { type, mediaType, url, filename, providerReference } = part
  const reasoning = type === 'reasoning-file' ? true : undefined
  const { metadata } = fromProviderMetadata(part.providerMetadata, { filename, providerReference, reasoning, ...fields })
  return { type: kindOf(mediaType), source: sourceOf(part, url, mediaType), ...(metadata && { metadata }) }
}

function sourceOf({ providerReference }: AiSdkFilePart, url: string, mimeType: string): MediaPart['source'] {
  const reference = Object.entries(providerReference ?? {})[0]
  if (url === '' && reference !== undefined) return { type: 'file', value: reference[1], provider: reference[0], mimeType }
  const [, inUrl, value] = BASE64.exec(url) ?? []
  // Only bytes whose type is said once: the other form must give the same part again.
  return value !== undefined && inUrl === mimeType ? { type: 'data', value, mimeType } : { type: 'url', value: url, mimeType }
}

/** `image/png`, or just `image`. */
function kindOf(mediaType: string): MediaPart['type'] {
  return KINDS.find((kind) => mediaType === kind || mediaType.startsWith(`${kind}/`)) ?? 'document'
}
