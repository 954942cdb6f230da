import type { WireMessage, WireToolCall } from '../protocol/chunk.ts'
import { hasAnswers } from './interrupt.ts'
import type { MessagePart, ToolCallPart, ToolResultPart } from './message.ts'
import type { Answer } from './wire-messages.ts'

/** Structured answers and calls with their results. Data, sources and activities are for the UI and stay here. */
export function writeRichPart({ message, steps, stepOf }: Answer, at: number): void {
  const part = message.parts[at]!
  switch (part.type) {
    case 'structured-output': {
      const { message: to } = stepOf(part.messageId)
      to.content = (to.content ?? '') + part.raw
      return
    }
    case 'tool-call': {
      const step = stepOf(part.messageId)
      ;(step.message.toolCalls ??= []).push(toWireCall(part))
      if (part.subagentRunId !== undefined) step.message.subagentRunId = part.subagentRunId
      const answer = answerTo(part.id, message.parts.slice(at + 1))
      const isServers = part.state === 'approval-responded' || (part.state === 'input-complete' && hasAnswers(message))
      if (answer || !isServers) step.results.push(resultOf(part, answer))
      return
    }
    case 'tool-result': {
      const step = steps.findLast(({ message: { toolCalls } }) => toolCalls?.some((call) => call.id === part.toolCallId))
      if (step) step.answered = true
    }
  }
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
