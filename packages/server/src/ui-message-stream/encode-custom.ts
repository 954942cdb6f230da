import type { Custom } from '@statechat/core/wire'
import { isObject } from '../shape.ts'
import { providerMetadataOf, type UiChunk } from './encoding.ts'

/** Prefix of data parts that keep a part of theirs whole; see `uiMessageStream()`. */
const KEPT = 'data-ai-sdk:'

/** CUSTOM events that have a form in the UI message stream; any other one becomes transient data, for `onData`. */
export function encodeCustom({ name, value }: Custom): UiChunk[] {
  const fields = isObject(value) ? value : {}
  if (name === 'source' && typeof fields['id'] === 'string') return [source(fields)]
  if (name === 'file' && typeof fields['url'] === 'string') return [file(fields)]
  if (name === 'message-metadata') return [{ type: name, messageMetadata: value }]
  // The client asks these of itself.
  if (name === 'tool-input-available') return []
  if (name.startsWith(KEPT) && isObject(fields['data']) && isObject(fields['data']['part'])) {
    return [{ ...fields['data']['part'], type: name.slice(KEPT.length) }]
  }
  if (!name.startsWith('data-')) return [{ type: `data-${name}`, data: value ?? null, transient: true }]
  if (!('data' in fields)) return [{ type: name, data: value ?? null }]
  const { id, data, transient } = fields
  return [{ type: name, id: typeof id === 'string' ? id : undefined, data: data ?? null, transient: transient === true ? true : undefined }]
}

function source({ id, url, title, mimeType, metadata }: Record<string, unknown>): UiChunk {
  const said = isObject(metadata) ? metadata : {}
  const providerMetadata = providerMetadataOf(said)
  if (typeof url === 'string') return { type: 'source-url', sourceId: id, url, title, providerMetadata }
  const mediaType = mimeType ?? 'application/octet-stream'
  return { type: 'source-document', sourceId: id, mediaType, title: title ?? id, filename: said['filename'], providerMetadata }
}

function file({ url, mediaType, metadata }: Record<string, unknown>): UiChunk {
  const said = isObject(metadata) ? metadata : undefined
  return { type: 'file', url, mediaType: mediaType ?? 'application/octet-stream', providerMetadata: providerMetadataOf(said) }
}
