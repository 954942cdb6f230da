import type { Metadata } from '../protocol/chunk.ts'
import type { InterruptPart, MessagePart, UIMessage } from './message.ts'

/** How a run left its message: one that `finished` keeps its unanswered calls, one that was `stopped` or failed cancels them. */
export type Ending = 'finished' | 'stopped'

/** What a structured answer says that nobody goes on with. */
export const CUT_SHORT = 'The answer was stopped before it was complete.'

/** Index of the last part that matches, `from` there on, or -1. From the end, because what is open is near the end. */
export function lastPart<P extends MessagePart>(message: UIMessage, matches: (part: MessagePart) => part is P, from = 0): number {
  for (let i = message.parts.length - 1; i >= from; i--) if (matches(message.parts[i]!)) return i
  return -1
}

/** Index of a call in a message, or -1. Its own loop, as it is asked for each chunk of a call, and a function to match with is memory each time. */
export function callIndex({ parts }: UIMessage, id: string): number {
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i]!
    if (part.type === 'tool-call' && part.id === id) return i
  }
  return -1
}

export const interruptIndex = (message: UIMessage, id: string): number =>
  lastPart(message, (part): part is InterruptPart => part.type === 'interrupt' && part.id === id)

/** The parts that are being written: a copy that nobody has seen yet, or null; undefined while nobody writes. */
let own: MessagePart[] | null | undefined

/**
 * Copies a message once for all that `write` does to its parts, and not for each of the 80 tool calls of one read.
 * What is read of it meanwhile changes.
 */
export function writeParts(write: () => void): void {
  own = null
  try {
    write()
  } finally {
    own = undefined
  }
}

const isOwn = (message: UIMessage): message is UIMessage & { parts: MessagePart[] } => message.parts === own

/** The message with a copy of its parts, to go on writing to. */
function withParts(message: UIMessage, parts: MessagePart[]): UIMessage {
  if (own !== undefined) own = parts
  return { ...message, parts }
}

export function appendPart(message: UIMessage, part: MessagePart): UIMessage {
  if (!isOwn(message)) return withParts(message, [...message.parts, part])
  message.parts.push(part)
  return message
}

export function replacePart(message: UIMessage, index: number, part: MessagePart): UIMessage {
  const parts = isOwn(message) ? message.parts : message.parts.slice()
  parts[index] = part
  return isOwn(message) ? message : withParts(message, parts)
}

/** Metadata merges per key, the last write wins (AG-UI: basic patterns, metadata). */
export function mergeMetadata(before: Metadata | undefined, after: Metadata | undefined): { metadata?: Metadata } {
  if (after === undefined) return before === undefined ? NO_METADATA : { metadata: before }
  return { metadata: before === undefined ? after : { ...before, ...after } }
}

const NO_METADATA = {}
