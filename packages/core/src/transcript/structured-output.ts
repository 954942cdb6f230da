import { messageOf } from '../errors.ts'
import type { Chunk, Custom, TextMessageContent, TextMessageStart } from '../protocol/chunk.ts'
import { growPart } from './grow-part.ts'
import type { MessagePart, StructuredOutputPart, TextPart, UIMessage } from './message.ts'
import { appendPart, CUT_SHORT, type Ending, lastPart, replacePart } from './parts.ts'

const isOutput = (part: MessagePart): part is StructuredOutputPart => part.type === 'structured-output'

/** The structured answer of a message: the last one, if there are several. */
export const structuredOutputOf = (message: UIMessage): StructuredOutputPart | undefined => message.parts.findLast(isOutput)

type OutputStart = Custom & { value: { messageId: string } }
type OutputComplete = Custom & { value: { messageId?: string | undefined; object: unknown; raw?: string | undefined } }

/** CUSTOM `structured-output.start` with `{ messageId }`: the text of that wire message is the JSON of an answer. */
export const isOutputStart = (chunk: Chunk): chunk is OutputStart =>
  chunk.type === 'CUSTOM' && chunk.name === 'structured-output.start' && typeof fieldsOf(chunk).messageId === 'string'

/** CUSTOM `structured-output.complete` with `{ messageId?, object, raw? }`: the answer as the server has parsed and checked it. */
export const isOutputComplete = (chunk: Chunk): chunk is OutputComplete =>
  chunk.type === 'CUSTOM' && chunk.name === 'structured-output.complete' && 'object' in fieldsOf(chunk)

/** The wire message that such an event is about. */
export const outputIdOf = (chunk: Chunk): string | undefined => (isOutputStart(chunk) || isOutputComplete(chunk) ? chunk.value.messageId : undefined)

const fieldsOf = ({ value }: Custom): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {})

/** Where the text of a wire message goes. */
const writingIndex = (message: UIMessage, messageId: string): number =>
  lastPart(message, (part): part is TextPart | StructuredOutputPart => (part.type === 'text' || isOutput(part)) && part.messageId === messageId)

function openOutput(message: UIMessage, messageId: string) {
  const index = writingIndex(message, messageId)
  const part = message.parts[index]
  return part?.type === 'structured-output' && part.status === 'streaming' ? { index, part } : undefined
}

/** Whether the text of this wire message is the JSON of an answer. */
export const isWritingOutput = (message: UIMessage, messageId: string): boolean => openOutput(message, messageId) !== undefined

/**
 * Idempotent while the output is open, but for a tool call in between: what comes after that is another text, also under the same id.
 * A text that is open becomes the output, with what it has; one that was closed stays text.
 */
export function startOutput(message: UIMessage, messageId: string): UIMessage {
  const open = openOutput(message, messageId)
  if (open && !message.parts.some((part, i) => i > open.index && part.type === 'tool-call')) return message
  const empty: StructuredOutputPart = { type: 'structured-output', raw: '', status: 'streaming', messageId }
  const index = writingIndex(message, messageId)
  const part = message.parts[index]
  return part?.type === 'text' && part.state === 'streaming' ? replacePart(message, index, grow(empty, part.content)) : appendPart(message, empty)
}

/** For a run whose answer is structured without a word of the server: each text that is not a subagent's is an output from the start. */
export function takeForOutput(message: UIMessage, chunk: Chunk): UIMessage {
  if (chunk.subagentRunId !== undefined) return message
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
      return startOutput(message, chunk.messageId)
    case 'TEXT_MESSAGE_CONTENT': {
      const part = message.parts[writingIndex(message, chunk.messageId)]
      // What comes after an output that is settled is not a second one.
      return part?.type === 'structured-output' ? message : startOutput(message, chunk.messageId)
    }
    default:
      return message
  }
}

export function writeOutput(message: UIMessage, chunk: TextMessageStart | TextMessageContent): UIMessage {
  const open = openOutput(message, chunk.messageId)
  if (!open || chunk.type === 'TEXT_MESSAGE_START' || chunk.delta === '') return message
  return replacePart(message, open.index, grow(open.part, chunk.delta))
}

function grow(part: StructuredOutputPart & { status: 'streaming' }, delta: string): StructuredOutputPart {
  return growPart<StructuredOutputPart>(part, {
    text: part.raw,
    delta,
    next: (partial) => ({ ...part, raw: part.raw + delta, ...(partial !== undefined && { partial }) }),
  })
}

/** The server's value. Without an id it is that of the output that is open; one that nobody announced is a part of its own. */
export function completeOutput(message: UIMessage, { value: { messageId, object, raw } }: OutputComplete): UIMessage {
  const index = lastPart(message, (part): part is StructuredOutputPart | TextPart =>
    isOutput(part)
      ? messageId === undefined
        ? part.status === 'streaming'
        : part.messageId === messageId
      : // The same text, if it came as a plain one; prose beside the answer stays.
        part.type === 'text' && part.messageId === messageId && part.content === raw,
  )
  const before = message.parts[index]
  const streamed = before && isOutput(before) ? before.raw : ''
  const id = before && isOutput(before) ? before.messageId : messageId
  const part = complete(
    { type: 'structured-output', raw: raw || streamed || JSON.stringify(object), ...(id !== undefined && { messageId: id }) },
    object,
  )
  return index < 0 ? appendPart(message, part) : replacePart(message, index, part)
}

type Output = Pick<StructuredOutputPart, 'type' | 'raw' | 'messageId'>

const complete = ({ type, raw, messageId }: Output, data: unknown): StructuredOutputPart => ({
  type,
  raw,
  ...(messageId !== undefined && { messageId }),
  status: 'complete',
  partial: data,
  data,
})

const reject = ({ type, raw, messageId, partial }: Output & { partial?: unknown }, errorMessage: string): StructuredOutputPart => ({
  type,
  raw,
  ...(messageId !== undefined && { messageId }),
  status: 'error',
  ...(partial !== undefined && { partial }),
  errorMessage,
})

/** Sets what the schema made of the answer: its value, or why it is none. A message without an output stays as it is. */
export function settleOutput(message: UIMessage, result: { data: unknown } | { error: string }): UIMessage {
  const index = lastPart(message, isOutput)
  if (index < 0) return message
  const part = message.parts[index] as StructuredOutputPart
  return replacePart(message, index, 'error' in result ? reject(part, result.error) : complete(part, result.data))
}

/**
 * What a run left open: JSON is the answer, anything else is none. One that never got a character goes. Words before a tool call or before another
 * output were no attempt at an answer, and become text.
 */
export function finaliseOutput(part: StructuredOutputPart, ending: Ending, after: readonly MessagePart[]): MessagePart | null {
  if (part.status !== 'streaming') return part
  if (part.raw.trim() === '') return null
  const isLast = !after.some((later) => later.type === 'tool-call' || isOutput(later))
  if (isLast && ending === 'stopped') return reject(part, CUT_SHORT)
  try {
    return complete(part, JSON.parse(part.raw))
  } catch (cause) {
    const { raw: content, messageId } = part
    if (!isLast) return { type: 'text', content, state: 'done', ...(messageId !== undefined && { messageId }) }
    return reject(part, `The answer is not valid JSON: ${messageOf(cause)}`)
  }
}
