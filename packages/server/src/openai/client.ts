import type { ClientOptions } from 'openai'
import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import { ModelError } from '../model-error.ts'
import type { OpenAIOptions } from './openai.ts'

export type OpenAIClientOptions = ClientOptions

/** What the adapter uses of a client of the `openai` package, whichever version of it. */
export interface OpenAIClient {
  baseURL?: string
  chat: {
    completions: {
      create(
        body: ChatCompletionCreateParamsStreaming,
        options?: { signal?: AbortSignal; maxRetries?: number },
      ): PromiseLike<AsyncIterable<ChatCompletionChunk>>
    }
  }
}

/** The given client, or a new one of the `openai` package, which is loaded only now. */
export async function openAIClient({ client, apiKey, baseURL, maxRetries = 0, clientOptions }: OpenAIOptions): Promise<OpenAIClient> {
  if (client) return client
  const { OpenAI } = await load()
  const url = baseURL ?? environment('OPENAI_BASE_URL')
  const key = apiKey ?? clientOptions?.apiKey ?? environment('OPENAI_API_KEY')
  if (!key && !url) throw new ModelError('misconfigured', 'openai(): no API key. Set OPENAI_API_KEY, or pass { apiKey }, { baseURL } or { client }.')
  return new OpenAI({
    maxRetries,
    // What the provider said goes to `onError`, and not past it to the console.
    logLevel: 'off',
    ...clientOptions,
    // Local servers want no key, but the SDK insists on one.
    apiKey: key || 'none',
    ...(url !== undefined && { baseURL: url }),
  })
}

async function load(): Promise<typeof import('openai')> {
  try {
    return await import('openai')
  } catch (cause) {
    throw new ModelError('misconfigured', 'openai(): the package "openai" is not installed. Run: npm install openai', { cause })
  }
}

/** Also outside Node, where there is no `process`. */
function environment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env?.[name] || undefined
}
