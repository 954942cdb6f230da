import { nanoid } from 'nanoid'
import { createTranscript, type Transcript } from '../transcript/transcript.ts'
import type { ChatError, ChatWarning } from '../errors.ts'
import type { UIMessage } from '../transcript/message.ts'
import { requireUniqueNames } from '../tool/tool-definition.ts'
import { createClaims } from './claims.ts'
import type { ChatCallbacks, ChatMachineInput, LiveOptions, Locks } from './options.ts'

/** How a command's turn ended. `dropped`: it never became a turn. */
export type Outcome = 'finished' | 'stopped' | 'failed' | 'dropped'

export interface TurnResult {
  outcome: Outcome
  /** The assistant message of the turn, if there is one. */
  message?: UIMessage | undefined
  /** Why it failed. */
  error?: ChatError | undefined
}

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
  /**
   * Whether this chat may run the tool of a call: true once per key, in one tab only. Another tab that has begun keeps the call until it is gone.
   */
  claim(key: string): Promise<boolean>
  /** The last holder of the chat has gone: what is claimed from here on waits until somebody {@link stay}s, or for ever. */
  leave(): void
  stay(): void
  /** The latest options. */
  options: LiveOptions
  /** Callbacks besides those of the options: of the components that show the chat. */
  readonly listeners: Set<ChatCallbacks>
  /** Whether a run that is going on is to be looked for. */
  joins: boolean
  /** Reads the stored messages; null when there is nothing to read (any more). */
  restore: (() => readonly UIMessage[] | Promise<readonly UIMessage[]>) | null
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
