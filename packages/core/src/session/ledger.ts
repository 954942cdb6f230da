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

export const EMPTY_LEDGER: Ledger = {
  began: false,
  terminal: null,
  finishReason: undefined,
  failure: null,
  calls: new Map(),
  topic: 'prose',
  questions: new Set(),
  answered: 0,
  listed: null,
  usage: [],
}

/** Pure: the ledger after these chunks; the same object when they say nothing new. */
export const advance = (ledger: Ledger, chunks: readonly Chunk[]): Ledger => chunks.reduce(note, ledger)

function note(ledger: Ledger, chunk: Chunk): Ledger {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_START':
    case 'TEXT_MESSAGE_CONTENT':
    case 'REASONING_MESSAGE_START':
    case 'REASONING_MESSAGE_CONTENT':
      return ledger.terminal === null && ledger.topic === 'prose' ? ledger : { ...ledger, terminal: null, topic: 'prose' }
    case 'RUN_STARTED':
      return { ...ledger, began: true, terminal: null, listed: null }
    case 'RUN_FINISHED':
      return finish(ledger, chunk)
    case 'RUN_ERROR':
      return { ...ledger, failure: serverError(chunk), usage: addUsage(ledger.usage, chunk.usage) }
    default:
      return answering.get()?.noteCalls(ledger, chunk) ?? ledger
  }
}

/** Calls and questions make an end another one. */
function finish(ledger: Ledger, chunk: RunFinished): Ledger {
  const { outcome, usage, metadata } = chunk
  const finished: Ledger = {
    ...ledger,
    terminal: outcome?.type === 'cancelled' ? 'cancelled' : 'finished',
    finishReason: metadata?.finishReason,
    listed: null,
    usage: addUsage(ledger.usage, usage),
  }
  return answering.get()?.finishCalls(finished, chunk) ?? finished
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
