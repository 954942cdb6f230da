import type { RunErrorChunk, RunFinished, TokenUsage } from './chunk.ts'

/** TanStack AI's form of usage, one object. */
interface TanStackUsage {
  promptTokens?: unknown
  completionTokens?: unknown
  totalTokens?: unknown
  promptTokensDetails?: { cachedTokens?: unknown } | null
  completionTokensDetails?: { reasoningTokens?: unknown } | null
}

/** Usage in AG-UI's form, from AG-UI's array or TanStack AI's object; `undefined` for anything else. */
export function toTokenUsage(usage: unknown, model?: unknown): TokenUsage[] | undefined {
  if (Array.isArray(usage)) return usage as TokenUsage[]
  if (typeof usage !== 'object' || usage === null) return undefined
  const { promptTokens, completionTokens, totalTokens, promptTokensDetails, completionTokensDetails } = usage as TanStackUsage
  return [
    {
      ...(typeof model === 'string' ? { model } : undefined),
      ...count('inputTokens', promptTokens),
      ...count('outputTokens', completionTokens),
      ...count('totalTokens', totalTokens),
      ...count('cachedInputTokens', promptTokensDetails?.cachedTokens),
      ...count('reasoningTokens', completionTokensDetails?.reasoningTokens),
    },
  ]
}

function count(name: keyof TokenUsage, value: unknown): TokenUsage | undefined {
  return typeof value === 'number' ? { [name]: value } : undefined
}

/** The chunk with its usage in AG-UI's form. */
export function withUsage<T extends RunFinished | RunErrorChunk>(chunk: T): T {
  const usage = toTokenUsage(chunk.usage, (chunk as { model?: unknown }).model)
  return usage === chunk.usage ? chunk : { ...chunk, usage }
}
