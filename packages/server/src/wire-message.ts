import type { WireMessage, WireToolCall } from '@statechat/core/wire'
import { contentOf, textOf } from './content-parts.ts'
import { compact, type JsonObject, list, name, object, oneOf, optional, text } from './shape.ts'

const ROLES = ['user', 'assistant', 'tool', 'system', 'developer', 'reasoning'] as const

/** Checks one wire message or plain `{ role, content }`; an id is made where none is. Unknown fields are left out. */
export function wireMessage(message: JsonObject, path: string, generateId: () => string): WireMessage {
  const at = (field: string) => `${path}.${field}`
  const role = oneOf(message['role'], ROLES, at('role'))
  const base = {
    id: optional(message['id'], name, at('id')) ?? generateId(),
    name: optional(message['name'], text, at('name')),
    encryptedValue: optional(message['encryptedValue'], text, at('encryptedValue')),
    metadata: optional(message['metadata'], object, at('metadata')),
  }
  switch (role) {
    case 'user':
      return compact({ ...base, role, content: contentOf(message['content'], at('content')) })
    case 'assistant':
      return compact({
        ...base,
        role,
        content: optional(message['content'], textOf, at('content')),
        toolCalls: optional(message['toolCalls'], toolCalls, at('toolCalls')),
      })
    case 'tool':
      return compact({
        ...base,
        role,
        content: contentOf(message['content'], at('content')),
        toolCallId: name(message['toolCallId'], at('toolCallId')),
        error: optional(message['error'], text, at('error')),
      })
    default:
      return compact({ ...base, role, content: textOf(message['content'], at('content')) })
  }
}

function toolCalls(value: unknown, path: string): WireToolCall[] {
  return list(value, path).map((item, index) => {
    const at = `${path}[${index}]`
    const call = object(item, at)
    const called = object(call['function'], `${at}.function`)
    return compact({
      id: name(call['id'], `${at}.id`),
      type: 'function' as const,
      function: { name: name(called['name'], `${at}.function.name`), arguments: text(called['arguments'], `${at}.function.arguments`) },
      encryptedValue: optional(call['encryptedValue'], text, `${at}.encryptedValue`),
      metadata: optional(call['metadata'], object, `${at}.metadata`),
    })
  })
}
