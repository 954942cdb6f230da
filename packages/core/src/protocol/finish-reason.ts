import type { FinishReason, RunFinished } from './chunk.ts'

/** Providers' and servers' names for the same thing. */
const NAMES: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['tool_calls', 'tool_calls'],
  ['tool-calls', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['content-filter', 'content_filter'],
  ['safety', 'content_filter'],
  ['refusal', 'content_filter'],
  ['model_context_window_exceeded', 'length'],
  ['error', 'error'],
])

/** A finish reason under one of our names; `undefined` for an absent one. */
export function toFinishReason(value: unknown): FinishReason | undefined {
  return typeof value === 'string' ? (NAMES.get(value.toLowerCase()) ?? 'other') : undefined
}

/** The chunk with its reason in `metadata.finishReason`, wherever the server put it: there, or in one of TanStack AI's two places. */
export function withFinishReason(chunk: RunFinished): RunFinished {
  const metadata = chunk.metadata as { finishReason?: unknown; tanstack?: { finishReason?: unknown } | null } | undefined
  const finishReason =
    toFinishReason(metadata?.finishReason) ??
    toFinishReason((chunk as { finishReason?: unknown }).finishReason) ??
    toFinishReason(metadata?.tanstack?.finishReason)
  if (finishReason === undefined || finishReason === metadata?.finishReason) return chunk
  return { ...chunk, metadata: { ...chunk.metadata, finishReason } }
}
