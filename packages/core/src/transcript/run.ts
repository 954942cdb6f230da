import type { WarningSink } from '../errors.ts'
import type { Chunk, Custom, MessagesSnapshot, RunStarted } from '../protocol/chunk.ts'
import { activityIndex, patchActivity } from './activity.ts'
import { applyChunk, hasContent } from './apply-chunk.ts'
import { forEachCoalesced } from './coalesce.ts'
import { finalise } from './finalise.ts'
import { deliver } from './interrupt.ts'
import type { UIMessage } from './message.ts'
import { reconcile, unseenMessages } from './messages-snapshot.ts'
import type { Messages } from './messages.ts'
import type { Ending } from './parts.ts'
import { isOutputComplete, isOutputStart, takeForOutput } from './structured-output.ts'
import type { SharedState } from './shared-state.ts'
import { callIndex } from './tool-call.ts'

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
  /** What the request calls the run; a server may call it something else. */
  runId?: string | undefined
}

/** What runs of one transcript share. */
export interface RunWorld {
  messages: Messages
  state: SharedState
  generateId: () => string
  warn: WarningSink
}

export function openRun({ messages, state, generateId, warn }: RunWorld, at: RunAt): Run {
  const { mode } = at
  /** The answer as far as it was stored: it stays until the run says something. */
  const stored = mode === 'join' && messages.get(at.tip ?? '')?.role === 'assistant' ? at.tip : null
  let tip = stored === null ? at.tip : messages.parentOf(stored)
  let messageId = mode === 'continue' ? tip : null
  const base = messageId === null ? undefined : messages.get(messageId)
  /** What the continued message was before anything was written to it. */
  let unwritten = base
  let hasWritten = false
  /** Wire ids of texts in another role than the assistant's, and the message that each became. */
  const others = new Map<string, string>()
  /** Messages of the assistant that were left for one in another role. */
  const left: string[] = []
  /** Id that the server gives the message (AI SDK: `start.messageId`). */
  let named: string | undefined
  /** How many parts there were when a step began. */
  const stepStarts = new Map<string, number>()
  if (mode === 'reply') messages.setHead(tip)

  /** The id of the first wire message serves, so that keys never change; unless it is taken. */
  function open(chunk: Chunk): string {
    if (messageId !== null) return messageId
    const wireId = named !== undefined && !messages.has(named) ? named : wireIdOf(chunk)
    if (stored !== null) messages.remove(stored)
    const id = stored ?? (wireId && !messages.has(wireId) ? wireId : generateId())
    messageId = id
    messages.append({ id, role: 'assistant', parts: [] }, tip)
    return id
  }

  /** A text in another role is a message of its own; what follows goes below it. */
  function writeOther(chunk: Chunk): string | undefined {
    if (chunk.type !== 'TEXT_MESSAGE_START' || chunk.role === undefined || chunk.role === 'assistant') return undefined
    const known = others.get(chunk.messageId)
    if (known !== undefined) return known
    const id = messages.has(chunk.messageId) ? generateId() : chunk.messageId
    messages.append({ id, role: chunk.role === 'user' ? 'user' : 'system', parts: [] }, messageId ?? tip)
    others.set(chunk.messageId, id)
    tip = id
    if (messageId !== null) left.push(messageId)
    messageId = null
    return id
  }

  function target(chunk: Chunk): string | null {
    const other = writeOther(chunk) ?? ('messageId' in chunk && chunk.messageId ? others.get(chunk.messageId) : undefined)
    if (other !== undefined) return other
    if (chunk.type === 'TOOL_CALL_RESULT' && !holdsCall(chunk.toolCallId)) return messages.callOwner(chunk.toolCallId) ?? open(chunk)
    return hasContent(chunk) ? open(chunk) : messageId
  }

  const holdsCall = (id: string) => messageId !== null && callIndex(messages.get(messageId)!, id) >= 0

  function apply(chunk: Chunk) {
    switch (chunk.type) {
      case 'STATE_SNAPSHOT':
      case 'STATE_DELTA':
        return state.apply(chunk)
      case 'MESSAGES_SNAPSHOT':
        return takeSnapshot(chunk)
      case 'ACTIVITY_DELTA': {
        const { messageId: id } = chunk
        const owner = messages.path().findLast((message) => activityIndex(message, id) >= 0)
        if (!owner)
          return void warn({ code: 'bad_patch', message: `A change to the activity ${id} was left out: there is no such activity.`, seen: chunk })
        return messages.edit(owner.id, (message) => patchActivity(message, chunk, warn))
      }
      case 'ACTIVITY_SNAPSHOT': {
        // One of an earlier message changes there.
        const owner = messages.path().findLast((message) => activityIndex(message, chunk.messageId) >= 0)
        return owner && owner.id !== messageId ? messages.edit(owner.id, (message) => applyChunk(message, chunk)) : write(chunk)
      }
      case 'RUN_STARTED':
        if (typeof chunk.metadata?.['messageId'] === 'string') named = chunk.metadata['messageId']
        return takeInput(chunk)
      case 'STEP_STARTED':
        return void stepStarts.set(chunk.stepName, messageId === null ? 0 : messages.get(messageId)!.parts.length)
      case 'RUN_FINISHED':
        return write({ ...chunk, runId: at.runId ?? chunk.runId })
      default:
        return write(chunk)
    }
  }

  function write(chunk: Chunk) {
    if (isStepReset(chunk)) return resetStep(chunk.value.step)
    const id = target(chunk)
    if (id === null) return
    const isOutput = at.structured && id === messageId
    messages.edit(id, (message) => applyChunk(isOutput ? takeForOutput(message, chunk) : message, chunk))
  }

  /** What a step has said so far goes (AI SDK: `reset-step`). */
  function resetStep(step: string) {
    const start = stepStarts.get(step)
    if (messageId !== null && start !== undefined)
      messages.edit(messageId, (message) => (message.parts.length > start ? { ...message, parts: message.parts.slice(0, start) } : message))
  }

  function takeSnapshot(chunk: MessagesSnapshot) {
    messages.reconcile(reconcile(messages.path(), chunk))
    if (messageId !== null && !messages.has(messageId)) messageId = null
    const last = messages.path().at(-1)
    if (messageId === null && last?.role === 'assistant' && last.id !== at.tip) messageId = last.id
    else if (messageId === null) tip = last?.id ?? null
  }

  /** The server says what it was asked: what we did not know comes before the answer (AG-UI: RUN_STARTED.input). */
  function takeInput({ input }: RunStarted) {
    if (messageId !== null) return
    for (const message of unseenMessages(input, messages)) {
      messages.append(message, tip)
      tip = message.id
    }
  }

  return {
    start: base?.parts.length ?? 0,
    apply: (chunks) => forEachCoalesced(chunks, apply),
    end(ending) {
      if (base && messages.get(base.id) !== unwritten) hasWritten = true
      const written = [...left, ...others.values(), ...(messageId === null ? [] : [messageId])]
      for (const id of written) {
        messages.edit(id, (message) => finalise(message, ending))
        if (messages.get(id)?.parts.length !== 0) continue
        messages.remove(id)
        if (id === messageId) messageId = null
      }
    },
    message: () => (messageId === null ? undefined : messages.get(messageId)),
    deliver() {
      const asked = messages.pathTo(at.tip).findLast(({ role }) => role === 'assistant')
      if (asked) messages.edit(asked.id, deliver)
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

const isStepReset = (chunk: Chunk): chunk is Custom & { value: { step: string } } =>
  chunk.type === 'CUSTOM' && chunk.name === 'step-reset' && typeof (chunk.value as { step?: unknown } | null)?.step === 'string'

/** Id of the assistant's wire message that a chunk belongs to. */
function wireIdOf(chunk: Chunk): string | undefined {
  if (chunk.type === 'TOOL_CALL_START') return chunk.parentMessageId
  if (isOutputStart(chunk) || isOutputComplete(chunk)) return chunk.value.messageId
  return 'messageId' in chunk && chunk.type !== 'TOOL_CALL_RESULT' ? chunk.messageId : undefined
}
