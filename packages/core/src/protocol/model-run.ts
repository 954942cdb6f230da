import { ChatError, type ChatWarning } from '../errors.ts'
import type { Chunk, FinishReason, TokenUsage } from './chunk.ts'
import { brief, isObject } from '../json.ts'
import { once } from './once.ts'
import type { DecoderOptions } from './protocol.ts'

type Event = Record<string, unknown>

/** What a model says of its failure; providers use the same words. */
interface ModelFailure {
  message?: unknown
  code?: unknown
  type?: unknown
}

/** One answer of a model as one run: whatever order its pieces come in, the chunks are well-formed. */
export interface ModelRun {
  /** The event of a stream that goes on, or `undefined` when the run is over. The first one of the protocol begins the run. Throws `ChatError` `protocol` for what is no object. */
  event(value: unknown, out: Chunk[]): Event | undefined
  /** The provider's id of the answer. */
  name(id: unknown): void
  /** Goes on with another assistant message. */
  begin(messageId: string, out: Chunk[]): void
  text(delta: string, out: Chunk[]): void
  refuse(delta: string, out: Chunk[]): void
  think(delta: string, out: Chunk[], id?: string): void
  /** The sealed form of a thought, which goes back to the provider. */
  seal(id: string, encryptedValue: string, out: Chunk[]): void
  /** The same for the thought that is part of a call. */
  sealCall(callId: string, encryptedValue: string, out: Chunk[]): void
  thoughtId(suffix: string): string
  /** Ends text and thought. */
  rest(out: Chunk[]): void
  /** Gives the id of the call, which is not the given one if that was used before. */
  call(id: string, name: string, out: Chunk[]): string
  args(callId: string, delta: string, out: Chunk[]): void
  endCall(callId: string, out: Chunk[]): void
  finish(reason: FinishReason | undefined, usage: TokenUsage | undefined, out: Chunk[]): void
  fail(failure: unknown, out: Chunk[]): void
  warnOnce(key: string, message: string, seen: unknown, code?: ChatWarning['code']): void
}

/** `isOurs`: whether an event is one of the protocol. A stream without any must not look like an answer that was cut. */
export function createModelRun({ threadId, runId, onWarning }: DecoderOptions, isOurs: (event: Event) => boolean): ModelRun {
  let state: 'none' | 'open' | 'over' = 'none'
  let answerId = `${runId}-message`
  let hasName = false
  let messageId: string | undefined
  let messages = 1
  /** The assistant message has text or a call: a thought that follows belongs before another one. */
  let hasSpoken = false
  let isTextOpen = false
  let hasRefused = false
  let thought: string | undefined
  /** True while its arguments are coming. */
  const calls = new Map<string, boolean>()

  /** Once used it stays, whatever id the answer turns out to have. */
  const current = (): string => (messageId ??= answerId)
  const rest = (out: Chunk[]): void => {
    if (thought !== undefined) out.push({ type: 'REASONING_MESSAGE_END', messageId: thought })
    if (isTextOpen) out.push({ type: 'TEXT_MESSAGE_END', messageId: current() })
    thought = undefined
    isTextOpen = false
  }
  const begin = (id: string, out: Chunk[]): void => {
    rest(out)
    messageId = id
    hasSpoken = false
  }
  const beforeThought = (out: Chunk[]): void => {
    if (hasSpoken) begin(`${answerId}-${(messages += 1)}`, out)
  }
  const write = (delta: string, out: Chunk[], isRefusal: boolean): void => {
    if (delta === '') return
    if (!isTextOpen || (isRefusal && !hasRefused)) {
      rest(out)
      out.push({ type: 'TEXT_MESSAGE_START', messageId: current(), ...(isRefusal && { metadata: { refusal: true } }) })
      isTextOpen = hasSpoken = true
      hasRefused ||= isRefusal
    }
    out.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: current(), delta })
  }
  const endCall = (toolCallId: string, out: Chunk[]): void => {
    if (calls.get(toolCallId) !== true) return
    calls.set(toolCallId, false)
    out.push({ type: 'TOOL_CALL_END', toolCallId })
  }
  const reasonOf = (given: FinishReason | undefined): FinishReason | undefined => {
    if (given !== 'stop') return given
    // Ollama and others say that they stopped when they call.
    return calls.size > 0 ? 'tool_calls' : hasRefused ? 'content_filter' : 'stop'
  }

  return {
    event(value, out) {
      // What trails after the end cannot harm an answer that is whole.
      if (state === 'over') return undefined
      if (!isObject(value)) throw new ChatError('protocol', `An event of a model's stream must be an object. Seen: ${brief(value)}`)
      if (state === 'none' && isOurs(value)) {
        out.push({ type: 'RUN_STARTED', threadId, runId })
        state = 'open'
      }
      return value
    },
    name(id) {
      if (hasName || typeof id !== 'string' || id === '') return
      answerId = id
      hasName = true
    },
    begin,
    text: (delta, out) => write(delta, out, false),
    refuse: (delta, out) => write(delta, out, true),
    think(delta, out, id) {
      beforeThought(out)
      const of = id ?? `${current()}-thinking`
      if (thought !== of) {
        rest(out)
        thought = of
        out.push({ type: 'REASONING_MESSAGE_START', messageId: of, role: 'reasoning' })
      }
      if (delta !== '') out.push({ type: 'REASONING_MESSAGE_CONTENT', messageId: of, delta })
    },
    seal(entityId, encryptedValue, out) {
      beforeThought(out)
      out.push({ type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId, encryptedValue })
    },
    sealCall(entityId, encryptedValue, out) {
      out.push({ type: 'REASONING_ENCRYPTED_VALUE', subtype: 'tool-call', entityId, encryptedValue })
    },
    thoughtId: (suffix) => `${answerId}-${suffix}`,
    rest,
    call(given, name, out) {
      rest(out)
      hasSpoken = true
      let id = given
      for (let n = 2; calls.has(id); n++) id = `${given}-${n}`
      calls.set(id, true)
      out.push({ type: 'TOOL_CALL_START', toolCallId: id, toolCallName: name, parentMessageId: current() })
      return id
    },
    args(toolCallId, delta, out) {
      if (delta !== '' && calls.get(toolCallId) === true) out.push({ type: 'TOOL_CALL_ARGS', toolCallId, delta })
    },
    endCall,
    finish(given, usage, out) {
      if (state === 'over') return
      rest(out)
      const finishReason = reasonOf(given)
      const isCut = finishReason === 'length' || finishReason === 'content_filter' || finishReason === 'error'
      const pendingToolCallIds: string[] = []
      for (const [toolCallId, isOpen] of calls) {
        // What a limit cut off must not be acted on, even if it happens to be JSON.
        if (isOpen && isCut) out.push({ type: 'TOOL_CALL_END', toolCallId, metadata: { incomplete: true } })
        else pendingToolCallIds.push(toolCallId)
        if (!isCut) endCall(toolCallId, out)
      }
      state = 'over'
      out.push({
        type: 'RUN_FINISHED',
        threadId,
        runId,
        ...(usage && { usage: [usage] }),
        // A model runs no tools: every call is the client's.
        ...(calls.size > 0 && { outcome: { type: 'success', pendingToolCallIds } }),
        ...(finishReason && { metadata: { finishReason } }),
      })
    },
    fail(failure, out) {
      const { message, code, type }: ModelFailure = isObject(failure) ? failure : { message: failure }
      const named = code ?? type
      state = 'over'
      out.push({
        type: 'RUN_ERROR',
        message: typeof message === 'string' && message !== '' ? message : 'The model reported an error.',
        ...((typeof named === 'string' || typeof named === 'number') && { code: String(named) }),
        ...([code, type].some(isFinal) && { metadata: { retryable: false } }),
      })
    },
    warnOnce: once(onWarning),
  }
}

/** Failures that the same request meets again. Some proxies give the HTTP status as the code. */
const FINAL =
  /^(invalid_|authentication_|permission_|not_found|billing_|insufficient_quota|context_length|model_not_found|request_too_large|4(?!08|2[59])\d\d$)/

const isFinal = (code: unknown): boolean => FINAL.test(String(code))

/** Throws the error of a known event that does not hold what it must. */
export function malformed(event: unknown, field: string): never {
  throw new ChatError('protocol', `The model's stream has no valid ${field}. Seen: ${brief(event)}`)
}

/** The text in a field; an absent one is empty. */
export function textIn(event: Event, field: string, path = field): string {
  const value = event[field]
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : malformed(event, path)
}

/** The object in a field. */
export function objectIn(event: Event, field: string): Event {
  const value = event[field]
  return isObject(value) ? value : malformed(event, field)
}

/** Usage with the counts that the provider gave, if it gave any. */
export function usageOf(of: { provider: string; model: unknown }, counts: Record<string, unknown>): TokenUsage | undefined {
  const given = Object.entries(counts).filter(([, count]) => typeof count === 'number')
  if (given.length === 0) return undefined
  return { provider: of.provider, ...(typeof of.model === 'string' && { model: of.model }), ...(Object.fromEntries(given) as TokenUsage) }
}

/** The object that is there, or an empty one. */
export const partOf = (value: unknown): Event => (isObject(value) ? value : {})
