import type { ResumeEntry, UIMessage } from '@statechat/core/wire'
import { isObject, type JsonObject, list, name, object, oneOf, optional, text } from '../shape.ts'
import { type AiSdkMessage, fromAiSdkMessages } from '@statechat/core/wire'

const TRIGGERS = ['submit-message', 'regenerate-message'] as const
const ROLES = ['system', 'user', 'assistant'] as const
const STATES = [
  'input-streaming',
  'input-available',
  'approval-requested',
  'approval-responded',
  'output-available',
  'output-error',
  'output-denied',
] as const

/**
 * The body that an AI SDK client posts, as the body that ours would: `threadId`, our UI messages, and the answers to approvals
 * as `resume`. What else it holds stays, `trigger` and `messageId` among it. `undefined` for any other body.
 * Throws a `ChatRequestError` that says which part is wrong and why.
 */
export function parseUIMessageBody(value: unknown, { generateId }: { generateId: () => string }): JsonObject | undefined {
  if (!isTheirs(value)) return undefined
  const { id, messages: given, ...rest } = value
  const messages = fromAiSdkMessages(list(given, 'messages').map((message, index) => checkMessage(message, `messages[${index}]`, generateId)))
  const threadId = optional(id, name, 'id')
  const resume = answers(messages)
  return { ...rest, ...(threadId !== undefined && { threadId }), messages, ...(resume.length > 0 && { resume }) }
}

/** By its trigger; by the form of its parts where a client sends a body of its own. */
function isTheirs(value: unknown): value is JsonObject {
  if (!isObject(value) || !Array.isArray(value['messages']) || value['threadId'] !== undefined || value['runId'] !== undefined) return false
  return TRIGGERS.some((trigger) => trigger === value['trigger']) || value['messages'].some(isTheirMessage)
}

const isTheirMessage = (message: unknown): boolean => isObject(message) && Array.isArray(message['parts']) && message['parts'].some(isTheirPart)

function isTheirPart(part: unknown): boolean {
  if (!isObject(part)) return false
  switch (part['type']) {
    case 'text':
      return typeof part['text'] === 'string' && part['content'] === undefined
    case 'step-start':
    case 'reasoning':
    case 'dynamic-tool':
      return true
    case 'file':
      return typeof part['url'] === 'string'
    default:
      return isTool(part['type']) && STATES.some((state) => state === part['state'])
  }
}

const isTool = (type: unknown): boolean => type === 'dynamic-tool' || (typeof type === 'string' && type.startsWith('tool-'))

/** As far as a model gets to see it: sources, data and parts of other kinds are left out. */
function checkMessage(value: unknown, path: string, generateId: () => string): AiSdkMessage {
  const message = object(value, path)
  const metadata = optional(message['metadata'], object, `${path}.metadata`)
  return {
    id: optional(message['id'], name, `${path}.id`) ?? generateId(),
    role: oneOf(message['role'], ROLES, `${path}.role`),
    ...(metadata && { metadata }),
    parts: list(message['parts'], `${path}.parts`).flatMap((part, index) => {
      const at = `${path}.parts[${index}]`
      return checkPart(object(part, at), at)
    }),
  }
}

function checkPart(part: JsonObject, path: string): AiSdkMessage['parts'] {
  const at = (field: string) => `${path}.${field}`
  const type = text(part['type'], at('type'))
  optional(part['providerMetadata'], object, at('providerMetadata'))
  if (isTool(type)) checkTool(part, path)
  else if (type === 'text' || type === 'reasoning') {
    text(part['text'], at('text'))
  } else if (type === 'file') {
    text(part['mediaType'], at('mediaType'))
    text(part['url'], at('url'))
    optional(part['filename'], text, at('filename'))
    const reference = optional(part['providerReference'], object, at('providerReference')) ?? {}
    for (const [provider, id] of Object.entries(reference)) text(id, at(`providerReference.${provider}`))
  } else if (type !== 'step-start') return []
  return [withoutNulls(part) as unknown as AiSdkMessage['parts'][number]]
}

function checkTool(part: JsonObject, path: string): void {
  const at = (field: string) => `${path}.${field}`
  name(part['toolCallId'], at('toolCallId'))
  if (part['type'] === 'dynamic-tool') name(part['toolName'], at('toolName'))
  else name((part['type'] as string).slice('tool-'.length), at('type'))
  const state = oneOf(part['state'], STATES, at('state'))
  if (state === 'output-error') text(part['errorText'], at('errorText'))
  for (const field of ['callProviderMetadata', 'resultProviderMetadata', 'toolMetadata']) optional(part[field], object, at(field))
  const approval = optional(part['approval'], object, at('approval'))
  if (approval === undefined) return
  name(approval['id'], at('approval.id'))
  optional(approval['reason'], text, at('approval.reason'))
}

/** Several clients write `null` for what is absent; as an input or an output it is a value. */
const withoutNulls = (part: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(part).filter(([field, value]) => value !== null || field === 'input' || field === 'output'))

/** The approvals that this request answers: they are in its last message. */
function answers(messages: readonly UIMessage[]): ResumeEntry[] {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return []
  const settled = new Set(last.parts.flatMap((part) => (part.type === 'tool-result' ? [part.toolCallId] : [])))
  return last.parts.flatMap((part): ResumeEntry[] => {
    if (part.type !== 'tool-call' || part.approval?.approved === undefined || settled.has(part.id)) return []
    const { id, approved, reason } = part.approval
    return [{ interruptId: id, status: 'resolved', payload: { approved, ...(reason !== undefined && { reason }) } }]
  })
}
