import { nanoid } from 'nanoid'
import type { Connection } from '../connection/connection.ts'
import type { PushBackend } from '../connection/push-connection.ts'
import { Transcript } from '../transcript/transcript.ts'
import type { ChatError, ChatWarning } from '../errors.ts'
import { flat } from '../flat.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { Restored } from './events.ts'
import { answering } from './answering.ts'
import { cancelOnServer } from './cancel-on-server.ts'
import { checkOptions } from './check-options.ts'
import type { Claims } from './claims.ts'
import { pageNetwork } from './network.ts'
import type { ChatCallbacks, ChatMachineInput, LiveOptions, Locks, Network } from './options.ts'

/** How a command's turn ended. `dropped`: it never became a turn. */
export type Outcome = 'finished' | 'stopped' | 'failed' | 'dropped'

/** A run that somebody else, or an earlier page, has begun. */
export interface SoughtRun {
  readonly runId: string
  /** How many parts its message had when it began, if that is known. */
  readonly start?: number | undefined
}

export interface TurnResult {
  outcome: Outcome
  /** The assistant message of the turn, if there is one. */
  message?: UIMessage | undefined
  /** Why it failed. */
  error?: ChatError | undefined
}

/** What other tabs have to do with the runs of this one. */
interface Tab {
  /** The connection for a run that may be another tab's. */
  via(connection: Connection | PushBackend): Connection
  /** Names messages of a run that the wire gives no id: every tab the same. */
  idsOf(runId: string): () => string
}

type Stored = readonly UIMessage[] | Restored

/**
 * The chat's side of the machine: everything that is a function or has an effect. One per chat;
 * it outlives the actor, so that a chat that is disposed of and shown again keeps its messages.
 */
export class ChatHost {
  readonly threadId: string
  readonly transcript: Transcript
  /** Names runs and messages. Replaced by who writes down what the machine does. */
  generateId: () => string
  readonly random: () => number
  readonly now: () => number
  readonly network: Network
  /** The latest options. */
  options: LiveOptions
  /** Callbacks besides those of the options: of the components that show the chat. */
  listeners: readonly ChatCallbacks[] = NOBODY
  /** Where the chat goes together with those of other tabs. */
  tab: Tab | null = null
  /** What the machine does when another tab has changed the thread. */
  threadCode: typeof import('./thread-code.ts') | null = null
  /** Whether a run that is going on is to be looked for. */
  joins: boolean
  /** The run that was going on when the conversation was stored, until it is looked for: it may have ended meanwhile. */
  sought: SoughtRun | null = null
  /** Reads the stored messages; null when there is nothing to read (any more). */
  restore: (() => Stored | Promise<Stored>) | null
  #locks: Locks | undefined
  #cancelled: Promise<void> | undefined
  #claims: Claims | undefined
  #waiting: Map<string, (result: TurnResult) => void> | undefined
  #effects: (() => void)[] | undefined
  /** Those that are being run. */
  #ready: (() => void)[] | undefined
  #stay: (() => void) | null = null
  #staying: Promise<void> | undefined

  /** Throws `misuse` for initial messages that cannot be a transcript, and for options that {@link checkOptions} refuses. */
  constructor(input: ChatMachineInput) {
    const {
      threadId,
      initialMessages,
      generateId = flatId,
      initialState,
      resume = false,
      random = Math.random,
      now = Date.now,
      locks = webLocks(),
      network = pageNetwork,
      ...options
    } = input
    checkOptions(options)
    this.threadId = threadId ?? generateId()
    this.generateId = generateId
    this.random = random
    this.now = now
    this.network = network
    this.options = options
    this.joins = resume
    this.restore = typeof initialMessages === 'function' ? initialMessages : null
    this.#locks = locks
    this.transcript = new Transcript(this, { messages: typeof initialMessages === 'function' ? [] : initialMessages, state: initialState })
  }

  /** Asks the server to stop a run. What goes wrong is a warning. */
  cancel(runId: string): void {
    const before = this.#cancelled
    this.#cancelled = cancelOnServer(this, runId).then(() => before)
  }
  /** Resolves when every run that was cancelled has ended, as far as the server says so. */
  async cancelled(): Promise<void> {
    await this.#cancelled
  }
  /**
   * Whether this chat may run the tool of a call: true once per key, in one tab only. Another tab that has begun keeps the call until it is gone.
   * `left`: together with other tabs it waits for that, and then may not run the tool either, but has to answer the call.
   */
  async claim(key: string, _signal: AbortSignal): Promise<boolean | 'left'> {
    await this.#staying
    const { createClaims } = answering.get() ?? (await answering.load())
    this.#claims ??= createClaims(`statechat:${this.threadId}:`, this.#locks)
    return this.#claims.take(key)
  }
  /** The last holder of the chat has gone: what is claimed from here on waits until somebody {@link stay}s, or for ever. */
  leave(): void {
    if (!this.#stay) this.#staying = new Promise((resolve) => (this.#stay = resolve))
  }
  stay(): void {
    this.#stay?.()
    this.#stay = null
  }
  /** Runs `effect` in a microtask, in order, when the machine has settled. What it throws is rethrown in a macrotask. */
  defer(effect: () => void): void {
    if ((this.#effects ??= []).push(effect) === 1) queueMicrotask(() => this.#runEffects())
  }
  /** Whether somebody has this callback. */
  hears(name: keyof ChatCallbacks): boolean {
    return [this.options, ...this.listeners].some((callbacks) => callbacks[name])
  }
  /** Calls this callback of everybody who has it, as an effect. */
  tell<K extends keyof ChatCallbacks>(name: K, ...args: Parameters<NonNullable<ChatCallbacks[K]>>): void {
    this.defer(() => {
      for (const callbacks of [this.options, ...this.listeners]) {
        const callback = callbacks[name] as ((...args: unknown[]) => void) | undefined
        if (callback) isolate(() => callback(...args))
      }
    })
  }
  warn(warning: ChatWarning): void {
    this.tell('onWarning', warning)
  }
  /** Tells whoever waits for the turn how it ended. */
  settle(turnId: string, result: TurnResult): void {
    this.#waiting?.get(turnId)?.(result)
    this.#waiting?.delete(turnId)
    if (this.#waiting?.size === 0) this.#waiting = undefined
  }
  /** Waits for {@link settle}. */
  turn(turnId: string): Promise<TurnResult> {
    const waiting = (this.#waiting ??= new Map())
    return new Promise((resolve) => waiting.set(turnId, resolve))
  }
  /** Forgets the effects that have not run, and settles every turn that somebody waits for as stopped. */
  close(): void {
    this.#claims?.release()
    this.#effects = undefined
    if (this.#ready) this.#ready.length = 0
    for (const turnId of this.#waiting?.keys() ?? []) this.settle(turnId, { outcome: 'stopped' })
  }
  /** A summary: no functions, and no messages. */
  toJSON(): unknown {
    return { threadId: this.threadId, transcript: this.transcript }
  }

  #runEffects(): void {
    this.#ready = this.#effects
    this.#effects = undefined
    for (const effect of this.#ready ?? []) isolate(effect)
    this.#ready = undefined
  }
}

const NOBODY: readonly ChatCallbacks[] = []

/** Runs foreign code: what it throws is reported as an unhandled error, and nothing else happens. */
export function isolate(run: () => void): void {
  try {
    run()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}

const flatId = (): string => flat(nanoid())

const webLocks = (): Locks | undefined => (globalThis.navigator as { locks?: Locks } | undefined)?.locks
