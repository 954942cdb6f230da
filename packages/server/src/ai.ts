import { ChatError, type ResumeEntry, type Schema } from '@statechat/core/wire'
import type { ModelAdapter, ModelSettings } from './adapter.ts'
import { type ChatStream, chatStream } from './chat-stream.ts'
import type { StopWhen } from './loop.ts'
import type { ErrorHandler } from './model-error.ts'
import { type MessageInput, normaliseMessages } from './normalise-messages.ts'
import { answerForm } from './structured-answer.ts'
import { type ToolInput, toolSet } from './tools/tool-set.ts'

/** What may be set once for all calls, and again for each. */
export interface ChatDefaults extends ModelSettings {
  /** Name of the model; the adapter's default otherwise. */
  model?: string | undefined
  /** Instructions, placed before all messages. */
  system?: string | undefined
  /**
   * What the model may call. Tools with `.server(execute)` run here; the calls of all others end the run unanswered, for the client
   * (`pendingToolCallIds`). Those of `ai()` and of the call add up. A tool declared here wins over one of the request that has its name.
   */
  tools?: readonly ToolInput[] | undefined
  /** The most calls of the model in one run, default 8. One that wants more ends with RUN_ERROR `max_steps`. */
  maxSteps?: number | undefined
  /** Asked after each step whose calls are all answered: `true` ends the run there. */
  stopWhen?: StopWhen | undefined
  /** How long a question for approval may be answered, in milliseconds: the client is told when it expires. Default: no limit. */
  approvalTtlMs?: number | undefined
  /** Milliseconds since the epoch, for that; `Date.now` by default. */
  now?: (() => number) | undefined
  /** Sees each failure in full (default: `console.error`); a returned string replaces the masked message that the client gets. */
  onError?: ErrorHandler | undefined
  /** Ids of runs, threads, messages and calls; `crypto.randomUUID` by default. */
  generateId?: (() => string) | undefined
}

/** One run. A parsed request can be spread into it: what is not listed here (`body`, `forwardedProps`, …) never reaches the model. */
export interface ChatOptions extends ChatDefaults {
  /** UI messages, wire messages or `{ role, content }`, also mixed. */
  messages: readonly MessageInput[]
  /** A person's answers to the questions for approval of the run before, as `parseChatRequest()` gives them: approved calls run first. */
  resume?: readonly ResumeEntry[] | undefined
  /**
   * The answer is JSON of this form (Standard Schema or JSON Schema): streamed as text, checked at the end. One that does not fit
   * ends the run with RUN_ERROR `invalid_output`.
   */
  outputSchema?: Schema | undefined
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
      const { model = adapter.defaultModel, maxSteps = 8, approvalTtlMs, now = Date.now, generateId = () => crypto.randomUUID() } = settings
      if (model === undefined || model === '') {
        throw new ChatError('misuse', `no model: pass { model } to chat() or ai(), or set one on the adapter "${adapter.name}"`)
      }
      if (!(maxSteps >= 1)) throw new ChatError('misuse', `maxSteps is ${maxSteps}: it has to be 1 or more`)
      const tools = toolSet([...(defaults.tools ?? []), ...(options.tools ?? [])])
      const form = settings.outputSchema && answerForm(settings.outputSchema)
      const messages = normaliseMessages(options.messages, { generateId })
      if (messages.length === 0) throw new ChatError('misuse', 'no messages: chat() needs at least one')
      return chatStream(
        {
          adapter,
          parentRunId: settings.parentRunId,
          onError: settings.onError,
          tools,
          resume: settings.resume ?? [],
          maxSteps,
          stopWhen: settings.stopWhen,
          form,
          expiresAt: () => (approvalTtlMs === undefined ? undefined : new Date(now() + approvalTtlMs)),
          request: {
            model,
            system: settings.system,
            messages,
            temperature: settings.temperature,
            topP: settings.topP,
            maxTokens: settings.maxTokens,
            stop: settings.stop,
            toolChoice: settings.toolChoice,
            parallelToolCalls: settings.parallelToolCalls,
            providerOptions: settings.providerOptions,
            threadId: settings.threadId ?? generateId(),
            runId: settings.runId ?? generateId(),
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
