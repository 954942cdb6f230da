import type { ContentPart, WireMessage, WireToolCall } from '../protocol/chunk.ts'
import { hasAnswers } from './interrupt.ts'
import type { MessagePart, ToolCallPart, ToolResultPart, UIMessage } from './message.ts'

/**
 * UI messages → the flat messages of AG-UI, with the ids they came with. Every call has a result: one that was
 * never answered says so, or the provider rejects the next request. Only what the server has yet to run goes without:
 * an approved call, and one beside a question whose answer is on its way. Data and source parts are for the UI and
 * stay here. A server that gave two answers the same id gets them back with different ones.
 */
export function toWireMessages(messages: readonly UIMessage[]): WireMessage[] {
  const seen = new Set<string>()
  return messages.flatMap(toWire).map((message) => {
    let { id } = message
    for (let n = 2; seen.has(id); n++) id = `${message.id}-${n}`
    seen.add(id)
    return id === message.id ? message : { ...message, id }
  })
}

function toWire(message: UIMessage): WireMessage[] {
  const { id, role, name, metadata, parts } = message
  const common = { id, ...(name !== undefined && { name }), ...(metadata !== undefined && { metadata }) }
  switch (role) {
    case 'system':
      return [{ ...common, role, content: textOf(parts) }]
    case 'user':
      return [{ ...common, role, content: userContent(parts) }]
    case 'assistant':
      return assistantToWire(message)
  }
}

const textOf = (parts: readonly MessagePart[]): string => parts.map((part) => (part.type === 'text' ? part.content : '')).join('')

function userContent(parts: readonly MessagePart[]): string | ContentPart[] {
  const content = parts.flatMap((part): ContentPart[] => {
    switch (part.type) {
      case 'text':
        return [{ type: 'text', text: part.content }]
      case 'image':
      case 'audio':
      case 'video':
      case 'document':
        return [{ type: part.type, source: part.source, ...(part.metadata && { metadata: part.metadata }) }]
      default:
        return []
    }
  })
  return content.every((part) => part.type === 'text') ? textOf(parts) : content
}

type Assistant = Extract<WireMessage, { role: 'assistant' }>

/** One assistant wire message with the results of its calls. */
interface Step {
  wireId: string
  message: Assistant
  results: WireMessage[]
  /** A result was met: a later part with the same wire id is a message of its own, since it came after the answer. */
  answered: boolean
}

function assistantToWire(message: UIMessage): WireMessage[] {
  const wire: (WireMessage | Step)[] = []
  const steps: Step[] = []
  const isResumed = hasAnswers(message)

  function stepOf(wireId: string = message.id): Step {
    const last = steps.findLast((step) => step.wireId === wireId)
    if (last && !last.answered) return last
    const id = last ? `${wireId}-${steps.length}` : wireId
    const name = message.name === undefined ? {} : { name: message.name }
    const step: Step = { wireId, message: { id, role: 'assistant', ...name }, results: [], answered: false }
    steps.push(step)
    wire.push(step)
    return step
  }

  for (const [at, part] of message.parts.entries()) {
    switch (part.type) {
      case 'thinking':
        wire.push({
          id: part.messageId ?? `${message.id}-thinking-${wire.length}`,
          role: 'reasoning',
          content: part.content,
          ...(part.signature !== undefined && { encryptedValue: part.signature }),
          ...(part.subagentRunId !== undefined && { subagentRunId: part.subagentRunId }),
          ...(part.metadata && { metadata: part.metadata }),
        })
        break
      case 'text': {
        const { message: to } = stepOf(part.messageId)
        to.content = (to.content ?? '') + part.content
        if (part.encryptedValue !== undefined) to.encryptedValue = part.encryptedValue
        if (part.metadata) to.metadata = { ...to.metadata, ...part.metadata }
        if (part.subagentRunId !== undefined) to.subagentRunId = part.subagentRunId
        break
      }
      case 'structured-output': {
        const { message: to } = stepOf(part.messageId)
        to.content = (to.content ?? '') + part.raw
        break
      }
      case 'tool-call': {
        const step = stepOf(part.messageId)
        ;(step.message.toolCalls ??= []).push(toWireCall(part))
        if (part.subagentRunId !== undefined) step.message.subagentRunId = part.subagentRunId
        const answer = answerTo(part.id, message.parts.slice(at + 1))
        const isServers = part.state === 'approval-responded' || (isResumed && part.state === 'input-complete')
        if (answer || !isServers) step.results.push(resultOf(part, answer))
        break
      }
      case 'tool-result': {
        const step = steps.findLast(({ message: { toolCalls } }) => toolCalls?.some((call) => call.id === part.toolCallId))
        if (step) step.answered = true
        break
      }
    }
  }
  return wire.flatMap((item) => ('results' in item ? [item.message, ...item.results] : [item]))
}

/** The answer comes after its call, and before another call with the same id. */
function answerTo(callId: string, after: readonly MessagePart[]): ToolResultPart | undefined {
  for (const part of after) {
    if (part.type === 'tool-call' && part.id === callId) return undefined
    if (part.type === 'tool-result' && part.toolCallId === callId) return part
  }
  return undefined
}

function toWireCall(part: ToolCallPart): WireToolCall {
  return {
    id: part.id,
    type: 'function',
    function: { name: part.name, arguments: jsonArguments(part) },
    ...(part.encryptedValue !== undefined && { encryptedValue: part.encryptedValue }),
    ...(part.metadata && { metadata: part.metadata }),
  }
}

/** Providers reject arguments that are no JSON, as those of a call that was cut off. */
function jsonArguments(part: ToolCallPart): string {
  if (part.input !== undefined && part.arguments === '') return JSON.stringify(part.input)
  try {
    JSON.parse(part.arguments)
    return part.arguments
  } catch {
    return '{}'
  }
}

function resultOf(call: ToolCallPart, answer: ToolResultPart | undefined): WireMessage {
  const id = answer?.messageId ?? `${call.id}-result`
  const common = { id, role: 'tool', toolCallId: call.id } as const
  if (answer) {
    const { content, state, error = 'error', metadata } = answer
    return { ...common, content, ...(state === 'error' && { error }), ...(metadata && { metadata }) }
  }
  switch (call.state) {
    case 'complete':
      return { ...common, content: typeof call.output === 'string' ? call.output : JSON.stringify(call.output ?? null) }
    case 'error':
      return { ...common, content: call.error, error: call.error }
    default: {
      const why = call.error ?? 'The call was cancelled before it had a result.'
      return { ...common, content: why, error: why }
    }
  }
}
