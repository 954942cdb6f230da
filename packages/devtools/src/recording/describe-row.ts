import { preview } from '../text/preview.ts'
import type { Row } from './entry.ts'
import { chunksOf } from './machine-event.ts'

/** What a line of the timeline is about. */
export const titleOf = ({ entry, chunk }: Row): string => chunk?.type ?? entry.event.type

/** What a line holds, on one line. */
export function summaryOf({ entry, chunk }: Row): string {
  if (chunk) return fieldsOf(chunk)
  const count = chunksOf(entry.event).length
  if (count > 0) return count === 1 ? '1 chunk' : `${count} chunks`
  return fieldsOf(entry.event)
}

/** Where a search looks. Its length bounds the cost of searching through large chunks. */
export const searchTextOf = ({ entry, chunk }: Row): string => preview(chunk ?? withoutChunks(entry.event), 2_000).toLowerCase()

/** The chunks have lines of their own. */
const withoutChunks = ({ chunks: _chunks, ...event }: Row['entry']['event']) => event

function fieldsOf({ type: _type, ...fields }: object & { type: string }): string {
  return preview(fields).slice(1, -1)
}
