import { brief } from '../json.ts'
import { ChatError, type WarningSink } from '../errors.ts'
import type { Chunk, Metadata, ReasoningMessageChunk, TextMessageChunk, ToolCallChunk } from './chunk.ts'
import { type Profile } from './order.ts'

type Shorthand = TextMessageChunk | ToolCallChunk | ReasoningMessageChunk
type Next = (chunk: Chunk, out: Chunk[]) => void

/** What a `*_CHUNK` sequence has open. */
interface Lane {
  kind: Shorthand['type']
  id: string
  /** What the first chunk said; repeating it is fine, contradicting it is not. */
  said: Record<string, string | undefined>
  subagentRunId: string | undefined
}

/** Several lanes could be meant. */
const AMBIGUOUS: Lane = { kind: 'TEXT_MESSAGE_CHUNK', id: '', said: {}, subagentRunId: undefined }

export interface ChunkExpansionOptions {
  profile: Profile
  runId: string
  onWarning: WarningSink
}

/**
 * `*_CHUNK` events → START, CONTENT or ARGS, END, by AG-UI's lane rules: one lane per subagent, and a lane is closed by another id
 * or by any event of its owner that is not RAW, ACTIVITY_*, REASONING_ENCRYPTED_VALUE or SUBAGENT_STARTED.
 */
export function createChunkExpansion(options: ChunkExpansionOptions, next: Next): { accept: Next; closeAll(out: Chunk[]): void } {
  const { profile, runId, onWarning } = options
  const lanes = new Map<string | undefined, Lane>()
  let unnamed = 0

  const close = (owner: string | undefined, out: Chunk[]): void => {
    const lane = lanes.get(owner)
    if (lane === undefined) return
    lanes.delete(owner)
    next(endOf(lane), out)
  }
  const closeAll = (out: Chunk[]): void => {
    for (const owner of lanes.keys()) close(owner, out)
  }

  const deviate = (message: string, chunk: Chunk): void => {
    if (profile === 'strict') throw new ChatError('protocol', `${message} Seen: ${brief(chunk)}`)
    onWarning({ code: 'orphan', message, seen: chunk })
  }

  const open = (chunk: Shorthand, out: Chunk[]): Lane | undefined => {
    let id = idOf(chunk)
    if (id === undefined && chunk.type !== 'TOOL_CALL_CHUNK') {
      deviate(`The first ${chunk.type} of a message has no messageId.`, chunk)
      unnamed += 1
      id = `${runId}-message-${unnamed}`
    }
    if (id === undefined || (chunk.type === 'TOOL_CALL_CHUNK' && chunk.toolCallName === undefined)) {
      deviate('The first TOOL_CALL_CHUNK of a call has no toolCallId or no toolCallName; it was ignored.', chunk)
      return undefined
    }
    const lane: Lane = { kind: chunk.type, id, said: saidBy(chunk), subagentRunId: chunk.subagentRunId }
    lanes.set(chunk.subagentRunId, lane)
    next(startOf(lane), out)
    return lane
  }

  const contradicts = (lane: Lane, chunk: Shorthand): boolean => {
    if (chunk.subagentRunId !== undefined && chunk.subagentRunId !== lane.subagentRunId) return true
    for (const [name, value] of Object.entries(saidBy(chunk))) {
      if (value !== undefined && value !== (lane.said[name] ?? (name === 'role' ? 'assistant' : undefined))) return true
    }
    return false
  }

  /** The lane that a chunk goes on with: by its id, else by its owner, else the run's own, else the only one of its kind (spec: streaming messages). */
  const laneOf = (chunk: Shorthand): Lane | undefined => {
    const id = idOf(chunk)
    const usual = lanes.get(chunk.subagentRunId)
    if (usual?.kind === chunk.type && (id === undefined || id === usual.id)) return usual
    const alike = lanes.size === 0 ? [] : [...lanes.values()].filter(({ kind }) => kind === chunk.type)
    if (id !== undefined) return alike.find((lane) => lane.id === id)
    if (chunk.subagentRunId !== undefined) return undefined
    return alike.length > 1 ? AMBIGUOUS : alike[0]
  }

  const expand = (chunk: Shorthand, out: Chunk[]): void => {
    let lane = laneOf(chunk)
    if (lane === AMBIGUOUS) {
      deviate(`A ${chunk.type} says neither which message it is of nor which subagent, and several are open; it was ignored.`, chunk)
      return
    }
    if (lane !== undefined && contradicts(lane, chunk)) {
      deviate(`A ${chunk.type} contradicts the first one of its message; only its delta was taken.`, chunk)
    }
    if (lane === undefined) {
      close(chunk.subagentRunId, out)
      lane = open(chunk, out)
    }
    if (lane === undefined || (chunk.delta === undefined && chunk.metadata === undefined && chunk.rawEvent === undefined)) return
    next(deltaOf(lane, chunk), out)
  }

  return {
    accept(chunk, out) {
      switch (chunk.type) {
        case 'TEXT_MESSAGE_CHUNK':
        case 'REASONING_MESSAGE_CHUNK':
        case 'TOOL_CALL_CHUNK':
          expand(chunk, out)
          return
        case 'RAW':
        case 'ACTIVITY_SNAPSHOT':
        case 'ACTIVITY_DELTA':
        case 'REASONING_ENCRYPTED_VALUE':
        case 'SUBAGENT_STARTED':
          break
        case 'RUN_ERROR':
          // What a failed run leaves open was not completed.
          lanes.clear()
          break
        case 'RUN_STARTED':
        case 'RUN_FINISHED':
        case 'MESSAGES_SNAPSHOT':
          if (lanes.size > 0) closeAll(out)
          break
        default:
          if (lanes.size > 0) close(chunk.subagentRunId, out)
      }
      next(chunk, out)
    },
    closeAll,
  }
}

function idOf(chunk: Shorthand): string | undefined {
  return chunk.type === 'TOOL_CALL_CHUNK' ? chunk.toolCallId : chunk.messageId
}

function saidBy(chunk: Shorthand): Lane['said'] {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_CHUNK':
      return { role: chunk.role, name: chunk.name }
    case 'TOOL_CALL_CHUNK':
      return { toolCallName: chunk.toolCallName, parentMessageId: chunk.parentMessageId }
    case 'REASONING_MESSAGE_CHUNK':
      return {}
  }
}

function startOf({ kind, id, said, subagentRunId }: Lane): Chunk {
  const owner = subagentRunId === undefined ? undefined : { subagentRunId }
  switch (kind) {
    case 'TEXT_MESSAGE_CHUNK':
      return { type: 'TEXT_MESSAGE_START', messageId: id, ...(said as { role?: 'assistant'; name?: string }), ...owner }
    case 'TOOL_CALL_CHUNK':
      return { type: 'TOOL_CALL_START', toolCallId: id, ...(said as { toolCallName: string; parentMessageId?: string }), ...owner }
    case 'REASONING_MESSAGE_CHUNK':
      return { type: 'REASONING_MESSAGE_START', messageId: id, role: 'reasoning', ...owner }
  }
}

function deltaOf({ kind, id, subagentRunId }: Lane, chunk: Shorthand): Chunk {
  const rest: { delta: string; metadata?: Metadata; rawEvent?: unknown; subagentRunId?: string } = { delta: chunk.delta ?? '' }
  if (chunk.rawEvent !== undefined) rest.rawEvent = chunk.rawEvent
  if (chunk.metadata !== undefined) rest.metadata = chunk.metadata
  if (subagentRunId !== undefined) rest.subagentRunId = subagentRunId
  switch (kind) {
    case 'TEXT_MESSAGE_CHUNK':
      return { type: 'TEXT_MESSAGE_CONTENT', messageId: id, ...rest }
    case 'TOOL_CALL_CHUNK':
      return { type: 'TOOL_CALL_ARGS', toolCallId: id, ...rest }
    case 'REASONING_MESSAGE_CHUNK':
      return { type: 'REASONING_MESSAGE_CONTENT', messageId: id, ...rest }
  }
}

function endOf({ kind, id, subagentRunId }: Lane): Chunk {
  const owner = subagentRunId === undefined ? undefined : { subagentRunId }
  switch (kind) {
    case 'TEXT_MESSAGE_CHUNK':
      return { type: 'TEXT_MESSAGE_END', messageId: id, ...owner }
    case 'TOOL_CALL_CHUNK':
      return { type: 'TOOL_CALL_END', toolCallId: id, ...owner }
    case 'REASONING_MESSAGE_CHUNK':
      return { type: 'REASONING_MESSAGE_END', messageId: id, ...owner }
  }
}
