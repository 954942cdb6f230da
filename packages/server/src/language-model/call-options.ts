import type { ModelRequest, ToolChoice } from '../adapter.ts'
import type { LanguageModelOptions } from './language-model.ts'
import type { CallOptions, Version } from './model.ts'
import type { PromptMessage } from './prompt-part.ts'
import { optionsIn, withOptions } from './seal.ts'

/** A tool that the provider defines, and mostly runs itself: `anthropic.tools.webSearch_20250305()`, `openai.tools.webSearch()`, … */
export interface ProviderTool {
  type?: string | undefined
  /** `<provider>.<tool>`. Every provider's tool has one, but not every version of their types says so. */
  id?: string | undefined
  args?: Record<string, unknown> | undefined
}

interface CallContext extends Pick<LanguageModelOptions, 'settings' | 'tools' | 'includeRawChunks'> {
  prompt: readonly PromptMessage[]
  version: Version
}

/** A model call → the options of `doStream`. */
export function callOptions(request: ModelRequest, { prompt, version, settings, tools: ownTools = {}, includeRawChunks }: CallContext): CallOptions {
  const { temperature, topP, maxTokens, stop, toolChoice, responseFormat, providerOptions, signal } = request
  // A client cannot put its own tool in the place of one that runs elsewhere.
  const others = request.tools.filter(({ name }) => !Object.hasOwn(ownTools, name))
  const tools = [...others.map(functionTool), ...Object.entries(ownTools).map(([name, tool]) => providerTool(name, tool, version))]
  return {
    ...settings,
    prompt,
    abortSignal: signal,
    ...(tools.length > 0 && { tools }),
    ...(tools.length > 0 && toolChoice !== undefined && { toolChoice: choiceOf(toolChoice) }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(stop !== undefined && { stopSequences: [...stop] }),
    ...(responseFormat && { responseFormat: { type: 'json', ...responseFormat } }),
    ...(includeRawChunks && { includeRawChunks }),
    ...(providerOptions && { providerOptions }),
  }
}

/** `metadata` may say what only these models know: `strict`, `providerOptions`. */
function functionTool({ name, description, parameters, metadata }: ModelRequest['tools'][number]): object {
  return {
    type: 'function',
    name,
    description,
    inputSchema: parameters ?? { type: 'object', properties: {} },
    ...(typeof metadata?.['strict'] === 'boolean' && { strict: metadata['strict'] }),
    ...withOptions(optionsIn(metadata)),
  }
}

const providerTool = (name: string, { id, args = {} }: ProviderTool, version: Version): object => ({
  type: version === 'v2' ? 'provider-defined' : 'provider',
  id,
  name,
  args,
})

const choiceOf = (choice: ToolChoice): object => (typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name })
