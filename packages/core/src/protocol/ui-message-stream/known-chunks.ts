import { ChatError } from '../../errors.ts'
import { brief, isObject } from '../../json.ts'

type Kind = 'string' | 'boolean' | 'object' | 'array'
type Fields = Record<string, Kind | `${Kind}?`>

const part: Fields = { id: 'string', providerMetadata: 'object?' }
const delta: Fields = { ...part, delta: 'string' }
const call: Fields = {
  toolCallId: 'string',
  providerExecuted: 'boolean?',
  providerMetadata: 'object?',
  toolMetadata: 'object?',
  dynamic: 'boolean?',
}
const input: Fields = { ...call, toolName: 'string', title: 'string?' }
const file: Fields = { url: 'string', mediaType: 'string', providerMetadata: 'object?' }

/** The fields that we rely on. `input`, `output`, `data` and metadata are any JSON. */
const FIELDS: Record<string, Fields> = {
  start: { messageId: 'string?' },
  'start-step': {},
  'finish-step': {},
  'reset-step': {},
  'text-start': part,
  'text-delta': delta,
  'text-end': part,
  'reasoning-start': part,
  'reasoning-delta': delta,
  'reasoning-end': part,
  'tool-input-start': { ...input, inputEncoding: 'string?' },
  'tool-input-delta': { toolCallId: 'string', inputTextDelta: 'string' },
  'tool-input-available': input,
  'tool-input-error': { ...input, errorText: 'string' },
  'tool-approval-request': { approvalId: 'string', toolCallId: 'string', reason: 'string?', isAutomatic: 'boolean?', signature: 'string?' },
  'tool-approval-response': {
    approvalId: 'string',
    approved: 'boolean',
    reason: 'string?',
    providerExecuted: 'boolean?',
    providerMetadata: 'object?',
  },
  'tool-output-available': { ...call, preliminary: 'boolean?' },
  'tool-output-error': { ...call, errorText: 'string' },
  'tool-output-denied': { toolCallId: 'string' },
  'source-url': { sourceId: 'string', url: 'string', title: 'string?', providerMetadata: 'object?' },
  'source-document': { sourceId: 'string', mediaType: 'string', title: 'string', filename: 'string?', providerMetadata: 'object?' },
  file,
  'reasoning-file': file,
  custom: { kind: 'string', providerMetadata: 'object?' },
  'steering-message': { id: 'string', parts: 'array' },
  'message-metadata': {},
  finish: { finishReason: 'string?' },
  abort: { reason: 'string?' },
  error: { errorText: 'string' },
}

const DATA: readonly Field[] = fieldsOf({ id: 'string?', transient: 'boolean?' })

interface Field {
  name: string
  kind: Kind
  isOptional: boolean
}

function fieldsOf(fields: Fields): Field[] {
  return Object.entries(fields).map(([name, kind]) => ({ name, kind: kind.replace('?', '') as Kind, isOptional: kind.endsWith('?') }))
}

/** A Map, since the type comes from the wire. */
const KNOWN: ReadonlyMap<string, readonly Field[]> = new Map(Object.entries(FIELDS).map(([type, fields]) => [type, fieldsOf(fields)]))

/**
 * A chunk of the UI message stream, v1 (`uiMessageChunkSchema` of `ai`). Its fields are read where they are used:
 * those in {@link FIELDS} hold what they must, the others anything.
 */
export type UiChunk = Record<string, unknown> & { type: string }

/** The value as a chunk, or `undefined` for one of a type that nobody knows. Throws `protocol` for a malformed one; `null` counts as absent. */
export function toUiChunk(value: unknown, onUnknown: (type: string) => void): UiChunk | undefined {
  if (!isObject(value) || typeof value['type'] !== 'string') {
    throw new ChatError('protocol', `A chunk must be an object with a type. Seen: ${brief(value)}`)
  }
  const type = value['type']
  const fields = KNOWN.get(type) ?? (type.startsWith('data-') ? DATA : undefined)
  if (fields === undefined) {
    onUnknown(type)
    return undefined
  }
  for (const { name, kind, isOptional } of fields) {
    const field = value[name] ?? undefined
    if (field === undefined ? isOptional : holds(kind, field)) continue
    throw new ChatError('protocol', `A ${type} chunk has no valid ${name}. Seen: ${brief(value)}`)
  }
  return value as UiChunk
}

function holds(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    default:
      return typeof value === kind
  }
}
