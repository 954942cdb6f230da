import type { Chunk, StateDelta } from '../src/protocol/chunk.ts'
import { text } from './chunks.ts'
import { jsonPieces } from './json-pieces.ts'

/** What agent and application share, as the agent sets it: `state` of the snapshot. */
export const sharedState = (state: unknown): Chunk => ({ type: 'STATE_SNAPSHOT', snapshot: state })

/**
 * Changes of what agent and application share: operations of RFC 6902.
 *
 * @example
 * statePatch({ op: 'replace', path: '/step', value: 2 })
 */
export const statePatch = (...operations: { op: string; path: string; from?: string; value?: unknown }[]): StateDelta => ({
  type: 'STATE_DELTA',
  delta: operations,
})

/**
 * An answer in the form of a schema, as the server streams it: the JSON of `value` in one delta, or in pieces of `deltaSize`
 * characters, and the value that the server has checked.
 */
export const structuredOutput = (messageId: string, value: unknown, { deltaSize = Infinity }: { deltaSize?: number } = {}): Chunk[] => {
  const raw = JSON.stringify(value)
  return [
    { type: 'CUSTOM', name: 'structured-output.start', value: { messageId } },
    ...text(messageId, ...jsonPieces(value, deltaSize)),
    { type: 'CUSTOM', name: 'structured-output.complete', value: { messageId, object: value, raw } },
  ]
}

/** A citation: a part of the type `source`. */
export const source = (id: string, page: { url?: string; title?: string; mimeType?: string } = {}): Chunk => ({
  type: 'CUSTOM',
  name: 'source',
  value: { id, ...page },
})

/** Data of the application: a part of the type `data`, updated in place by name and `id`; one that is `transient` is heard by `onData` only. */
export const data = (name: string, value: unknown, options: { id?: string; transient?: boolean } = {}): Chunk => ({
  type: 'CUSTOM',
  name: `data-${name}`,
  value: { data: value, ...options },
})
