import type { Attempt } from './attempts.ts'
import type { BoundedList } from './bounded-list.ts'
import type { Entry, Row } from './entry.ts'

/** What has happened in one chat, as far as it is remembered. */
export interface Recording {
  readonly entries: BoundedList<Entry>
  readonly rows: BoundedList<Row>
  /** The latest requests, oldest first. */
  readonly attempts: readonly Attempt[]
  /** Calls back for every entry, while the machine is at work: do nothing there but ask for a frame. */
  subscribe(onChange: () => void): () => void
  stop(): void
}
