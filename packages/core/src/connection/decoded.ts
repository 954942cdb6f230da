import type { Chunk } from '../protocol/chunk.ts'

/** What our own adapters return: arrays of chunks that a decoder has already checked. */
export type DecodedChunks = AsyncIterable<readonly Chunk[]>

const decoded = new WeakSet<object>()

export function markDecoded(chunks: DecodedChunks): DecodedChunks {
  decoded.add(chunks)
  return chunks
}

export function isDecoded(chunks: object): chunks is DecodedChunks {
  return decoded.has(chunks)
}
