import type { MessagesSnapshot, WireMessage } from '../protocol/chunk.ts'
import { fromWireMessages } from './from-wire.ts'
import type { MessagePart, UIMessage } from './message.ts'

/**
 * The conversation as the server has it, reconciled with what is shown (AG-UI: MESSAGES_SNAPSHOT): a message that is known is
 * replaced where it stands and keeps its id, an unseen one is appended, an absent one goes. What only a UI knows stays: data,
 * sources, questions, subagents, and activities and thoughts unless the snapshot carries such.
 */
export function reconcile(shown: readonly UIMessage[], { messages }: MessagesSnapshot): UIMessage[] {
  const carried = new Set<string>(messages.map(({ role }) => role))
  const isNotTheServers = (part: MessagePart) =>
    part.type === 'thinking' ? !carried.has('reasoning') : part.type === 'activity' && !carried.has('activity')
  const stays = (part: MessagePart) => isNotTheServers(part) || ONLY_HERE.has(part.type)
  const known = new Map(shown.flatMap((message) => wireIds(message).map((id) => [id, message] as const)))
  const kept = new Map<UIMessage, UIMessage>()
  const unseen: UIMessage[] = []
  // The server's order counts within a turn, and for turns that are new here.
  for (const next of fromWireMessages([...new Map(messages.map((message) => [message.id, message])).values()])) {
    const before = wireIds(next)
      .flatMap((id) => known.get(id) ?? [])
      .find((message) => message.role === next.role && !kept.has(message))
    if (before) kept.set(before, merged(before, next, stays))
    else unseen.push(next)
  }
  for (const message of shown) {
    const parts = kept.has(message) ? [] : message.parts.filter(isNotTheServers)
    if (parts.length > 0) kept.set(message, { ...message, parts })
  }
  return withUniqueIds(
    joined(
      shown.flatMap((message) => kept.get(message) ?? []),
      unseen,
    ),
  )
}

/** What is left of an answer, and the new one, are one turn. */
function joined(kept: readonly UIMessage[], unseen: readonly UIMessage[]): UIMessage[] {
  const [last, first] = [kept.at(-1), unseen[0]]
  if (last?.role !== 'assistant' || first?.role !== 'assistant') return [...kept, ...unseen]
  return [...kept.slice(0, -1), { ...first, ...last, parts: [...last.parts, ...first.parts] }, ...unseen.slice(1)]
}

function withUniqueIds(messages: readonly UIMessage[]): UIMessage[] {
  const ids = new Set<string>()
  return messages.filter(({ id }) => !ids.has(id) && ids.add(id))
}

const ONLY_HERE: ReadonlySet<string> = new Set(['data', 'source', 'interrupt', 'subagent', 'structured-output'])

/** Every id that the wire may know a message by. */
const wireIds = ({ id, parts }: UIMessage): string[] => [
  id,
  ...parts.flatMap((part) => ('messageId' in part && part.messageId !== undefined ? part.messageId : part.type === 'activity' ? part.id : [])),
]

function merged(before: UIMessage, next: UIMessage, stays: (part: MessagePart) => boolean): UIMessage {
  const parts = next.parts.map((part) => before.parts.find((old) => isSame(old, part) || isAhead(old, part)) ?? part)
  // What stays keeps its place: behind as many others as before.
  before.parts.forEach((part, i) => {
    if (stays(part) && !parts.includes(part)) parts.splice(Math.min(i, parts.length), 0, part)
  })
  const isUnchanged = parts.length === before.parts.length && parts.every((part, i) => part === before.parts[i])
  const { metadata = before.metadata, name = before.name } = next
  if (isUnchanged && isSame(metadata, before.metadata) && name === before.name) return before
  return { ...before, parts, ...(metadata && { metadata }), ...(name !== undefined && { name }) }
}

/** Of a call without a result the wire knows only what the model wrote: not that a person was asked or has agreed, nor that it runs. */
const isAhead = (old: MessagePart, part: MessagePart): boolean =>
  old.type === 'tool-call' &&
  part.type === 'tool-call' &&
  old.id === part.id &&
  part.state === 'input-complete' &&
  (old.state === 'approval-requested' || old.state === 'approval-responded' || old.state === 'executing') &&
  isSame(old.input, part.input)

/** The same to somebody who reads it: `state: 'done'` is what a part without state is, too. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    const [x, y] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]
    if (key === 'state' && (x ?? 'done') === (y ?? 'done')) continue
    if (!isSame(x, y)) return false
  }
  return true
}

/** Questions and instructions in the input of a run that are not in the conversation; whatever else it may hold is ours already. */
export function unseenMessages(input: unknown, known: { has(id: string): boolean }): UIMessage[] {
  const { messages } = (input ?? {}) as { messages?: unknown }
  if (!Array.isArray(messages)) return []
  return fromWireMessages(messages.filter(isQuestion).filter(({ id }) => !known.has(id)))
}

function isQuestion(message: unknown): message is Extract<WireMessage, { role: 'user' | 'system' }> {
  const { id, role, content } = (message ?? {}) as Record<string, unknown>
  return typeof id === 'string' && (role === 'user' || role === 'system') && (typeof content === 'string' || Array.isArray(content))
}
