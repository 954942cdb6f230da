import type { ChatError } from '../errors.ts'
import type { RunMode } from '../transcript/run.ts'
import type { QueuedMessage, SendOptions } from './events.ts'
import { ChatHost, type SoughtRun } from './host.ts'
import { EMPTY_LEDGER, type Ledger } from './ledger.ts'
import type { ChatMachineInput } from './options.ts'

/** One question and everything done to answer it: one run, or several with client tools in between. */
export interface Turn {
  readonly id: string
  /** The request is the path down to this message. */
  readonly tip: string | null
  readonly mode: RunMode
  /** Where to go back to when a reload or a retry brings nothing: the end of the path before it. */
  readonly fallback: string | null
  readonly options: SendOptions
  /** Why there is this turn, for protocols that say so. */
  readonly trigger?: 'regenerate' | undefined
  /** The answer that is made again, or the question that was edited. */
  readonly messageId?: string | undefined
  /** For a join: the run that was going on when the conversation was stored. */
  readonly sought?: SoughtRun | undefined
  /** Runs started by client answers since the last user message. */
  readonly steps: number
  /** The name of its next run, if another tab has that open. */
  readonly runId?: string | undefined
}

/** What the machine remembers. No field says what is going on: that is the state's to say. */
export interface ChatContext {
  readonly host: ChatHost
  readonly turn: Turn | null
  readonly runId: string | null
  readonly parentRunId: string | null
  /** What the server calls the run, if it was joined and has a name of its own. */
  readonly joinedId: string | null
  readonly ledger: Ledger
  /** Actors of client tools, by their ids. */
  readonly tools: readonly string[]
  /** Ids of the ends of open questions that are scheduled. */
  readonly timers: readonly string[]
  /** Where the run can be rejoined, if it can; `''` is its start. */
  readonly cursor: string | null
  /** Attempts to rejoin since the last chunk. */
  readonly attempt: number
  readonly error: ChatError | null
  readonly queue: readonly QueuedMessage[]
  /** How many views show the chat. */
  readonly views: number
  /** Chunks of other runs that were dropped. */
  readonly strays: number
}

/** `host` joins a chat that exists, which may have rested; without one the options make their own, for a machine driven by hand. */
export type ChatInput = ChatMachineInput | (Partial<ChatContext> & Pick<ChatContext, 'host'>)

export const EMPTY_QUEUE: readonly QueuedMessage[] = []

export const createContext = (input: ChatInput): ChatContext => ({
  turn: null,
  runId: null,
  parentRunId: null,
  joinedId: null,
  ledger: EMPTY_LEDGER,
  tools: [],
  timers: [],
  cursor: null,
  attempt: 0,
  error: null,
  queue: EMPTY_QUEUE,
  views: 0,
  strays: 0,
  ...('host' in input ? input : { host: new ChatHost(input) }),
})
