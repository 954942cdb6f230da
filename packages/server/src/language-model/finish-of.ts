import type { FinishReason, TokenUsage } from '@statechat/core/wire'
import type { ModelFinish } from '../adapter.ts'
import { ModelError } from '../model-error.ts'
import type { FinishPart, Usage } from './model.ts'

interface FinishContext {
  provider: string
  /** The model that answered. */
  model: string
  /** Whether there are calls for somebody to answer. */
  called: boolean
}

/** How an answer ended, in every version's form. Throws if the provider only noticed that nothing came any more. */
export function finishOf({ finishReason, usage, providerMetadata }: FinishPart, { provider, model, called }: FinishContext): ModelFinish {
  const { unified, raw } = typeof finishReason === 'string' ? { unified: finishReason, raw: finishReason } : finishReason
  // Where the connection just ends, v2 says `unknown`, v3 `other` for no reason, v4 `interrupted`.
  if (unified === 'unknown' || unified === 'interrupted' || (unified === 'other' && raw === undefined))
    throw new ModelError('truncated', `${provider}: the answer ended without a finish reason`)
  return {
    type: 'finish',
    reason: reasonOf(unified, called),
    ...(usage && { usage: tokenUsage(usage, { provider, model }) }),
    ...(providerMetadata && { metadata: { providerMetadata } }),
  }
}

function reasonOf(unified: string, called: boolean): FinishReason {
  switch (unified) {
    case 'stop':
      return called ? 'tool_calls' : 'stop'
    case 'length':
    case 'error':
      return unified
    case 'content-filter':
      return 'content_filter'
    case 'tool-calls':
      return 'tool_calls'
    default:
      return called ? 'tool_calls' : 'other'
  }
}

function tokenUsage({ inputTokens: input, outputTokens: output, totalTokens, ...flat }: Usage, names: TokenUsage): TokenUsage {
  const inputs = typeof input === 'object' ? input : { total: input, cacheRead: flat.cachedInputTokens }
  const outputs = typeof output === 'object' ? output : { total: output, reasoning: flat.reasoningTokens }
  const counts = {
    inputTokens: inputs.total,
    outputTokens: outputs.total,
    totalTokens: totalTokens ?? (inputs.total ?? Number.NaN) + (outputs.total ?? Number.NaN),
    reasoningTokens: outputs.reasoning,
    cachedInputTokens: inputs.cacheRead,
    cacheWriteInputTokens: 'cacheWrite' in inputs ? inputs.cacheWrite : undefined,
  }
  return { ...names, ...Object.fromEntries(Object.entries(counts).filter(([, count]) => Number.isFinite(count))) }
}
