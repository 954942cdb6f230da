import type { ChatOptions } from './chat.ts'
import type { ChatCallbacks, LiveOptions } from './session/options.ts'

const CALLBACKS = {
  onChunk: true,
  onFinish: true,
  onError: true,
  onToolCall: true,
  onData: true,
  onWarning: true,
} satisfies Record<keyof ChatCallbacks, true>

const NAMES = Object.keys(CALLBACKS) as (keyof ChatCallbacks)[]

/** The callbacks among options, and nothing else; for bindings. */
export const callbacksOf = (options: ChatCallbacks): ChatCallbacks => Object.fromEntries(NAMES.map((name) => [name, options[name]]))

/** Callbacks that look up, when they are called, what is to be called; for bindings. */
export const latestCallbacks = (latest: () => ChatCallbacks): ChatCallbacks =>
  Object.fromEntries(NAMES.map((name) => [name, (...args: unknown[]) => (latest()[name] as ((...args: unknown[]) => void) | undefined)?.(...args)]))

/** Options without their callbacks, which a binding hears itself, so that they end with the component. */
export const withoutCallbacks = (options: ChatOptions): ChatOptions => ({ ...options, ...callbacksOf({}) })

/** What may change while a chat lives, each by its name: an option that is no longer given has its default again; for bindings. */
export const liveOptions = ({
  connection,
  body,
  data,
  tools,
  outputSchema,
  whileBusy,
  maxSteps,
}: ChatOptions): Required<Omit<LiveOptions, keyof ChatCallbacks>> => ({ connection, body, data, tools, outputSchema, whileBusy, maxSteps })
