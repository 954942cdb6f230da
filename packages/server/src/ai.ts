import { ChatError, type WireTool } from '@statechat/core/wire'
import type { ModelAdapter, ModelSettings } from './adapter.ts'
import { type ChatStream, chatStream } from './chat-stream.ts'
import type { ErrorHandler } from './model-error.ts'
import { type MessageInput, normaliseMessages } from './normalise-messages.ts'

/** What may be set once for all calls, and again for each. */
export interface ChatDefaults extends ModelSettings {
  /** Name of the model; the adapter's default otherwise. */
  model?: string | undefined
  /** Instructions, placed before all messages. */
  system?: string | undefined
  /** Sees each failure in full (default: `console.error`); a returned string replaces the masked message that the client gets. */
  onError?: ErrorHandler | undefined
  /** Ids of runs, threads, messages and calls; `crypto.randomUUID` by default. */
  generateId?: (() => string) | undefined
}

/** One run. A parsed request can be spread into it: what is not listed here (`body`, `forwardedProps`, …) never reaches the model. */
export interface ChatOptions extends ChatDefaults {
  /** UI messages, wire messages or `{ role, content }`, also mixed. */
  messages: readonly MessageInput[]
  /** Tools of the client: the model may call them, their calls end the run unanswered (`pendingToolCallIds`). */
  tools?: readonly WireTool[] | undefined
  /** Aborts the model; the stream then ends with the outcome `cancelled`. */
  signal?: AbortSignal | undefined
  threadId?: string | undefined
  runId?: string | undefined
  parentRunId?: string | undefined
}

/** A model to talk to. */
export interface AI {
  readonly adapter: ModelAdapter
  /**
   * Starts one run when it is read: RUN_STARTED, the answer, and exactly one of RUN_FINISHED and RUN_ERROR.
   * Throws a `ChatError` (`misuse`) if it cannot work, a `ChatRequestError` for bad messages; never while streaming.
   */
  chat(options: ChatOptions): ChatStream
}

/**
 * Makes a model adapter into something to chat with.
 *
 * @example
 * ```ts
 * import { ai } from '@statechat/server'
 * import { scripted } from '@statechat/server/scripted'
 *
 * for await (const chunk of ai(scripted()).chat({ messages: [{ role: 'user', content: 'Hello' }] })) {
 *   if (chunk.type === 'TEXT_MESSAGE_CONTENT') process.stdout.write(chunk.delta)
 * }
 * ```
 */
export function ai(adapter: ModelAdapter, defaults: ChatDefaults = {}): AI {
  return {
    adapter,
    chat(options) {
      const settings = { ...defaults, ...defined(options) }
      const { model = adapter.defaultModel, tools = [], generateId = () => crypto.randomUUID() } = settings
      if (model === undefined || model === '') {
        throw new ChatError('misuse', `no model: pass { model } to chat() or ai(), or set one on the adapter "${adapter.name}"`)
      }
      requireUniqueNames(tools)
      const messages = normaliseMessages(options.messages, { generateId })
      if (messages.length === 0) throw new ChatError('misuse', 'no messages: chat() needs at least one')
      return chatStream(
        {
          adapter,
          parentRunId: settings.parentRunId,
          onError: settings.onError,
          request: {
            model,
            system: settings.system,
            messages,
            tools,
            temperature: settings.temperature,
            topP: settings.topP,
            maxTokens: settings.maxTokens,
            stop: settings.stop,
            toolChoice: settings.toolChoice,
            providerOptions: settings.providerOptions,
            threadId: settings.threadId ?? generateId(),
            runId: settings.runId ?? generateId(),
            messageId: generateId(),
            generateId,
          },
        },
        settings.signal,
      )
    },
  }
}

/** `{ model: undefined }` means the default, as everywhere. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}

function requireUniqueNames(tools: readonly WireTool[]): void {
  const seen = new Set<string>()
  for (const { name } of tools) {
    if (seen.has(name)) throw new ChatError('misuse', `two tools are named "${name}": names must be unique`)
    seen.add(name)
  }
}
