import type { ContentPart, WireTool } from '../chunk.ts'
import { isObject } from '../../json.ts'
import {
  type AnsweredCall,
  base64,
  type ModelMessage,
  modelMessages,
  modelRequest,
  NO_PARAMETERS,
  type Thought,
  unsupported,
} from '../model-request.ts'
import type { ProtocolRequest } from '../protocol.ts'
import type { AnthropicMessagesOptions } from './anthropic-messages.ts'
import { isRedacted, isThought } from './thought-id.ts'

type Block = Record<string, unknown>

/** A request → the body of `POST /v1/messages`. */
export function messagesRequest(request: ProtocolRequest, options: AnthropicMessagesOptions): Record<string, unknown> {
  const { model, system, temperature, maxTokens = 8192, toolChoice } = options
  const messages = modelMessages(request.input.messages)
  const instructions = messages.flatMap((message) => (message.role === 'system' || message.role === 'developer' ? [message.text] : []))
  const { tools } = request.input
  return modelRequest(
    {
      model,
      max_tokens: maxTokens,
      system: [...(system === undefined ? [] : [system]), ...instructions].join('\n\n') || undefined,
      messages: alternating(messages.flatMap(turns)),
      stream: true,
      tools: tools.map(messagesTool),
      tool_choice: tools.length === 0 || toolChoice === undefined ? undefined : messagesToolChoice(toolChoice),
      temperature,
    },
    options,
    request,
  )
}

const messagesTool = ({ name, description, parameters = NO_PARAMETERS }: WireTool) => ({ name, description, input_schema: parameters })

const messagesToolChoice = (choice: NonNullable<AnthropicMessagesOptions['toolChoice']>) =>
  typeof choice === 'object' ? { type: 'tool', ...choice } : { type: choice === 'required' ? 'any' : choice }

interface Turn {
  role: 'user' | 'assistant'
  content: Block[]
}

/** One turn of each after the other: what comes from the same side is one message, the results of calls first. */
function alternating(all: readonly Turn[]): Turn[] {
  const merged: Turn[] = []
  for (const { role, content } of all) {
    const last = merged.at(-1)
    if (last?.role === role) last.content.push(...content)
    else if (content.length > 0) merged.push({ role, content })
  }
  return merged
}

function turns(message: ModelMessage): Turn[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return []
    case 'user':
      return [{ role: 'user', content: message.parts.flatMap(block) }]
    case 'assistant': {
      const { thoughts, text, calls } = message
      const said = [...textBlock(text), ...calls.map(callBlock)]
      if (said.length === 0) return []
      return [
        { role: 'assistant', content: [...thoughts.flatMap(thoughtBlock), ...said] },
        { role: 'user', content: calls.map(resultBlock) },
      ]
    }
  }
}

/** A thought without its signature is refused, and so is one of another provider. */
function thoughtBlock({ id, content, encryptedValue }: Thought): Block[] {
  if (encryptedValue === undefined || !isThought(id)) return []
  if (content === '' && isRedacted(id)) return [{ type: 'redacted_thinking', data: encryptedValue }]
  return [{ type: 'thinking', thinking: content, signature: encryptedValue }]
}

/** A text of nothing but spaces is refused. */
const textBlock = (text: string): Block[] => (text.trim() === '' ? [] : [{ type: 'text', text }])

function callBlock({ call: { id, function: called } }: AnsweredCall): Block {
  const input: unknown = JSON.parse(called.arguments || '{}')
  return { type: 'tool_use', id: callId(id), name: called.name, input: isObject(input) ? input : {} }
}

function resultBlock({ call, content, error }: AnsweredCall): Block {
  return {
    type: 'tool_result',
    tool_use_id: callId(call.id),
    content: typeof content === 'string' ? content : content.flatMap(block),
    ...(error !== undefined && { is_error: true }),
  }
}

/** Other providers' ids may hold what this one refuses. */
const callId = (id: string): string => id.replace(/[^\w-]/g, '_')

function block(part: ContentPart): Block[] {
  if (part.type === 'text') return textBlock(part.text)
  const { type, source } = part
  if (type === 'audio' || type === 'video') return unsupported('anthropicMessages', part)
  switch (source.type) {
    case 'url':
      return [{ type, source: { type: 'url', url: source.value } }]
    case 'file':
      return [{ type, source: { type: 'file', file_id: source.value } }]
    case 'data': {
      const { mimeType } = source
      const data = base64(source.value)
      if (type === 'document' && mimeType.startsWith('text/'))
        return [{ type, source: { type: 'text', media_type: 'text/plain', data: decodeText(data) } }]
      return [{ type, source: { type: 'base64', media_type: mimeType, data } }]
    }
  }
}

const decodeText = (data: string): string => new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)))
