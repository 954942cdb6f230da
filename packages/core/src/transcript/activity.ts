import type { WarningSink } from '../errors.ts'
import { isObject } from '../json.ts'
import type { ActivityDelta, ActivitySnapshot } from '../protocol/chunk.ts'
import type { ActivityPart, UIMessage } from './message.ts'
import { appendPart, lastPart, mergeMetadata, replacePart } from './parts.ts'
import { applyPatch } from './patch.ts'

export const activityIndex = (message: UIMessage, id: string): number =>
  lastPart(message, (part): part is ActivityPart => part.type === 'activity' && part.id === id)

/** What an agent is at, as the server shows it; with `replace: false` one that is there stays as it is. Metadata gathers either way. */
export function showActivity(message: UIMessage, chunk: ActivitySnapshot): UIMessage {
  const { messageId: id, activityType, content, replace = true, subagentRunId, metadata } = chunk
  const index = activityIndex(message, id)
  const before = message.parts[index] as ActivityPart | undefined
  if (before && !replace) return metadata ? replacePart(message, index, { ...before, ...mergeMetadata(before.metadata, metadata) }) : message
  const part: ActivityPart = {
    type: 'activity',
    id,
    activityType,
    content,
    ...(subagentRunId !== undefined && { subagentRunId }),
    ...mergeMetadata(before?.metadata, metadata),
  }
  return before ? replacePart(message, index, part) : appendPart(message, part)
}

/** A patch that does not fit is left out with a warning. */
export function patchActivity(message: UIMessage, chunk: ActivityDelta, warn: WarningSink): UIMessage {
  const index = activityIndex(message, chunk.messageId)
  const part = message.parts[index] as ActivityPart | undefined
  const patched = part ? applyPatch(part.content, chunk.patch) : { error: 'there is no such activity' }
  if (part && 'value' in patched && isObject(patched.value)) {
    const { activityType, metadata } = chunk
    return replacePart(message, index, { ...part, activityType, content: patched.value, ...mergeMetadata(part.metadata, metadata) })
  }
  const why = 'error' in patched ? patched.error : 'it makes the content something else than an object'
  warn({ code: 'bad_patch', message: `A change to the activity ${chunk.messageId} was left out: ${why}.`, seen: chunk })
  return message
}
