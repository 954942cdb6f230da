import { lazy } from '../lazy.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { MessagePart, UIMessage } from './message.ts'

/** All of a transcript but prose: its other parts, shared state, snapshots. Loaded with the first conversation that has some. */
export const rich = lazy(() => import('./rich-parts.ts'))

/** Whether only {@link rich} knows what to do with a chunk. */
export function isRichChunk(chunk: Chunk): boolean {
  switch (chunk.type) {
    case 'RUN_STARTED':
      return chunk.input !== undefined
    case 'RUN_FINISHED':
      return chunk.outcome?.type === 'interrupt'
    default:
      return !PLAIN_CHUNKS.has(chunk.type)
  }
}

const PLAIN_CHUNKS: ReadonlySet<Chunk['type']> = new Set([
  'RUN_ERROR',
  'STEP_STARTED',
  'STEP_FINISHED',
  'TEXT_MESSAGE_START',
  'TEXT_MESSAGE_CONTENT',
  'TEXT_MESSAGE_END',
  'REASONING_START',
  'REASONING_END',
  'REASONING_MESSAGE_START',
  'REASONING_MESSAGE_CONTENT',
  'REASONING_MESSAGE_END',
])

/** Whether only {@link rich} knows what to do with a part of a message. */
export const isRichMessage = ({ parts }: UIMessage): boolean => parts.some(({ type }) => !PLAIN_PARTS.has(type))

const PLAIN_PARTS: ReadonlySet<MessagePart['type']> = new Set(['text', 'thinking', 'image', 'audio', 'video', 'document'])
