import type { ContentPart, WireMessage } from '../protocol/chunk.ts'
import type { MessagePart, TextPart, UIMessage } from './message.ts'

/** {@link toWireMessages}; without `writeRich` for messages of text, thoughts and attachments only. */
export function wireMessages(messages: readonly UIMessage[], writeRich?: WriteRichPart): WireMessage[] {
  const plain = messages.map(plainText)
  // Ids of UI messages are unique; those of the wire, which a part remembers, need not be.
  if (plain.every((wire, i) => wire?.id === messages[i]!.id)) return plain as WireMessage[]
  return withUniqueIds(messages.flatMap((message, i) => plain[i] ?? toWire(message, writeRich)))
}

function withUniqueIds(messages: readonly WireMessage[]): WireMessage[] {
  const seen = new Set<string>()
  return messages.map((message) => {
    let { id } = message
    for (let n = 2; seen.has(id); n++) id = `${message.id}-${n}`
    seen.add(id)
    return id === message.id ? message : { ...message, id }
  })
}

/** Most messages are one text, and each request has all of them: this is the short way for those. */
function plainText(message: UIMessage): WireMessage | undefined {
  const { id, role, name, metadata, parts } = message
  const only = parts[0]
  if (parts.length !== 1 || only?.type !== 'text' || name !== undefined || metadata !== undefined || !isBare(only)) return undefined
  return { id: role === 'assistant' ? (only.messageId ?? id) : id, role, content: only.content }
}

function toWire(message: UIMessage, writeRich?: WriteRichPart): WireMessage[] {
  const { id, role, name, metadata, parts } = message
  const common = { id, ...(name !== undefined && { name }), ...(metadata !== undefined && { metadata }) }
  switch (role) {
    case 'system':
      return [{ ...common, role, content: textOf(parts) }]
    case 'user':
      return [{ ...common, role, content: userContent(parts) }]
    case 'assistant':
      return assistantToWire(message, writeRich)
  }
}

/** No field that goes along. */
const isBare = ({ encryptedValue, metadata, subagentRunId }: TextPart) =>
  encryptedValue === undefined && metadata === undefined && subagentRunId === undefined

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

/** The answer of an assistant, on its way to the wire. */
export interface Answer {
  message: UIMessage
  steps: readonly Step[]
  stepOf(wireId: string | undefined): Step
}

/** Writes the part at this index of the answer, if it is one for the wire. */
export type WriteRichPart = (answer: Answer, at: number) => void

function assistantToWire(message: UIMessage, writeRich?: WriteRichPart): WireMessage[] {
  const wire: (WireMessage | Step)[] = []
  const steps: Step[] = []

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
      default:
        writeRich?.({ message, steps, stepOf }, at)
    }
  }
  return wire.flatMap((item) => ('results' in item ? [item.message, ...item.results] : [item]))
}
