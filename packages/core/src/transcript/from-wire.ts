import type { ContentPart, Metadata, WireMessage } from '../protocol/chunk.ts'
import type { MessagePart, ToolResultPart, UIMessage } from './message.ts'
import { appendPart } from './parts.ts'
import { endCall } from './tool-call.ts'
import { answerCall } from './tool-result.ts'

/** An activity on the wire: for the screen, and never sent. */
export interface WireActivity {
  id: string
  role: 'activity'
  activityType: string
  content: Record<string, unknown>
  metadata?: Metadata | undefined
}

type AnyWireMessage = WireMessage | WireActivity

/**
 * The flat messages of AG-UI → UI messages: what an assistant thought, said, called and got back between two messages of others
 * is one message, whose id is that of its first wire message. The inverse of {@link toWireMessages}.
 */
export function fromWireMessages(messages: readonly AnyWireMessage[]): UIMessage[] {
  const result: UIMessage[] = []
  for (const wire of messages) {
    const last = result.at(-1)
    if (isSimple(wire)) result.push(simple(wire))
    else if (last?.role === 'assistant') result[result.length - 1] = named(grow(last, wire), wire)
    else result.push(named(grow({ id: wire.id, role: 'assistant', parts: [] }, wire), wire))
  }
  return result
}

const named = (message: UIMessage, wire: AnyWireMessage): UIMessage =>
  wire.role === 'assistant' && wire.name !== undefined ? { ...message, name: wire.name } : message

type Simple = Extract<WireMessage, { role: 'user' } | { role: 'system' | 'developer' }>

const isSimple = (wire: AnyWireMessage): wire is Simple => wire.role === 'user' || wire.role === 'system' || wire.role === 'developer'

function simple({ id, role, content, name, metadata }: Simple): UIMessage {
  const parts = typeof content === 'string' ? [textPart(content)] : content.map(contentPart)
  return { id, role: role === 'user' ? 'user' : 'system', parts, ...(name !== undefined && { name }), ...(metadata && { metadata }) }
}

const textPart = (content: string): MessagePart => ({ type: 'text', content })

function contentPart(part: ContentPart): MessagePart {
  if (part.type === 'text') return { ...textPart(part.text), ...(part.metadata && { metadata: part.metadata }) } as MessagePart
  return { type: part.type, source: part.source, ...(part.metadata && { metadata: part.metadata }) }
}

/** Whose a wire message is, if it is a subagent's. */
function ownerOf(wire: AnyWireMessage & { subagentRunId?: unknown }): { subagentRunId?: string } {
  return typeof wire.subagentRunId === 'string' ? { subagentRunId: wire.subagentRunId } : {}
}

/** Adds what a wire message says to the message of its turn. */
function grow(message: UIMessage, wire: Exclude<AnyWireMessage, Simple>): UIMessage {
  const { id } = wire
  const owner = ownerOf(wire)
  switch (wire.role) {
    case 'reasoning':
      return appendPart(message, {
        type: 'thinking',
        content: wire.content,
        state: 'done',
        messageId: id,
        ...owner,
        ...(wire.encryptedValue !== undefined && { signature: wire.encryptedValue }),
        ...(wire.metadata && { metadata: wire.metadata }),
      })
    case 'assistant':
      return (wire.toolCalls ?? []).reduce(
        (before, call) => {
          const { name, arguments: json } = call.function
          const part: MessagePart = {
            type: 'tool-call',
            id: call.id,
            name,
            arguments: json,
            state: 'awaiting-input',
            messageId: id,
            ...owner,
            ...(call.encryptedValue !== undefined && { encryptedValue: call.encryptedValue }),
            ...(call.metadata && { metadata: call.metadata }),
          }
          return endCall(appendPart(before, part), { toolCallId: call.id })
        },
        said(message, wire),
      )
    case 'tool':
      return answerCall(message, {
        type: 'tool-result',
        toolCallId: wire.toolCallId,
        content: wire.content,
        messageId: id,
        ...(wire.error === undefined ? { state: 'complete' } : { state: 'error', error: wire.error }),
        ...(wire.metadata && { metadata: wire.metadata }),
      } satisfies ToolResultPart)
    case 'activity':
      return appendPart(message, {
        type: 'activity',
        id,
        activityType: wire.activityType,
        content: wire.content,
        ...owner,
        ...(wire.metadata && { metadata: wire.metadata }),
      })
  }
}

function said(message: UIMessage, wire: Extract<WireMessage, { role: 'assistant' }>): UIMessage {
  const { id, content, encryptedValue, metadata } = wire
  if (content === undefined || content === null) return message
  return appendPart(message, {
    type: 'text',
    content,
    state: 'done',
    messageId: id,
    ...ownerOf(wire),
    ...(encryptedValue !== undefined && { encryptedValue }),
    ...(metadata && { metadata }),
  })
}
