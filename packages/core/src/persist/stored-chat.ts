import { ChatError } from '../errors.ts'
import { brief, isObject } from '../json.ts'
import type { QueuedMessage, Restored } from '../session/events.ts'
import { checkMessages } from '../transcript/check-messages.ts'
import type { UIMessage } from '../transcript/message.ts'
import { dropUnsaid } from './drop-unsaid.ts'

/** A conversation as it is stored, in JSON; also what `migrate` has to give, where all but `messages` may be missing. */
export interface StoredChat {
  readonly version: number
  readonly threadId: string
  /** Every message of every branch, each after the one that its `parentId` names. */
  readonly messages: readonly UIMessage[]
  /** Id of the last message of the path that is shown. */
  readonly head: string | null
  /** What waits for the turn in flight. */
  readonly queue: readonly QueuedMessage[]
  /** What agent and application share. */
  readonly state?: unknown
  /** The run that was going on. */
  readonly runId?: string | undefined
  /** How many parts its message had when it began. */
  readonly runStart?: number | undefined
}

export interface Versions {
  version: number
  /** Makes today's form of what an older version stored; `undefined` if that did not say its version. */
  migrate?: ((stored: unknown, version: number | undefined) => unknown) | undefined
}

/** What was read, as a chat takes it. Throws for whatever cannot be a conversation. */
export function fromStored(read: unknown, versions: Versions): Restored & { threadId: string | undefined } {
  const stored = migrated(typeof read === 'string' ? JSON.parse(read) : read, versions)
  if (!isObject(stored)) throw refused('an object with messages', stored)
  const { threadId, state, runId, runStart, head, queue = [] } = stored
  const messages = stored['messages'] as UIMessage[]
  if (!Array.isArray(messages)) throw refused('an object with messages', stored)
  if (!Array.isArray(queue) || !queue.every(isQueued)) throw refused('a queue of { id, message, options }', queue)
  const all = [...messages, ...queue.map(({ message }) => message)]
  checkMessages(all)
  all.forEach(checkParts)
  if (head !== undefined && head !== null && !messages.some(({ id }) => id === head)) throw refused('a head among its messages', head)
  const waiting = queue.map(({ id, message, options = {} }) => ({ id, message: withDate(message), options }))
  const said = dropUnsaid(messages.map(withDate), head === undefined ? (messages.at(-1)?.id ?? null) : (head as string | null))
  return {
    threadId: textOf(threadId),
    ...said,
    ...(waiting.length > 0 && { queue: waiting }),
    ...(state !== undefined && { state }),
    ...(typeof runId === 'string' && { runId }),
    ...(typeof runStart === 'number' && { runStart }),
  }
}

function migrated(stored: unknown, { version, migrate }: Versions): unknown {
  const seen = isObject(stored) && typeof stored['version'] === 'number' ? stored['version'] : undefined
  if (seen !== undefined && seen > version) throw new Error(`It was stored by version ${seen}, and this is version ${version}.`)
  return seen === version || !migrate ? stored : migrate(stored, seen)
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const refused = (expected: string, seen: unknown) => new Error(`Expected ${expected}, saw ${brief(seen)}.`)

const isQueued = (value: unknown): value is QueuedMessage =>
  isObject(value) && typeof value['id'] === 'string' && isObject(value['message']) && (value['options'] === undefined || isObject(value['options']))

/** As far as the transcript relies on it. */
function checkParts({ id, parts }: UIMessage) {
  for (const part of parts as readonly unknown[]) {
    const isPart =
      isObject(part) && typeof part['type'] === 'string' && (FIELDS.get(part['type']) ?? []).every((field) => typeof part[field] === 'string')
    if (!isPart) throw new ChatError('misuse', `A part of the message ${id} is none: ${brief(part)}.`)
  }
}
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['content']],
  ['thinking', ['content']],
  ['tool-call', ['id', 'name', 'arguments', 'state']],
  ['tool-result', ['toolCallId']],
  ['interrupt', ['id', 'state']],
  ['structured-output', ['raw', 'status']],
])

/** JSON has no dates. */
function withDate(message: UIMessage): UIMessage {
  const { createdAt, ...rest } = message
  if (createdAt === undefined) return message
  const date = new Date(createdAt)
  return Number.isNaN(date.getTime()) ? rest : { ...rest, createdAt: date }
}
