import { ChatError, type ChatWarning } from '../errors.ts'
import type { Chunk, RunFinished } from './chunk.ts'
import { createAttribution } from './order-attribution.ts'
import { brief } from '../json.ts'
import { once } from './once.ts'
import type { DecoderOptions } from './protocol.ts'

/** How much a decoder trusts the server: see `AgUiOptions`. */
export type Profile = 'tolerant' | 'strict' | 'off'

export interface OrderOptions extends DecoderOptions {
  profile: Profile
}

export interface Order {
  /** Appends `chunk`, and what has to come before it. */
  accept(chunk: Chunk, out: Chunk[]): void
  /** Whether a run is open: started and neither finished nor failed. */
  isRunOpen(): boolean
  /** Whether RUN_STARTED was seen or made at all. */
  hasStarted(): boolean
}

/**
 * The order rules of AG-UI 1.0 (spec: events, "Event ordering"). `strict` throws at the first deviation; `tolerant` repairs what can be
 * repaired, so that what comes out is well-formed: an orphan delta opens its message, RUN_FINISHED closes what is open.
 */
export function createOrder(options: OrderOptions): Order {
  return options.profile === 'off' ? createNoOrder() : createCheckedOrder(options)
}

/** Everything passes as it is. */
function createNoOrder(): Order {
  let started = false
  let open = false
  return {
    accept(chunk, out) {
      if (chunk.type === 'RUN_STARTED') started = open = true
      else if (chunk.type === 'RUN_FINISHED' || chunk.type === 'RUN_ERROR') open = false
      out.push(chunk)
    },
    isRunOpen: () => open,
    hasStarted: () => started,
  }
}

function createCheckedOrder(options: OrderOptions): Order {
  const { profile, source, onWarning, isContinued = false } = options
  let { threadId, runId } = options
  let run: 'none' | 'open' | 'finished' | 'failed' = 'none'
  let started = false
  let madeStart = false
  /** The text message of the last content: one comparison instead of a look-up for each delta. */
  let current: string | undefined

  const texts = new Set<string>()
  const thoughts = new Set<string>()
  const spans = new Set<string>()
  const steps = new Set<string>()
  const subagents = new Set<string>()
  /** Every subagent of the run. */
  const knownSubagents = new Set<string>()
  const attribution = createAttribution()
  /** Every call of the stream; true while it is open. */
  const calls = new Map<string, boolean>()
  const reportOnce = once(onWarning)

  /** Returns in the tolerant profile only. */
  const deviate = (message: string, chunk: Chunk, code: ChatWarning['code'] = 'out_of_order'): void => {
    if (profile === 'strict') throw new ChatError('protocol', `${message} Seen: ${brief(chunk)}`)
    onWarning({ code, message, seen: chunk })
  }

  const openCalls = (): string[] => {
    const open: string[] = []
    calls.forEach((isOpen, id) => isOpen && open.push(id))
    return open
  }

  const forgetOpen = (): void => {
    current = undefined
    for (const open of [texts, thoughts, spans, steps, subagents]) open.clear()
    for (const id of openCalls()) calls.set(id, false)
  }

  const makeStart = (out: Chunk[]): void => {
    out.push({ type: 'RUN_STARTED', threadId, runId })
    run = 'open'
    started = madeStart = true
  }

  /** Whether the chunk may pass, given that no run is open. */
  const betweenRuns = (chunk: Chunk, out: Chunk[]): boolean => {
    if (chunk.type === 'RUN_ERROR') return true
    if (run === 'failed') {
      deviate(`${chunk.type} came after RUN_ERROR; it was ignored.`, chunk)
      return false
    }
    if (profile === 'tolerant') {
      if (chunk.type === 'CUSTOM' || chunk.type === 'RAW') return true
      // TanStack AI runs its tools between two model calls, each of which is a RUN_STARTED/RUN_FINISHED pair.
      if (run === 'finished' && (chunk.type === 'TOOL_CALL_RESULT' || chunk.type === 'TOOL_CALL_END')) return true
      if (run === 'none' && source === 'in-process') return true
    }
    if (run === 'none') {
      if (!isContinued) deviate(`${chunk.type} came before RUN_STARTED.`, chunk)
    } else {
      if (profile === 'strict') deviate(`${chunk.type} came after RUN_FINISHED.`, chunk)
      reportOnce(chunk.type, `${chunk.type} came after RUN_FINISHED; taken as the next step of the same answer.`, chunk)
    }
    if ((source === 'response' || started) && (run === 'none' || OPENS_STEP.has(chunk.type))) makeStart(out)
    return true
  }

  const checkOwner = (chunk: Chunk): void => {
    const whose = attribution.contradiction(chunk)
    if (whose === undefined) return
    const message = `${chunk.type} names another subagent than the one that the ${whose} is of, whose it stays.`
    if (profile === 'strict') deviate(message, chunk)
    reportOnce(`owner of ${whose}`, message, chunk)
  }
  /** Opens what an orphan belongs to. */
  const makeOpener = (opener: Chunk, out: Chunk[]): void => {
    checkOwner(opener)
    out.push(opener)
  }

  const start = (chunk: Extract<Chunk, { type: 'RUN_STARTED' }>): void => {
    if (run === 'open' && !madeStart) deviate('RUN_STARTED came while a run was open.', chunk)
    ;({ threadId, runId } = chunk)
    run = 'open'
    started = true
    madeStart = false
    forgetOpen()
    knownSubagents.clear()
    attribution.forget()
  }

  const startSubagent = (chunk: Extract<Chunk, { type: 'SUBAGENT_STARTED' }>): void => {
    const { subagentRunId: id, parentSubagentRunId: parent } = chunk
    if (knownSubagents.has(id) && !subagents.has(id)) deviate('SUBAGENT_STARTED with the id of a subagent that has ended in this run.', chunk)
    if (parent !== undefined && !knownSubagents.has(parent)) deviate('SUBAGENT_STARTED by a subagent that was never started.', chunk)
    opened(subagents, id, chunk)
    knownSubagents.add(id)
  }

  const finish = (chunk: RunFinished, out: Chunk[]): void => {
    const open = openThings()
    if (open !== '') deviate(`RUN_FINISHED came while this was open: ${open}.`, chunk)
    for (const messageId of texts) out.push({ type: 'TEXT_MESSAGE_END', messageId })
    for (const messageId of thoughts) out.push({ type: 'REASONING_MESSAGE_END', messageId })
    for (const messageId of spans) out.push({ type: 'REASONING_END', messageId })
    // Arguments cut off by a limit must not be acted on: such a call stays unfinished.
    if (!CUT_SHORT.has(chunk.metadata?.finishReason)) {
      for (const toolCallId of openCalls()) out.push({ type: 'TOOL_CALL_END', toolCallId })
    }
    forgetOpen()
    run = 'finished'
  }

  const openThings = (): string => {
    const named = (kind: string, ids: Set<string>) => [...ids].map((id) => `${kind} ${id}`)
    return [
      ...named('message', texts),
      ...named('reasoning message', thoughts),
      ...named('reasoning', spans),
      ...openCalls().map((id) => `tool call ${id}`),
      ...named('step', steps),
      ...named('subagent', subagents),
    ].join(', ')
  }

  const opened = (ids: Set<string>, id: string, chunk: Chunk): void => {
    if (ids.has(id)) deviate(`${chunk.type} for an id that is already open.`, chunk)
    ids.add(id)
  }
  /** Whether the chunk may pass. */
  const closed = (ids: Set<string>, id: string, chunk: Chunk): boolean => {
    if (ids.delete(id) || isContinued) return true
    deviate(`${chunk.type} for an id that is not open; it was ignored.`, chunk)
    return false
  }

  const check = (chunk: Chunk, out: Chunk[]): boolean => {
    switch (chunk.type) {
      case 'RUN_STARTED':
        start(chunk)
        return true
      case 'RUN_FINISHED':
        finish(chunk, out)
        return true
      case 'RUN_ERROR':
        forgetOpen()
        run = 'failed'
        return true
      case 'TEXT_MESSAGE_START':
        opened(texts, chunk.messageId, chunk)
        return true
      case 'TEXT_MESSAGE_CONTENT':
        if (!texts.has(chunk.messageId) && !isContinued) {
          deviate('Text came for a message that is not open; it was opened.', chunk, 'orphan')
          makeOpener({ type: 'TEXT_MESSAGE_START', messageId: chunk.messageId, ...ownerOf(chunk) }, out)
        }
        texts.add(chunk.messageId)
        current = chunk.messageId
        return true
      case 'TEXT_MESSAGE_END':
        if (current === chunk.messageId) current = undefined
        return closed(texts, chunk.messageId, chunk)
      case 'REASONING_START':
        opened(spans, chunk.messageId, chunk)
        return true
      case 'REASONING_END':
        return closed(spans, chunk.messageId, chunk)
      case 'REASONING_MESSAGE_START':
        opened(thoughts, chunk.messageId, chunk)
        return true
      case 'REASONING_MESSAGE_CONTENT':
        if (!thoughts.has(chunk.messageId) && !isContinued) {
          deviate('Reasoning came for a message that is not open; it was opened.', chunk, 'orphan')
          makeOpener({ type: 'REASONING_MESSAGE_START', messageId: chunk.messageId, role: 'reasoning', ...ownerOf(chunk) }, out)
        }
        thoughts.add(chunk.messageId)
        return true
      case 'REASONING_MESSAGE_END':
        return closed(thoughts, chunk.messageId, chunk)
      case 'TOOL_CALL_START':
        if (calls.get(chunk.toolCallId) === true) deviate('TOOL_CALL_START for a call that is already open.', chunk)
        calls.set(chunk.toolCallId, true)
        return true
      case 'TOOL_CALL_ARGS':
        if (isContinued && !calls.has(chunk.toolCallId)) calls.set(chunk.toolCallId, true)
        if (calls.get(chunk.toolCallId) === true) return true
        // Nobody knows which tool it is, or its arguments are complete and perhaps in use.
        deviate('Arguments came for a tool call that is not open; they were ignored.', chunk, 'orphan')
        return false
      case 'TOOL_CALL_END':
        if (calls.get(chunk.toolCallId) !== true && !(isContinued && !calls.has(chunk.toolCallId))) {
          // TanStack AI repeats the END of a call that its server has executed.
          if (profile === 'strict' || !calls.has(chunk.toolCallId)) deviate('TOOL_CALL_END for a call that is not open; it was ignored.', chunk)
          return false
        }
        calls.set(chunk.toolCallId, false)
        return true
      case 'TOOL_CALL_RESULT':
        if (profile === 'tolerant' && calls.get(chunk.toolCallId) === true) {
          deviate('A result came for a tool call that was still open; it was closed.', chunk)
          out.push({ type: 'TOOL_CALL_END', toolCallId: chunk.toolCallId })
          calls.set(chunk.toolCallId, false)
        }
        return true
      case 'STEP_STARTED':
        opened(steps, stepKey(chunk), chunk)
        return true
      case 'STEP_FINISHED':
        return closed(steps, stepKey(chunk), chunk)
      case 'SUBAGENT_STARTED':
        startSubagent(chunk)
        return true
      case 'SUBAGENT_FINISHED':
      case 'SUBAGENT_ERROR':
        return closed(subagents, chunk.subagentRunId, chunk)
      default:
        return true
    }
  }

  return {
    accept(chunk, out) {
      if (chunk.type === 'TEXT_MESSAGE_CONTENT' && chunk.messageId === current && chunk.subagentRunId === undefined && run === 'open') {
        out.push(chunk)
        return
      }
      if (run !== 'open' && chunk.type !== 'RUN_STARTED' && !betweenRuns(chunk, out)) return
      if (!check(chunk, out)) return
      checkOwner(chunk)
      out.push(chunk)
    },
    isRunOpen: () => run === 'open',
    hasStarted: () => started,
  }
}

/** What a step of an agent loop begins with; the rest may as well trail after the end of one. */
const OPENS_STEP: ReadonlySet<string> = new Set([
  'TEXT_MESSAGE_START',
  'TEXT_MESSAGE_CONTENT',
  'REASONING_START',
  'REASONING_MESSAGE_START',
  'REASONING_MESSAGE_CONTENT',
  'TOOL_CALL_START',
  'STEP_STARTED',
  'SUBAGENT_STARTED',
])

const CUT_SHORT: ReadonlySet<unknown> = new Set(['length', 'content_filter', 'error'])

function ownerOf(chunk: { subagentRunId?: string | undefined }): { subagentRunId?: string } {
  return chunk.subagentRunId === undefined ? {} : { subagentRunId: chunk.subagentRunId }
}

function stepKey(chunk: { subagentRunId?: string | undefined; stepName: string }): string {
  return JSON.stringify([chunk.subagentRunId, chunk.stepName])
}
