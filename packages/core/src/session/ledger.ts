import { ChatError } from '../errors.ts'
import { addUsage } from '../protocol/add-usage.ts'
import type { Chunk, FinishReason, RunErrorChunk, RunFinished, TokenUsage } from '../protocol/chunk.ts'
import type { ChatTool } from '../tool/tool.ts'
import { answering } from './answering.ts'

/** A call of the current run that has no answer yet. */
export interface OwedCall {
  readonly name: string
  /** Its arguments are complete. */
  readonly complete: boolean
  /** The server said in so many words that the client is to answer it. */
  readonly asked: boolean
}

/**
 * What the machine has to know of a run's stream, and nothing more: whether it said that it is over,
 * and which calls are without an answer. The content is the transcript's.
 */
export interface Ledger {
  /** RUN_STARTED was seen: a terminal chunk is owed. */
  readonly began: boolean
  /** The last terminal chunk, if nothing came after it. */
  readonly terminal: 'finished' | 'cancelled' | null
  readonly finishReason: FinishReason | undefined
  readonly failure: ChatError | null
  readonly calls: ReadonlyMap<string, OwedCall>
  /** What the stream was last about: prose (text, reasoning), or calls. */
  readonly topic: 'prose' | 'calls'
  /** Questions of the server about no call, by the id of the interrupt, that have no answer yet. */
  readonly questions: ReadonlySet<string>
  /** How many calls and questions of this run the client has answered. */
  readonly answered: number
  /** The terminal chunk listed the calls that the client owes; then no other is owed. Or it listed questions, beside which our own tools are owed. */
  readonly listed: 'calls' | 'questions' | null
  readonly usage: readonly TokenUsage[]
}

/** One for all: a chat keeps the ledger of its last run, and with it an empty map of its own. */
const NO_CALLS = new Map<string, OwedCall>()

export const EMPTY_LEDGER: Ledger = {
  began: false,
  terminal: null,
  finishReason: undefined,
  failure: null,
  calls: NO_CALLS,
  topic: 'prose',
  questions: new Set(),
  answered: 0,
  listed: null,
  usage: [],
}

/** The ledger's copy for one read, which is written to: copies for each of 80 tool calls were 5 % of the time. */
export type Draft = { -readonly [Field in keyof Ledger]: Ledger[Field] } & { calls: Map<string, OwedCall> }

/** Pure: the ledger after these chunks; the same object when they say nothing new. */
export function advance(ledger: Ledger, chunks: readonly Chunk[]): Ledger {
  const draft: Draft = { ...ledger, calls: new Map(ledger.calls) }
  let isNew = false
  for (const chunk of chunks) if (note(draft, chunk)) isNew = true
  if (draft.calls.size === 0) draft.calls = NO_CALLS
  return isNew ? draft : ledger
}

/** Whether it says something new. */
function note(ledger: Draft, chunk: Chunk): boolean {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
    case 'TEXT_MESSAGE_CONTENT':
    case 'REASONING_MESSAGE_START':
    case 'REASONING_MESSAGE_CONTENT':
      if (ledger.terminal === null && ledger.topic === 'prose') return false
      ledger.terminal = null
      ledger.topic = 'prose'
      return true
    case 'RUN_STARTED':
      ledger.began = true
      ledger.terminal = ledger.listed = null
      return true
    case 'RUN_FINISHED':
      finish(ledger, chunk)
      return true
    case 'RUN_ERROR':
      ledger.failure = serverError(chunk)
      ledger.usage = addUsage(ledger.usage, chunk.usage)
      return true
    default:
      return answering.get()?.noteCalls(ledger, chunk) ?? false
  }
}

/** Calls and questions make an end another one. */
function finish(ledger: Draft, chunk: RunFinished): void {
  const { outcome, usage, metadata } = chunk
  ledger.terminal = outcome?.type === 'cancelled' ? 'cancelled' : 'finished'
  ledger.finishReason = metadata?.finishReason
  ledger.listed = null
  ledger.usage = addUsage(ledger.usage, usage)
  answering.get()?.finishCalls(ledger, chunk)
}

/** Calls are complete and unanswered, and nothing else is being said or written. */
export function awaitsResults({ calls, topic }: Ledger): boolean {
  if (calls.size === 0 || topic === 'prose') return false
  for (const call of calls.values()) if (!call.complete) return false
  return true
}

/** A tool as far as it says who answers its calls. */
type KnownTool = Pick<ChatTool, 'name' | 'side'>

/**
 * Whether the client is to answer a call. The server said so; or it listed no calls and the tool is the client's;
 * or, as in AG-UI, no tools were declared, and the run ended without a finish reason that promises more.
 */
export function isClients(ledger: Ledger, call: OwedCall, tools: readonly KnownTool[]): boolean {
  if (call.asked) return true
  if (ledger.listed === 'calls') return false
  if (tools.some(({ name, side }) => name === call.name && side !== 'server')) return true
  return tools.length === 0 && ledger.finishReason === undefined && ledger.listed === null
}

/** A stream that owes its terminal chunk, or that stopped for tool calls without asking the client and never went on. */
export function isTruncated(ledger: Ledger, tools: readonly KnownTool[]): boolean {
  if (ledger.began && ledger.terminal === null) return true
  if (ledger.finishReason !== 'tool_calls' || ledger.listed || ledger.answered > 0) return false
  return ![...ledger.calls.values()].some((call) => isClients(ledger, call, tools))
}

/** `metadata.retryable` and `metadata.retryAfter` (milliseconds) are what `@statechat/server` says; other servers say nothing. */
function serverError({ message, code, metadata = {} }: RunErrorChunk): ChatError {
  const { retryable, retryAfter } = metadata
  return new ChatError('server', `The server reported an error: ${message}${code === undefined ? '' : ` (${code})`}`, {
    serverCode: code,
    retryable: typeof retryable === 'boolean' ? retryable : undefined,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
  })
}
