import type { WarningSink } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { applyChunk, hasContent } from './apply-chunk.ts'
import { forEachCoalesced } from './coalesce.ts'
import { finalise } from './finalise.ts'
import type { UIMessage } from './message.ts'
import type { Messages } from './messages.ts'
import { callIndex, type Ending, writeParts } from './parts.ts'
import { rich } from './rich.ts'

/**
 * Where the chunks of a run go: `reply` writes a new message below the tip, `continue` goes on writing the tip itself,
 * `join` writes an answer at the tip anew, from its start.
 */
export type RunMode = 'reply' | 'continue' | 'join'

/** The part of the transcript that one run writes. */
export interface Run {
  apply(chunks: readonly Chunk[]): void
  /** Closes what is open; a message without a part is removed. */
  end(ending: Ending): void
  /** How many parts its message had before. */
  readonly start: number
  /** The message being written; undefined until there is content. */
  message(): UIMessage | undefined
  /** The answers that the request carried are the server's now. */
  deliver(): void
  /** Makes the tip again what it was when the run began, and the head. What the run added to a message it continued becomes a sibling. */
  fork(): void
}

/** Where a run writes. `structured`: every text of the assistant is the JSON of an answer. */
export interface RunAt {
  tip: string | null
  mode: RunMode
  structured?: boolean | undefined
  /**
   * For `join`: how many parts of the answer were there before the run. Without it none were; or all that are stored, if the run says that it goes
   * on from another one: an answer is stored where a run ends.
   */
  keep?: number | undefined
  /** What the request calls the run; a server may call it something else. */
  runId?: string | undefined
  /** Names what the wire gives no id. Default: as the transcript does. */
  generateId?: (() => string) | undefined
}

/** What agent and application both read and write (AG-UI: state). `undefined` until somebody has said something; null is a value. */
export interface Shared {
  state: unknown
}

/** What runs of one transcript have in common. */
export interface RunWorld {
  messages: Messages
  shared: Shared
  generateId: () => string
  warn: WarningSink
}

/** Where a run is. */
interface Place {
  /** What the next message goes below. */
  tip: string | null
  /** The message of the assistant that is being written. */
  messageId: string | null
  /** How many parts it had when a step began. */
  stepStarts: Map<string, number>
}

/** A run, for what writes more than its message. */
export interface Writing {
  messages: Messages
  shared: Shared
  place: Place
  at: RunAt
  /** Writes to the message. */
  write(chunk: Chunk): void
  warn: WarningSink
}

export function openRun({ messages, shared, warn, ...world }: RunWorld, at: RunAt): Run {
  const { mode, generateId = world.generateId } = at
  /** The answer as far as it was stored: it stays until the run says something. */
  const stored = mode === 'join' && messages.get(at.tip ?? '')?.role === 'assistant' ? at.tip : null
  const place: Place = { tip: stored === null ? at.tip : messages.parentOf(stored), messageId: null, stepStarts: new Map() }
  if (mode === 'continue') place.messageId = place.tip
  const base = messages.get(place.messageId ?? '')
  /** What the continued message was before anything was written to it. */
  let unwritten = base
  let hasWritten = false
  /** Wire ids of texts in another role than the assistant's, and the message that each became. */
  const others = new Map<string, string>()
  /** Messages of the assistant that were left for one in another role. */
  const left: string[] = []
  /** Id that the server gives the message (AI SDK: `start.messageId`). */
  let named: string | undefined
  let { keep = 0 } = at
  if (mode === 'reply') messages.setHead(at.tip)

  /** The id of the first wire message serves, so that keys never change; unless it is taken. */
  function open(chunk: Chunk): string {
    if (place.messageId !== null) return place.messageId
    if (stored !== null && keep > 0) {
      messages.edit(stored, (message) => (message.parts.length > keep ? { ...message, parts: message.parts.slice(0, keep) } : message))
      return (place.messageId = stored)
    }
    const wireId = named !== undefined && !messages.has(named) ? named : wireIdOf(chunk)
    if (stored !== null) messages.remove(stored)
    const id = stored ?? (wireId && !messages.has(wireId) ? wireId : generateId())
    place.messageId = id
    messages.append({ id, role: 'assistant', parts: [] }, place.tip)
    return id
  }

  /** A text in another role is a message of its own; what follows goes below it. */
  function writeOther(chunk: Chunk): string | undefined {
    if (chunk.type !== 'TEXT_MESSAGE_START' || chunk.role === undefined || chunk.role === 'assistant') return undefined
    const known = others.get(chunk.messageId)
    if (known !== undefined) return known
    const id = messages.has(chunk.messageId) ? generateId() : chunk.messageId
    messages.append({ id, role: chunk.role === 'user' ? 'user' : 'system', parts: [] }, place.messageId ?? place.tip)
    others.set(chunk.messageId, id)
    place.tip = id
    if (place.messageId !== null) left.push(place.messageId)
    place.messageId = null
    return id
  }

  function target(chunk: Chunk): string | null {
    const other = writeOther(chunk) ?? ('messageId' in chunk && chunk.messageId ? others.get(chunk.messageId) : undefined)
    if (other !== undefined) return other
    if (chunk.type === 'TOOL_CALL_RESULT' && !holdsCall(chunk.toolCallId)) return messages.callOwner(chunk.toolCallId) ?? open(chunk)
    return hasContent(chunk) ? open(chunk) : place.messageId
  }

  const holdsCall = (id: string) => place.messageId !== null && callIndex(messages.get(place.messageId)!, id) >= 0

  function apply(chunk: Chunk) {
    switch (chunk.type) {
      case 'RUN_STARTED':
        if (typeof chunk.metadata?.['messageId'] === 'string') named = chunk.metadata['messageId']
        if (chunk.parentRunId !== undefined && place.messageId === null) keep = at.keep ?? Infinity
        return rich.get()?.applyToRun(chunk, writing)
      case 'STATE_SNAPSHOT':
      case 'STATE_DELTA':
      case 'MESSAGES_SNAPSHOT':
      case 'ACTIVITY_SNAPSHOT':
      case 'ACTIVITY_DELTA':
      case 'CUSTOM':
        return rich.get()?.applyToRun(chunk, writing)
      case 'STEP_STARTED':
        return void place.stepStarts.set(chunk.stepName, messages.get(place.messageId ?? '')?.parts.length ?? 0)
      case 'RUN_FINISHED':
        return write({ ...chunk, runId: at.runId ?? chunk.runId })
      default:
        return write(chunk)
    }
  }

  function write(chunk: Chunk) {
    const id = target(chunk)
    if (id === null) return
    const more = at.structured && id === place.messageId ? rich.get() : undefined
    messages.edit(id, (message) => applyChunk(more ? more.takeForOutput(message, chunk) : message, chunk))
  }

  const writing: Writing = { messages, shared, place, at, write, warn }

  return {
    start: base?.parts.length ?? 0,
    apply: (chunks) => writeParts(() => forEachCoalesced(chunks, apply)),
    end(ending) {
      if (base && messages.get(base.id) !== unwritten) hasWritten = true
      const written = [...left, ...others.values(), ...(place.messageId === null ? [] : [place.messageId])]
      for (const id of written) {
        messages.edit(id, (message) => finalise(message, ending))
        if (messages.get(id)?.parts.length !== 0) continue
        messages.remove(id)
        if (id === place.messageId) place.messageId = null
      }
    },
    message: () => (place.messageId === null ? undefined : messages.get(place.messageId)),
    deliver() {
      const more = rich.get()
      let asked = at.tip
      while (asked !== null && messages.get(asked)?.role !== 'assistant') asked = messages.parentOf(asked)
      if (asked !== null && more) messages.edit(asked, more.deliver)
      unwritten = base && messages.get(base.id)
    },
    fork() {
      messages.setHead(at.tip)
      const message = base && messages.get(base.id)
      if (!message || message === base) return
      messages.edit(base.id, () => base)
      if (hasWritten) messages.append({ ...message, id: generateId() }, messages.parentOf(base.id))
    },
  }
}

/** Id of the assistant's wire message that a chunk belongs to. */
function wireIdOf(chunk: Chunk): string | undefined {
  if (chunk.type === 'TOOL_CALL_START') return chunk.parentMessageId
  if (chunk.type === 'CUSTOM') return rich.get()?.outputIdOf(chunk)
  return 'messageId' in chunk && chunk.type !== 'TOOL_CALL_RESULT' ? chunk.messageId : undefined
}
