import { ChatError } from '@statechat/core/wire'
import type { ModelAdapter } from '../adapter.ts'
import { type Clock, systemClock } from '../clock.ts'
import { ModelError } from '../model-error.ts'
import { callOptions, type ProviderTool } from './call-options.ts'
import type { FetchFile } from './download.ts'
import { modelErrorOf } from './error-of.ts'
import type { CallSettings, LanguageModel, Version } from './model.ts'
import { fileReader } from './prompt-file.ts'
import { promptOf } from './prompt.ts'
import { readStream } from './read-stream.ts'
import { retrying } from './retrying.ts'

export interface LanguageModelOptions {
  /** Settings that `chat()` does not have, e.g. `{ topK, seed, reasoning, headers }`. */
  settings?: CallSettings | undefined
  /** Tools of the provider, under the names that the model shall use: `{ web_search: anthropic.tools.webSearch_20250305() }`. */
  tools?: Record<string, ProviderTool> | undefined
  /** Whether to pass on what the provider sent, as RAW chunks, if it can. Default false. */
  includeRawChunks?: boolean | undefined
  /**
   * Downloads the files whose addresses the model does not read itself. Without it they are refused (`unsupported_content`):
   * addresses come from the client, and a server that fetches all of them can be sent into its own network. Give a function
   * that knows which hosts are yours.
   */
  fetch?: FetchFile | undefined
  /** The largest file to download, in bytes. Default 20 MiB. */
  maxFileBytes?: number | undefined
  /** How often to try again before the first byte what may pass: 429, 5xx, no connection. Default 0, as for `openai()`. */
  maxRetries?: number | undefined
  /** Hears what the provider did not like, e.g. a setting that this model ignores. */
  onWarning?: ((warning: unknown) => void) | undefined
  /** Timers for the waits between retries. */
  clock?: Clock | undefined
}

const VERSIONS: readonly Version[] = ['v2', 'v3', 'v4']

/** 20 MiB. */
const MAX_FILE_BYTES = 20 * 1024 * 1024

/**
 * Makes a model of any AI SDK provider package (specification v2, v3 or v4) an adapter.
 * `providerOptions` go to the provider as they are. What it says about its thoughts, texts and calls comes back with the next request.
 * Throws a `ChatError` (`misuse`) for a model of another specification, and for `tools` that are not the provider's.
 *
 * @see https://ai-sdk.dev/providers/ai-sdk-providers
 * @example
 * ```ts
 * import { anthropic } from '@ai-sdk/anthropic'
 * import { ai } from '@statechat/server'
 * import { languageModel } from '@statechat/server/language-model'
 *
 * const model = ai(languageModel(anthropic('claude-sonnet-4-5')))
 * for await (const chunk of model.chat({ messages: [{ role: 'user', content: 'Hello' }] })) console.log(chunk.type)
 * ```
 */
export function languageModel(model: LanguageModel, options: LanguageModelOptions = {}): ModelAdapter {
  const { provider, modelId, specificationVersion: version } = model
  const { fetch, maxFileBytes = MAX_FILE_BYTES, maxRetries = 0, clock = systemClock, onWarning } = options
  requireVersion(model)
  requireIds(options.tools)
  return {
    name: provider,
    defaultModel: modelId,
    async *stream(request) {
      if (request.model !== modelId)
        throw new ModelError('misconfigured', `languageModel(): chat() asks for the model "${request.model}", but this one is "${modelId}"`)
      const { signal, parallelToolCalls } = request
      if (parallelToolCalls !== undefined) onWarning?.({ type: 'unsupported', feature: 'parallelToolCalls' })
      const errorOf = (error: unknown) => modelErrorOf(error, { provider, answered: false })
      let answered = false
      try {
        const files = fileReader(model, { fetch, maxBytes: maxFileBytes, signal })
        const call = callOptions(request, { ...options, version, prompt: await promptOf(request, { files, version }) })
        const { stream } = await retrying(async () => model.doStream(call), { maxRetries, clock, signal, errorOf })
        answered = true
        yield* readStream(stream, { ...request, model, onWarning })
      } catch (error) {
        throw modelErrorOf(error, { provider, answered })
      }
    },
  }
}

function requireVersion({ specificationVersion, modelId }: LanguageModel): void {
  if (VERSIONS.includes(specificationVersion)) return
  const seen = String(specificationVersion)
  throw new ChatError('misuse', `languageModel(): the model "${modelId}" is of specification ${seen}; known are ${VERSIONS.join(', ')}`)
}

function requireIds(tools: Record<string, ProviderTool> = {}): void {
  for (const [name, { id }] of Object.entries(tools)) {
    if (id === undefined) throw new ChatError('misuse', `languageModel(): "${name}" is no tool of a provider; your own go into chat({ tools })`)
  }
}
