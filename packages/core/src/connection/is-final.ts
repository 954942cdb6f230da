import type { Chunk } from '../protocol/chunk.ts'

/** The whole answer is here: how the transport ends after it does not matter. */
export function isFinal(chunk: Chunk | undefined): boolean {
  if (chunk?.type === 'RUN_ERROR') return true
  if (chunk?.type !== 'RUN_FINISHED') return false
  const { outcome, metadata } = chunk
  // A run that leaves the rest to the client, or was cancelled, has nothing more to say.
  if (outcome?.type === 'interrupt' || outcome?.type === 'cancelled' || (outcome?.type === 'success' && outcome.pendingToolCallIds?.length))
    return true
  const reason = metadata?.finishReason
  return reason !== undefined && reason !== 'tool_calls'
}

/** The same on a channel whose runs have no other end: AG-UI itself knows no finish reasons, so only one that announces more goes on. */
export function isLast(chunk: Chunk | undefined): boolean {
  return isFinal(chunk) || (chunk?.type === 'RUN_FINISHED' && chunk.metadata?.finishReason === undefined)
}
