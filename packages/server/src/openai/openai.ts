import type { ModelAdapter } from '../adapter.ts'
import { type OpenAIClient, type OpenAIClientOptions, openAIClient } from './client.ts'
import { completionRequest } from './completion-request.ts'
import { modelErrorOf } from './error-of.ts'
import { readCompletion } from './read-completion.ts'

export interface OpenAIOptions {
  /** `OPENAI_API_KEY` by default; not needed with a `baseURL` of your own. */
  apiKey?: string | undefined
  /** Another server that speaks chat completions: Ollama, vLLM, LM Studio, OpenRouter, … `OPENAI_BASE_URL` by default. */
  baseURL?: string | undefined
  /** Model used when the call names none. */
  model?: string | undefined
  /** A client of the `openai` package that you have already, e.g. `AzureOpenAI`. Replaces `apiKey` and `baseURL`. */
  client?: OpenAIClient | undefined
  /** Any other option of the SDK's client, e.g. `defaultHeaders`, `timeout`, `fetch`. */
  clientOptions?: OpenAIClientOptions | undefined
  /**
   * How often the SDK silently sends a failed request again before its first byte. Default 0: a 429 may ask for a minute,
   * and the person at the other end should see it, and can retry. A given `client` keeps its own setting.
   */
  maxRetries?: number | undefined
  /** Whether to ask for token counts (`stream_options`), which a few old servers refuse. Default true. */
  includeUsage?: boolean | undefined
}

/**
 * Chat completions of OpenAI, and of every server that speaks like it, on the official `openai` package (a peer dependency).
 * `providerOptions.openai` goes into the request as it is.
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 * @example
 * ```ts
 * ai(openai({ model: 'gpt-5.4' })).chat({ messages })
 * ai(openai({ baseURL: 'http://localhost:11434/v1', model: 'qwen3' })).chat({ messages })
 * ```
 */
export function openai(options: OpenAIOptions = {}): ModelAdapter {
  const { model, includeUsage = true } = options
  let client: Promise<OpenAIClient> | undefined
  return {
    name: 'openai',
    defaultModel: model,
    async *stream(request) {
      let answered = false
      try {
        client ??= openAIClient(options)
        const { chat, baseURL = '' } = await client.catch(forget)
        const { signal } = request
        const limits = options.maxRetries === undefined ? { signal } : { signal, maxRetries: options.maxRetries }
        const stream = await chat.completions.create(completionRequest(request, { includeUsage, official: OFFICIAL.test(baseURL) }), limits)
        answered = true
        yield* readCompletion(stream, request)
      } catch (error) {
        throw modelErrorOf(error, answered)
      }
    },
  }

  /** A client that could not be made is tried again with the next call. */
  function forget(error: unknown): never {
    client = undefined
    throw error
  }
}

/** OpenAI itself, or on Azure. */
const OFFICIAL = /^https:\/\/[^/]*\bopenai\.(azure\.)?com\b/
