import type { Chunk, FinishReason, Metadata, TokenUsage, WireMessage, WireToolCall } from '@statechat/core/wire'
import type { ModelFinish } from '../adapter.ts'
import { plainText } from '../plain-text.ts'

/** One call of the model and what its tools said, as `stopWhen` sees it. */
export interface ModelStep {
  /** What the model wrote. */
  text: string
  /** The calls that are answered. `output` is the result, parsed if it is JSON. */
  toolCalls: { toolCallId: string; toolName: string; input: unknown; output: unknown; error?: string | undefined }[]
  finishReason: FinishReason
  usage?: TokenUsage | undefined
}

type Of<Role extends WireMessage['role']> = Extract<WireMessage, { role: Role }>

export interface StepRecord {
  accept(chunk: Chunk): void
  /** What is in the history from now on. */
  messages(): WireMessage[]
  /** Those of these ids, in the order in which they were made. */
  calls(ids: readonly string[]): WireToolCall[]
  summary(finish: ModelFinish): ModelStep
}

/** Writes down the chunks of a step as the messages that the next call of the model begins with. */
export function stepRecord(): StepRecord {
  const messages = new Map<string, WireMessage>()
  const calls = new Map<string, WireToolCall>()

  function assistant(id: string): Of<'assistant'> | undefined {
    const message = messages.get(id) ?? add({ id, role: 'assistant' })
    return message.role === 'assistant' ? message : undefined
  }
  function reasoning(id: string): Of<'reasoning'> | undefined {
    const message = messages.get(id) ?? add({ id, role: 'reasoning', content: '' })
    return message.role === 'reasoning' ? message : undefined
  }
  function add<T extends WireMessage>(message: T): T {
    messages.set(message.id, message)
    return message
  }

  return {
    accept(chunk) {
      switch (chunk.type) {
        case 'TEXT_MESSAGE_START':
        case 'TEXT_MESSAGE_END':
          return merge(assistant(chunk.messageId), chunk.metadata)
        case 'TEXT_MESSAGE_CONTENT': {
          const message = assistant(chunk.messageId)
          if (message) message.content = (message.content ?? '') + chunk.delta
          return merge(message, chunk.metadata)
        }
        case 'REASONING_START':
          // A span is no message; one that carries something is.
          return chunk.metadata && merge(reasoning(chunk.messageId), chunk.metadata)
        case 'REASONING_END':
          return merge(messages.get(chunk.messageId), chunk.metadata)
        case 'REASONING_MESSAGE_START':
        case 'REASONING_MESSAGE_END':
          return merge(reasoning(chunk.messageId), chunk.metadata)
        case 'REASONING_MESSAGE_CONTENT': {
          const message = reasoning(chunk.messageId)
          if (message) message.content += chunk.delta
          return merge(message, chunk.metadata)
        }
        case 'REASONING_ENCRYPTED_VALUE': {
          const owner = chunk.subtype === 'tool-call' ? calls.get(chunk.entityId) : (messages.get(chunk.entityId) ?? reasoning(chunk.entityId))
          if (owner) owner.encryptedValue = chunk.encryptedValue
          return
        }
        case 'TOOL_CALL_START': {
          if (calls.has(chunk.toolCallId)) return
          const call: WireToolCall = { id: chunk.toolCallId, type: 'function', function: { name: chunk.toolCallName, arguments: '' } }
          calls.set(call.id, call)
          const parent = assistant(chunk.parentMessageId ?? chunk.toolCallId)
          if (parent) parent.toolCalls = [...(parent.toolCalls ?? []), call]
          return merge(call, chunk.metadata)
        }
        case 'TOOL_CALL_ARGS': {
          const call = calls.get(chunk.toolCallId)
          if (call) call.function.arguments += chunk.delta
          return merge(call, chunk.metadata)
        }
        case 'TOOL_CALL_END':
          return merge(calls.get(chunk.toolCallId), chunk.metadata)
        case 'TOOL_CALL_RESULT': {
          const { messageId, toolCallId, content, metadata } = chunk
          const error = metadata?.error
          add({ id: messageId, role: 'tool', toolCallId, content, ...(error !== undefined && { error }), ...(metadata && { metadata }) })
          return
        }
      }
    },
    messages: () => [...messages.values()],
    calls: (ids) => [...calls.values()].filter(({ id }) => ids.includes(id)),
    summary: ({ reason, usage }) => ({
      text: [...messages.values()].map((message) => (message.role === 'assistant' ? (message.content ?? '') : '')).join(''),
      toolCalls: [...messages.values()].flatMap((message) => {
        const call = message.role === 'tool' ? calls.get(message.toolCallId) : undefined
        return call ? [answered(call, message as Of<'tool'>)] : []
      }),
      finishReason: reason,
      ...(usage && { usage }),
    }),
  }
}

function merge(owner: { metadata?: Metadata | undefined } | undefined, metadata: Metadata | undefined): void {
  if (owner && metadata) owner.metadata = { ...owner.metadata, ...metadata }
}

const answered = ({ id, function: called }: WireToolCall, { content, error }: Of<'tool'>): ModelStep['toolCalls'][number] => ({
  toolCallId: id,
  toolName: called.name,
  input: parsed(called.arguments || '{}'),
  output: parsed(plainText(content)),
  ...(error !== undefined && { error }),
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
