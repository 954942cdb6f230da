import type { Chunk } from '@statechat/core'
import { chunkKind, eventKind, type RowKind } from './kinds.ts'
import { chunksOf, type MachineEvent } from './machine-event.ts'
import type { Moment } from './moment.ts'

/** A change of the machine's state. */
interface Transition {
  readonly event: string
  readonly from: string
  readonly to: string
}

/** One event that the machine has dealt with. */
export interface Entry {
  readonly number: number
  /** Number of its first line in the timeline. */
  readonly row: number
  /** Milliseconds since the record began. */
  readonly at: number
  readonly event: MachineEvent
  /** The last change of state, this event's if it made one. */
  readonly transition: Transition | null
  /** What the chat was after it. */
  readonly moment: Moment
}

/** A line of the timeline: an event, or one of the chunks that it brought. */
export interface Row {
  readonly number: number
  readonly kind: RowKind
  readonly entry: Entry
  readonly chunk?: Chunk
}

/** The lines of an entry: its event's, and one for each chunk. */
export function rowsOf(entry: Entry): Row[] {
  const rows: Row[] = [{ number: entry.row, kind: eventKind(entry.event.type), entry }]
  for (const chunk of chunksOf(entry.event)) rows.push({ number: entry.row + rows.length, kind: chunkKind(chunk.type), entry, chunk })
  return rows
}
