import type { Chunk, TextMessageContent } from '../protocol/chunk.ts'

/**
 * Calls `apply` for each chunk, adjacent deltas of one id joined into one, so that the 200 deltas of one
 * network read cost one new part and not 200.
 */
export function forEachCoalesced(chunks: readonly Chunk[], apply: (chunk: Chunk) => void): void {
  let i = 0
  while (i < chunks.length) {
    const first = chunks[i++]!
    const id = deltaId(first)
    if (id === undefined || !isSameDelta(chunks[i], first, id)) {
      apply(first)
      continue
    }
    let delta = (first as TextMessageContent).delta
    while (i < chunks.length && isSameDelta(chunks[i], first, id)) delta += (chunks[i++] as TextMessageContent).delta
    apply({ ...first, delta } as Chunk)
  }
}

function deltaId(chunk: Chunk): string | undefined {
  switch (chunk.type) {
    case 'TEXT_MESSAGE_CONTENT':
    case 'REASONING_MESSAGE_CONTENT':
      return chunk.messageId
    case 'TOOL_CALL_ARGS':
      return chunk.toolCallId
    default:
      return undefined
  }
}

/** A chunk with metadata of its own is applied on its own. */
function isSameDelta(chunk: Chunk | undefined, first: Chunk, id: string): boolean {
  return chunk !== undefined && chunk.type === first.type && deltaId(chunk) === id && chunk.metadata === undefined
}
