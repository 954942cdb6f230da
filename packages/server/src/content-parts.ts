import type { ContentPart, Source } from '@statechat/core/wire'
import { compact, list, object, oneOf, optional, refuse, text } from './shape.ts'

const MEDIA = ['image', 'audio', 'video', 'document'] as const
const SOURCES = ['data', 'url', 'file'] as const

/** Checks the `content` of a message: text, or content parts. */
export function contentOf(value: unknown, path: string): string | ContentPart[] {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) refuse(path, 'expected a string or an array of content parts')
  return list(value, path).map((part, index) => contentPart(part, `${path}[${index}]`))
}

/** As {@link contentOf}, for roles whose content is text alone; text parts are joined. */
export function textOf(value: unknown, path: string): string {
  const content = contentOf(value, path)
  if (typeof content === 'string') return content
  return content.map((part, index) => (part.type === 'text' ? part.text : refuse(`${path}[${index}].type`, 'only text can be here'))).join('')
}

function contentPart(value: unknown, path: string): ContentPart {
  const part = object(value, path)
  // TanStack AI and our own UI parts say `content` where AG-UI says `text`.
  if (part['type'] === 'text') return { type: 'text', text: text(part['text'] ?? part['content'], `${path}.text`) }
  const type = oneOf(part['type'], MEDIA, `${path}.type`)
  return compact({ type, source: sourceOf(part['source'], `${path}.source`), metadata: optional(part['metadata'], object, `${path}.metadata`) })
}

/** Checks where the bytes of a media part are. */
export function sourceOf(value: unknown, path: string): Source {
  const source = object(value, path)
  const at = { value: text(source['value'], `${path}.value`) }
  const mimeType = optional(source['mimeType'], text, `${path}.mimeType`)
  switch (oneOf(source['type'], SOURCES, `${path}.type`)) {
    case 'data':
      return { type: 'data', ...at, mimeType: text(source['mimeType'], `${path}.mimeType`) }
    case 'url':
      return compact({ type: 'url', ...at, mimeType })
    case 'file':
      return compact({ type: 'file', ...at, mimeType, provider: optional(source['provider'], text, `${path}.provider`) })
  }
}
