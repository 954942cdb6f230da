import { nanoid } from 'nanoid'
import type { Connection } from '../connection/connection.ts'
import type { PushBackend } from '../connection/push-connection.ts'
import { createTranscript, type Transcript } from '../transcript/transcript.ts'
import type { ChatError, ChatWarning } from '../errors.ts'
import type { UIMessage } from '../transcript/message.ts'
import { requireUniqueNames } from '../tool/tool-definition.ts'
import type { Restored } from './events.ts'
import { createCancels } from './cancels.ts'
import { createClaims } from './claims.ts'
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
export interface ChatHost {
  readonly threadId: string
  readonly transcript: Transcript
  /** Names runs and messages. Replaced by who writes down what the machine does. */
  generateId: () => string
  readonly random: () => number
  readonly now: () => number
  readonly network: Network
  /** Asks the server to stop a run. What goes wrong is a warning. */
  cancel(runId: string): void
  /** Resolves when every run that was cancelled has ended, as far as the server says so. */
  cancelled(): Promise<void>
  /**
   * Whether this chat may run the tool of a call: true once per key, in one tab only. Another tab that has begun keeps the call until it is gone.
   * `left`: together with other tabs it waits for that, and then may not run the tool either, but has to answer the call.
   */
  claim(key: string, signal: AbortSignal): Promise<boolean | 'left'>
  /** The last holder of the chat has gone: what is claimed from here on waits until somebody {@link stay}s, or for ever. */
  leave(): void
  stay(): void
  /** The latest options. */
  options: LiveOptions
  /** Callbacks besides those of the options: of the components that show the chat. */
  readonly listeners: Set<ChatCallbacks>
  /** Where the chat goes together with those of other tabs. */
  tab: Tab | null
  /** Whether a run that is going on is to be looked for. */
  joins: boolean
  /** The run that was going on when the conversation was stored, until it is looked for: it may have ended meanwhile. */
  sought: SoughtRun | null
  /** Reads the stored messages; null when there is nothing to read (any more). */
  restore: (() => Stored | Promise<Stored>) | null
  /** Runs `effect` in a microtask, in order, when the machine has settled. What it throws is rethrown in a macrotask. */
  defer(effect: () => void): void
  /** Whether somebody has this callback. */
  hears(name: keyof ChatCallbacks): boolean
  /** Calls this callback of everybody who has it, as an effect. */
  tell<K extends keyof ChatCallbacks>(name: K, ...args: Parameters<NonNullable<ChatCallbacks[K]>>): void
  warn(warning: ChatWarning): void
  /** Tells whoever waits for the turn how it ended. */
  settle(turnId: string, result: TurnResult): void
  /** Waits for {@link settle}. */
  turn(turnId: string): Promise<TurnResult>
  /** Forgets the effects that have not run, and settles every turn that somebody waits for as stopped. */
  close(): void
  /** A summary: no functions, and no messages. */
  toJSON(): unknown
}

export function createHost(input: ChatMachineInput): ChatHost {
  const {
    threadId,
    initialMessages,
    generateId = nanoid,
    initialState,
    resume = false,
    random = Math.random,
    now = Date.now,
    locks = webLocks(),
    network = pageNetwork,
    ...options
  } = input
  requireUniqueNames(options.tools ?? [])
  const waiting = new Map<string, (result: TurnResult) => void>()
  let effects: (() => void)[] = []
  let ready: (() => void)[] = []

  function runEffects() {
    ready = effects
    effects = []
    for (const effect of ready) isolate(effect)
  }

  const thread = threadId ?? generateId()
  let stay: (() => void) | null = null
  let staying: Promise<void> | undefined
  const cancels = createCancels(() => host)
  const claims = createClaims(`statechat:${thread}:`, locks)
  const host: ChatHost = {
    threadId: thread,
    transcript: createTranscript({
      generateId: () => host.generateId(),
      initial: typeof initialMessages === 'function' ? [] : initialMessages,
      initialState,
      warn: (warning) => host.warn(warning),
    }),
    generateId,
    random,
    now,
    network,
    cancel: (runId) => cancels.start(runId),
    cancelled: () => cancels.done(),
    async claim(key) {
      await staying
      return claims.take(key)
    },
    leave() {
      if (!stay) staying = new Promise((resolve) => (stay = resolve))
    },
    stay() {
      stay?.()
      stay = null
    },
    options,
    joins: resume,
    sought: null,
    tab: null,
    restore: typeof initialMessages === 'function' ? initialMessages : null,
    defer(effect) {
      if (effects.push(effect) === 1) queueMicrotask(runEffects)
    },
    listeners: new Set(),
    hears: (name) => host.options[name] !== undefined || [...host.listeners].some((callbacks) => callbacks[name] !== undefined),
    tell: (name, ...args) =>
      host.defer(() => {
        for (const callbacks of [host.options, ...host.listeners]) {
          const callback = callbacks[name] as ((...args: unknown[]) => void) | undefined
          if (callback) isolate(() => callback(...args))
        }
      }),
    warn: (warning) => host.tell('onWarning', warning),
    settle(turnId, result) {
      waiting.get(turnId)?.(result)
      waiting.delete(turnId)
    },
    turn: (turnId) => new Promise((resolve) => waiting.set(turnId, resolve)),
    close() {
      claims.release()
      effects.length = 0
      ready.length = 0
      for (const turnId of waiting.keys()) host.settle(turnId, { outcome: 'stopped' })
    },
    toJSON: () => ({ threadId: host.threadId, transcript: host.transcript }),
  }
  return host
}

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

const webLocks = (): Locks | undefined => (globalThis.navigator as { locks?: Locks } | undefined)?.locks
