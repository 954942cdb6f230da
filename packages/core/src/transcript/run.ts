import type { ChatWarning } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { applyChunk, hasContent } from './apply-chunk.ts'
import { forEachCoalesced } from './coalesce.ts'
import { finalise } from './finalise.ts'
import type { UIMessage } from './message.ts'
import type { Messages } from './messages.ts'
import type { Owner } from './owner.ts'
import { callIndex, type Ending, writeParts } from './parts.ts'
import { rich } from './rich.ts'

/**
 * Where the chunks of a run go: `reply` writes a new message below the tip, `continue` goes on writing the tip itself,
 * `join` writes an answer at the tip anew, from its start.
 */
export type RunMode = 'reply' | 'continue' | 'join'

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

/** What the runs of one transcript have in common. */
export interface World {
  readonly messages: Messages
  readonly owner: Owner
  /** What agent and application both read and write (AG-UI: state). `undefined` until somebody has said something; null is a value. */
  state: unknown
}

/** The part of the transcript that one run writes. */
export class Run {
  readonly world: World
  readonly at: RunAt
  /** What the next message goes below. */
  tip: string | null
  /** The message of the assistant that is being written. */
  messageId: string | null = null
  /** How many parts its message had before. */
  readonly start: number
  /** How many parts it had when a step began. */
  steps: Map<string, number> | undefined
  /** The answer as far as it was stored: it stays until the run says something. */
  readonly #stored: string | null
  readonly #base: UIMessage | undefined
  /** What the continued message was before anything was written to it. */
  #unwritten: UIMessage | undefined
  #hasWritten = false
  /** Wire ids of texts in another role than the assistant's, and the message that each became. */
  #others: Map<string, string> | undefined
  /** Messages of the assistant that were left for one in another role. */
  #left: readonly string[] = NONE
  /** Id that the server gives the message (AI SDK: `start.messageId`). */
  #named: string | undefined
  #keep: number

  constructor(world: World, at: RunAt) {
    const { messages } = world
    const { mode, tip, keep = 0 } = at
    this.world = world
    this.at = at
    this.#keep = keep
    this.#stored = mode === 'join' && messages.get(tip ?? '')?.role === 'assistant' ? tip : null
    this.tip = this.#stored === null ? tip : messages.parentOf(this.#stored)
    if (mode === 'continue') this.messageId = this.tip
    this.#base = this.#unwritten = messages.get(this.messageId ?? '')
    this.start = this.#base?.parts.length ?? 0
    if (mode === 'reply') messages.setHead(tip)
  }

  apply(chunks: readonly Chunk[]): void {
    writeParts(() => forEachCoalesced(chunks, (chunk) => this.#apply(chunk)))
  }
  /** Writes to the message. */
  write(chunk: Chunk): void {
    const { messages } = this.world
    const id = this.#target(chunk)
    const before = id === null ? undefined : messages.get(id)
    if (!before) return
    const more = this.at.structured && id === this.messageId ? rich.get() : undefined
    const after = applyChunk(more ? more.takeForOutput(before, chunk) : before, chunk)
    if (after !== before) messages.set(after)
  }
  warn(warning: ChatWarning): void {
    this.world.owner.warn?.(warning)
  }
  /** Closes what is open; a message without a part is removed. */
  end(ending: Ending): void {
    const { messages } = this.world
    if (this.#base && messages.get(this.#base.id) !== this.#unwritten) this.#hasWritten = true
    for (const id of [...this.#left, ...(this.#others?.values() ?? NONE), ...(this.messageId === null ? NONE : [this.messageId])]) {
      messages.edit(id, (message) => finalise(message, ending))
      if (messages.get(id)?.parts.length !== 0) continue
      messages.remove(id)
      if (id === this.messageId) this.messageId = null
    }
  }
  /** The message being written; undefined until there is content. */
  message(): UIMessage | undefined {
    return this.messageId === null ? undefined : this.world.messages.get(this.messageId)
  }
  /** The answers that the request carried are the server's now. */
  deliver(): void {
    const { messages } = this.world
    const more = rich.get()
    let asked = this.at.tip
    while (asked !== null && messages.get(asked)?.role !== 'assistant') asked = messages.parentOf(asked)
    if (asked !== null && more) messages.edit(asked, more.deliver)
    this.#unwritten = this.#base && messages.get(this.#base.id)
  }
  /** Makes the tip again what it was when the run began, and the head. What the run added to a message it continued becomes a sibling. */
  fork(): void {
    const { messages } = this.world
    const base = this.#base
    messages.setHead(this.at.tip)
    const message = base && messages.get(base.id)
    if (!message || message === base) return
    messages.edit(base.id, () => base)
    if (this.#hasWritten) messages.append({ ...message, id: this.#makeId() }, messages.parentOf(base.id))
  }

  #makeId(): string {
    return this.at.generateId ? this.at.generateId() : this.world.owner.generateId()
  }
  #apply(chunk: Chunk): void {
    switch (chunk.type) {
      case 'RUN_STARTED':
        if (typeof chunk.metadata?.['messageId'] === 'string') this.#named = chunk.metadata['messageId']
        if (chunk.parentRunId !== undefined && this.messageId === null) this.#keep = this.at.keep ?? Infinity
        return rich.get()?.applyToRun(chunk, this)
      case 'STATE_SNAPSHOT':
      case 'STATE_DELTA':
      case 'MESSAGES_SNAPSHOT':
      case 'ACTIVITY_SNAPSHOT':
      case 'ACTIVITY_DELTA':
      case 'CUSTOM':
        return rich.get()?.applyToRun(chunk, this)
      case 'STEP_STARTED':
        return void (this.steps ??= new Map()).set(chunk.stepName, this.message()?.parts.length ?? 0)
      case 'RUN_FINISHED':
        return this.write({ ...chunk, runId: this.at.runId ?? chunk.runId })
      default:
        return this.write(chunk)
    }
  }
  /** Id of the message that a chunk writes to. */
  #target(chunk: Chunk): string | null {
    const other = this.#writeOther(chunk) ?? ('messageId' in chunk && chunk.messageId ? this.#others?.get(chunk.messageId) : undefined)
    if (other !== undefined) return other
    if (chunk.type === 'TOOL_CALL_RESULT' && !this.#holdsCall(chunk.toolCallId))
      return this.world.messages.callOwner(chunk.toolCallId) ?? this.#open(chunk)
    return hasContent(chunk) ? this.#open(chunk) : this.messageId
  }
  /** A text in another role is a message of its own; what follows goes below it. */
  #writeOther(chunk: Chunk): string | undefined {
    if (chunk.type !== 'TEXT_MESSAGE_START' || chunk.role === undefined || chunk.role === 'assistant') return undefined
    const others = (this.#others ??= new Map())
    const known = others.get(chunk.messageId)
    if (known !== undefined) return known
    const id = this.world.messages.has(chunk.messageId) ? this.#makeId() : chunk.messageId
    this.world.messages.append({ id, role: chunk.role === 'user' ? 'user' : 'system', parts: [] }, this.messageId ?? this.tip)
    others.set(chunk.messageId, id)
    this.tip = id
    if (this.messageId !== null) this.#left = [...this.#left, this.messageId]
    this.messageId = null
    return id
  }
  /** The id of the first wire message serves, so that keys never change; unless it is taken. */
  #open(chunk: Chunk): string {
    if (this.messageId !== null) return this.messageId
    const { messages } = this.world
    const stored = this.#stored
    const keep = this.#keep
    if (stored !== null && keep > 0) {
      messages.edit(stored, (message) => (message.parts.length > keep ? { ...message, parts: message.parts.slice(0, keep) } : message))
      return (this.messageId = stored)
    }
    const named = this.#named
    const wireId = named !== undefined && !messages.has(named) ? named : wireIdOf(chunk)
    if (stored !== null) messages.remove(stored)
    const id = stored ?? (wireId && !messages.has(wireId) ? wireId : this.#makeId())
    this.messageId = id
    messages.append({ id, role: 'assistant', parts: [] }, this.tip)
    return id
  }
  #holdsCall(id: string): boolean {
    const message = this.message()
    return message !== undefined && callIndex(message, id) >= 0
  }
}

const NONE: readonly string[] = []

/** Id of the assistant's wire message that a chunk belongs to. */
function wireIdOf(chunk: Chunk): string | undefined {
  if (chunk.type === 'TOOL_CALL_START') return chunk.parentMessageId
  if (chunk.type === 'CUSTOM') return rich.get()?.outputIdOf(chunk)
  return 'messageId' in chunk && chunk.type !== 'TOOL_CALL_RESULT' ? chunk.messageId : undefined
}
