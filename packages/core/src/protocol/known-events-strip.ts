import type { ChunkType } from './chunk.ts'
import { isObject } from '../json.ts'

type Event = Record<string, unknown>
/** Told what was taken out, as the path to it, and of which event. */
type Report = (path: string, event: Event) => void

/**
 * The event without the members of its unions that AG-UI 1.0 does not know: a later version may add some, and must not fail
 * (spec: processing model). What is optional goes by itself, an item goes from its list, what is required takes the event
 * along: then the answer is undefined. By identity where all is known.
 */
export function stripUnknown(event: Event, type: ChunkType, report: Report): Event | undefined {
  switch (type) {
    case 'RUN_FINISHED':
      return withoutUnknownOutcome(event, RUN_OUTCOMES, report)
    case 'SUBAGENT_FINISHED':
      return withoutUnknownOutcome(event, SUBAGENT_OUTCOMES, report)
    case 'TOOL_CALL_RESULT':
      return withContent(event, 'content', report)
    case 'STATE_DELTA':
      return filtered(event, 'delta', 'delta', isKnownOperation, report)
    case 'ACTIVITY_DELTA':
      return filtered(event, 'patch', 'patch', isKnownOperation, report)
    case 'MESSAGES_SNAPSHOT':
      return withMessages(event, report)
    case 'REASONING_ENCRYPTED_VALUE':
      if (typeof event['subtype'] !== 'string' || SUBTYPES.has(event['subtype'])) return event
      report(`subtype ${event['subtype']}`, event)
      return undefined
    default:
      return event
  }
}

const RUN_OUTCOMES: ReadonlySet<unknown> = new Set(['success', 'interrupt', 'cancelled'])
const SUBAGENT_OUTCOMES: ReadonlySet<unknown> = new Set(['success', 'suspended'])
const SUBTYPES: ReadonlySet<unknown> = new Set(['tool-call', 'message'])
const OPERATIONS: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])
const PARTS: ReadonlySet<unknown> = new Set(['text', 'image', 'audio', 'video', 'document'])
const SOURCES: ReadonlySet<unknown> = new Set(['data', 'url', 'file'])
const MESSAGE_ROLES: ReadonlySet<unknown> = new Set(['developer', 'system', 'assistant', 'user', 'tool', 'activity', 'reasoning'])

/** Whether it says what it is, and that is none of these. What says nothing is malformed, which is for others to find. */
const isForeign = (value: unknown, field: string, known: ReadonlySet<unknown>): boolean =>
  isObject(value) && typeof value[field] === 'string' && !known.has(value[field])

const isKnownOperation = (operation: unknown): boolean => !isForeign(operation, 'op', OPERATIONS)

const isKnownPart = (part: unknown): boolean => !isForeign(part, 'type', PARTS) && !(isObject(part) && isForeign(part['source'], 'type', SOURCES))

function withoutUnknownOutcome(event: Event, known: ReadonlySet<unknown>, report: Report): Event {
  if (!isForeign(event['outcome'], 'type', known)) return event
  report('outcome', event)
  const { outcome: _, ...rest } = event
  return rest
}

const withContent = (event: Event, path: string, report: Report): Event => filtered(event, 'content', path, isKnownPart, report)

function withMessages(event: Event, report: Report): Event {
  const kept = filtered(event, 'messages', 'messages', (message) => !isForeign(message, 'role', MESSAGE_ROLES), report)
  const { messages } = kept
  if (!Array.isArray(messages)) return kept
  const reportItem: Report = (path) => report(path, event)
  const stripped: unknown[] = messages.map((message, i) => (isObject(message) ? withContent(message, `messages/${i}/content`, reportItem) : message))
  return stripped.every((message, i) => message === messages[i]) ? kept : { ...kept, messages: stripped }
}

/** The same object with only the items of a list that hold. */
function filtered(event: Event, field: string, path: string, holds: (item: unknown) => boolean, report: Report): Event {
  const items = event[field]
  if (!Array.isArray(items) || items.every(holds)) return event
  items.forEach((item, i) => holds(item) || report(`${path}/${i}`, event))
  return { ...event, [field]: items.filter(holds) }
}
