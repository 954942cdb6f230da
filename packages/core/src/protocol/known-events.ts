import { isObject } from '../json.ts'
import type { ChunkType } from './chunk.ts'

type Kind =
  | 'string'
  | 'integer'
  | 'boolean'
  | 'present'
  | 'object'
  | 'objects'
  | 'content'
  | 'messages'
  | 'patch'
  | 'role'
  | 'reasoning'
  | 'tool'
  | 'subtype'
  | 'outcome'
  | 'whole outcome'
  | 'suspension'
/** A trailing `?` = may be absent. */
type Fields = Record<string, Kind | `${Kind}?`>

const owner: Fields = { subagentRunId: 'string?', metadata: 'object?' }
const message: Fields = { messageId: 'string', ...owner }
const messageDelta: Fields = { messageId: 'string', delta: 'string', ...owner }
const step: Fields = { stepName: 'string', ...owner }
const toolCall: Fields = { toolCallId: 'string', ...owner }

/** The fields of AG-UI 1.0 events that we rely on. */
const FIELDS: Record<ChunkType, Fields> = {
  RUN_STARTED: { threadId: 'string', runId: 'string', parentRunId: 'string?', metadata: 'object?' },
  RUN_FINISHED: { threadId: 'string', runId: 'string', outcome: 'outcome?', metadata: 'object?' },
  RUN_ERROR: { message: 'string', code: 'string?', metadata: 'object?' },
  STEP_STARTED: step,
  STEP_FINISHED: step,
  TEXT_MESSAGE_START: { ...message, role: 'role?', name: 'string?' },
  TEXT_MESSAGE_CONTENT: messageDelta,
  TEXT_MESSAGE_END: message,
  TEXT_MESSAGE_CHUNK: { messageId: 'string?', role: 'role?', delta: 'string?', name: 'string?', ...owner },
  TOOL_CALL_START: { ...toolCall, toolCallName: 'string', parentMessageId: 'string?' },
  TOOL_CALL_ARGS: { ...toolCall, delta: 'string' },
  TOOL_CALL_END: toolCall,
  TOOL_CALL_CHUNK: { toolCallId: 'string?', toolCallName: 'string?', parentMessageId: 'string?', delta: 'string?', ...owner },
  TOOL_CALL_RESULT: { ...toolCall, messageId: 'string', content: 'content' },
  REASONING_START: message,
  REASONING_END: message,
  REASONING_MESSAGE_START: { ...message, role: 'reasoning' },
  REASONING_MESSAGE_CONTENT: messageDelta,
  REASONING_MESSAGE_END: message,
  REASONING_MESSAGE_CHUNK: { messageId: 'string?', delta: 'string?', ...owner },
  REASONING_ENCRYPTED_VALUE: { subtype: 'subtype', entityId: 'string', encryptedValue: 'string', ...owner },
  STATE_SNAPSHOT: { snapshot: 'present', ...owner },
  STATE_DELTA: { delta: 'patch', ...owner },
  MESSAGES_SNAPSHOT: { messages: 'messages', metadata: 'object?' },
  ACTIVITY_SNAPSHOT: { messageId: 'string', activityType: 'string', content: 'object', replace: 'boolean?', ...owner },
  ACTIVITY_DELTA: { messageId: 'string', activityType: 'string', patch: 'patch', ...owner },
  // `event` and `value` are any JSON, and a producer's `undefined` does not survive it: nothing to check.
  RAW: { source: 'string?', ...owner },
  CUSTOM: { name: 'string', ...owner },
  SUBAGENT_STARTED: { subagentRunId: 'string', name: 'string', parentSubagentRunId: 'string?', metadata: 'object?' },
  SUBAGENT_FINISHED: { subagentRunId: 'string', metadata: 'object?' },
  SUBAGENT_ERROR: { subagentRunId: 'string', message: 'string', metadata: 'object?' },
}

/** The fields that the specification describes besides, and that nothing here depends on: only `strict` looks at them. */
const STRICT_FIELDS: Partial<Record<ChunkType, Fields>> = {
  RUN_STARTED: { protocolVersion: 'string?', input: 'object?' },
  RUN_FINISHED: { usage: 'objects?', outcome: 'whole outcome?' },
  RUN_ERROR: { usage: 'objects?' },
  TOOL_CALL_RESULT: { role: 'tool?' },
  SUBAGENT_STARTED: { description: 'string?', parentToolCallId: 'string?', parentMessageId: 'string?' },
  SUBAGENT_FINISHED: { outcome: 'suspension?' },
  SUBAGENT_ERROR: { code: 'string?' },
}

interface Field {
  name: string
  kind: Kind
  optional: boolean
}

/** A Map, since the type comes from the wire. */
const KNOWN: ReadonlyMap<string, readonly Field[]> = new Map(Object.entries(FIELDS).map(([type, fields]) => [type, listed(fields)]))

/** What `strict` looks at. */
const DESCRIBED: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries(FIELDS).map(([type, fields]) => [type, listed({ ...fields, ...STRICT_FIELDS[type as ChunkType], timestamp: 'integer?' })]),
)

function listed(fields: Fields): Field[] {
  return Object.entries(fields).map(([name, kind]) => ({ name, kind: kind.replace('?', '') as Kind, optional: kind.endsWith('?') }))
}

/** Whether it is an event of AG-UI 1.0. */
export function isKnownType(type: string): type is ChunkType {
  return KNOWN.has(type)
}

/** The first field of a known event that does not hold what it must, or `undefined` if all is well. */
export function malformedField(event: Record<string, unknown>, type: ChunkType, isStrict = false): string | undefined {
  for (const field of (isStrict ? DESCRIBED : KNOWN).get(type)!) {
    const value = event[field.name]
    if (value === undefined ? !field.optional : !holds(field.kind, value)) return field.name
  }
  return undefined
}

/** The same event without the optional fields that are null; some producers write absent ones so. */
export function withoutNulls(event: Record<string, unknown>, type: ChunkType): Record<string, unknown> {
  const nulls = KNOWN.get(type)!.filter((field) => field.optional && event[field.name] === null)
  if (nulls.length === 0) return event
  const copy = { ...event }
  for (const { name } of nulls) delete copy[name]
  return copy
}

const ROLES: ReadonlySet<unknown> = new Set(['assistant', 'user', 'system', 'developer'])

function holds(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'present':
      return true
    case 'integer':
      return Number.isInteger(value)
    case 'object':
      return isObject(value)
    case 'objects':
      return Array.isArray(value) && value.every(isObject)
    case 'patch':
      return Array.isArray(value) && value.every(isOperation)
    case 'content':
      return isContent(value)
    case 'messages':
      return Array.isArray(value) && value.every(isMessage)
    case 'role':
      return ROLES.has(value)
    case 'reasoning':
      return value === 'reasoning'
    case 'tool':
      return value === 'tool'
    case 'subtype':
      return value === 'tool-call' || value === 'message'
    case 'outcome':
      return isOutcome(value)
    case 'whole outcome':
      return isOutcome(value) && isWholeOutcome(value)
    case 'suspension':
      return isSuspension(value)
  }
}

/** RFC 6902. Other members may be there, and an `op` that is none is left to others. */
function isOperation(value: unknown): boolean {
  if (!isObject(value) || typeof value['op'] !== 'string' || typeof value['path'] !== 'string') return false
  if (VALUED.has(value['op'])) return value['value'] !== undefined
  return !SOURCED.has(value['op']) || typeof value['from'] === 'string'
}
const VALUED: ReadonlySet<unknown> = new Set(['add', 'replace', 'test'])
const SOURCED: ReadonlySet<unknown> = new Set(['move', 'copy'])

function isSuspension(value: unknown): boolean {
  if (!isObject(value)) return false
  const { type, interruptIds } = value
  if (type === 'success') return interruptIds === undefined
  return type === 'suspended' && (interruptIds === undefined || isStrings(interruptIds))
}

function isOutcome(value: unknown): boolean {
  if (!isObject(value)) return false
  if (value['type'] !== 'interrupt') return value['type'] === 'success' || value['type'] === 'cancelled'
  const interrupts = value['interrupts']
  return Array.isArray(interrupts) && interrupts.length > 0 && interrupts.every((each) => isObject(each) && typeof each['id'] === 'string')
}

/** The rest of what the specification says of an outcome. */
function isWholeOutcome(value: unknown): boolean {
  const { interrupts = [], pendingToolCallIds = [] } = value as { interrupts?: { reason?: unknown }[]; pendingToolCallIds?: unknown }
  return interrupts.every(({ reason }) => typeof reason === 'string') && isStrings(pendingToolCallIds)
}

const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')

const isContent = (value: unknown): boolean => typeof value === 'string' || (Array.isArray(value) && value.every(isPart))

function isPart(value: unknown): boolean {
  if (!isObject(value)) return false
  if (value['type'] === 'text') return typeof value['text'] === 'string'
  const { source } = value
  return typeof value['type'] === 'string' && isObject(source) && typeof source['type'] === 'string' && typeof source['value'] === 'string'
}

/** Null, as some producers write it, is as good as absent here. */
function isMessage(value: unknown): boolean {
  if (!isObject(value) || typeof value['id'] !== 'string') return false
  const { role, content, toolCalls } = value
  switch (role) {
    case 'user':
      return isContent(content)
    case 'assistant':
      return typeof (content ?? '') === 'string' && (toolCalls == null || (Array.isArray(toolCalls) && toolCalls.every(isToolCall)))
    case 'tool':
      return isContent(content) && typeof value['toolCallId'] === 'string'
    case 'activity':
      return isObject(content) && typeof value['activityType'] === 'string'
    default:
      return typeof role === 'string' && typeof content === 'string'
  }
}

function isToolCall(value: unknown): boolean {
  if (!isObject(value) || typeof value['id'] !== 'string' || !isObject(value['function'])) return false
  const { name, arguments: json } = value['function']
  return typeof name === 'string' && typeof json === 'string'
}
