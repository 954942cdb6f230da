import type { TokenUsage } from './chunk.ts'

/** Adds tokens up per provider and model. */
export function addUsage(before: readonly TokenUsage[], added: readonly TokenUsage[] = []): readonly TokenUsage[] {
  return added.reduce<readonly TokenUsage[]>((sum, usage) => {
    const i = sum.findIndex(({ provider, model }) => provider === usage.provider && model === usage.model)
    return i < 0 ? [...sum, usage] : sum.with(i, sumOf(sum[i]!, usage))
  }, before)
}

const COUNTS = ['inputTokens', 'outputTokens', 'totalTokens', 'reasoningTokens', 'cachedInputTokens', 'cacheWriteInputTokens'] as const

function sumOf(a: TokenUsage, b: TokenUsage): TokenUsage {
  const sum = { ...a, ...b }
  for (const count of COUNTS) if (a[count] !== undefined || b[count] !== undefined) sum[count] = (a[count] ?? 0) + (b[count] ?? 0)
  return sum
}
