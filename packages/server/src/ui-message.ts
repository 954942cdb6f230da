import type { MessagePart, UIMessage } from '@statechat/core/wire'
import { contentOf, sourceOf } from './content-parts.ts'
import { type JsonObject, list, name, object, oneOf, optional, text } from './shape.ts'

const ROLES = ['user', 'assistant', 'system'] as const

/** Checks one UI message (`parts`), as far as its wire form is made of it. Parts of types that only a UI knows are left out. */
export function uiMessage(message: JsonObject, path: string, generateId: () => string): UIMessage {
  const id = optional(message['id'], name, `${path}.id`) ?? generateId()
  const role = oneOf(message['role'], ROLES, `${path}.role`)
  const userName = optional(message['name'], text, `${path}.name`)
  const metadata = optional(message['metadata'], object, `${path}.metadata`)
  return {
    id,
    role,
    parts: list(message['parts'], `${path}.parts`).flatMap((part, index) => {
      const at = `${path}.parts[${index}]`
      return checkPart(object(part, at), at)
    }),
    ...(userName !== undefined && { name: userName }),
    ...(metadata && { metadata }),
  }
}

function checkPart(part: JsonObject, path: string): MessagePart[] {
  const at = (field: string) => `${path}.${field}`
  switch (text(part['type'], at('type'))) {
    case 'text':
      text(part['content'], at('content'))
      optional(part['encryptedValue'], text, at('encryptedValue'))
      break
    case 'structured-output':
      text(part['raw'], at('raw'))
      break
    case 'thinking':
      text(part['content'], at('content'))
      optional(part['signature'], text, at('signature'))
      break
    case 'tool-call':
      name(part['id'], at('id'))
      name(part['name'], at('name'))
      text(part['arguments'], at('arguments'))
      optional(part['error'], text, at('error'))
      optional(part['encryptedValue'], text, at('encryptedValue'))
      break
    case 'tool-result':
      name(part['toolCallId'], at('toolCallId'))
      contentOf(part['content'], at('content'))
      optional(part['error'], text, at('error'))
      break
    case 'image':
    case 'audio':
    case 'video':
    case 'document':
      sourceOf(part['source'], at('source'))
      break
    default:
      return []
  }
  optional(part['messageId'], name, at('messageId'))
  optional(part['metadata'], object, at('metadata'))
  return [withoutNulls(part) as unknown as MessagePart]
}

/** Several clients write `null` for what is absent. */
const withoutNulls = (part: JsonObject): JsonObject => Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null))
