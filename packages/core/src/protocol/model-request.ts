import { ChatError } from '../errors.ts'
import type { ContentPart, Source, WireMessage, WireToolCall } from './chunk.ts'
import type { ProtocolRequest } from './protocol.ts'

/** Whether the model may call tools, must call one, or must call this one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

/** What the protocols that speak to a model itself have in common. */
export interface ModelOptions {
  /** The model's name at its provider. */
  model: string
  /** Instructions, before everything else. */
  system?: string | undefined
  temperature?: number | undefined
  /** The longest answer, in tokens. */
  maxTokens?: number | undefined
  toolChoice?: ToolChoice | undefined
  /**
   * More fields of the provider's request, or a function that makes them from what is asked, e.g. from `data`. They win over those
   * made here, and one that is `undefined` is left out; `tools` are added to the chat's own, e.g. such as run at the provider.
   */
  request?: Record<string, unknown> | ((request: ProtocolRequest) => Record<string, unknown>) | undefined
}

/** A call with its answer. */
export interface AnsweredCall {
  call: WireToolCall
  content: string | ContentPart[]
  error?: string | undefined
}

/** A thought that the provider sealed, or that is only words. */
export type Thought = Extract<WireMessage, { role: 'reasoning' }>

/** What a model is told, with what belongs together in one place. */
export type ModelMessage =
  | { role: 'system' | 'developer'; text: string }
  | { role: 'user'; parts: ContentPart[] }
  | { role: 'assistant'; thoughts: Thought[]; text: string; calls: AnsweredCall[] }

/** Wire messages → what a model takes: every call with one answer, thoughts with what they led to, nothing empty. */
export function modelMessages(messages: readonly WireMessage[]): ModelMessage[] {
  let thoughts: Thought[] = []
  return messages.flatMap((message, at): ModelMessage[] => {
    switch (message.role) {
      case 'reasoning':
        thoughts.push(message)
        return []
      case 'assistant': {
        const { content: text = '', toolCalls = [] } = message
        if (text === '' && toolCalls.length === 0) return []
        const calls = toolCalls.map((call) => ({ call, ...answerTo(call, messages.slice(at + 1)) }))
        const before = thoughts
        thoughts = []
        return [{ role: 'assistant', thoughts: before, text, calls }]
      }
      case 'tool':
        return []
    }
    // Providers refuse a thought that led to nothing, as that of an answer that was stopped.
    thoughts = []
    if (message.role !== 'user') return message.content === '' ? [] : [{ role: message.role, text: message.content }]
    const { content } = message
    const parts: ContentPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    return [{ role: 'user', parts: parts.filter((part) => part.type !== 'text' || part.text !== '') }]
  })
}

/** Its result, which comes before the next message of another kind. */
function answerTo({ id }: WireToolCall, after: readonly WireMessage[]): Omit<AnsweredCall, 'call'> {
  for (const message of after) {
    if (message.role !== 'tool') break
    const { toolCallId, content, error } = message
    if (toolCallId === id) return { content: content === '' && error !== undefined ? error : content, error }
  }
  // A call that was approved for a server to run; there is none here.
  return { content: 'Nobody ran this call.', error: 'Nobody ran this call.' }
}

/** The body: what this library says, with the fields of `request`, and no field that is `undefined`. */
export function modelRequest(
  own: Record<string, unknown> & { tools: readonly unknown[] },
  options: ModelOptions,
  asked: ProtocolRequest,
): Record<string, unknown> {
  const { request = {} } = options
  const extra = typeof request === 'function' ? request(asked) : request
  const tools = [...own.tools, ...(Array.isArray(extra['tools']) ? (extra['tools'] as unknown[]) : [])]
  const body = { ...own, ...extra, tools: tools.length > 0 ? tools : undefined }
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

/** JSON Schema of a tool that says nothing of its input. */
export const NO_PARAMETERS = { type: 'object', properties: {} }

/** The text, if there is nothing else. */
export function plainText(parts: readonly ContentPart[]): string | undefined {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return texts.length === parts.length ? texts.join('') : undefined
}

/** The bytes as a `data:` URL. */
export const dataUrl = ({ value, mimeType }: Extract<Source, { type: 'data' }>): string =>
  value.startsWith('data:') ? value : `data:${mimeType};base64,${value}`

/** The bytes in base64. */
export const base64 = (value: string): string => (value.startsWith('data:') ? value.slice(value.indexOf(',') + 1) : value)

export const fileName = ({ metadata }: ContentPart): string => (typeof metadata?.['filename'] === 'string' ? metadata['filename'] : 'document')

/** Says that the provider has no place for this. */
export function unsupported(protocol: string, part: Exclude<ContentPart, { type: 'text' }>): never {
  throw new ChatError('connection', `${protocol}() cannot send ${part.type} content from a ${part.source.type} source.`, { retryable: false })
}
