import type { Entry } from '../recording/entry.ts'
import type { Recording } from '../recording/recording.ts'

/** What the panel shows: one entry of one recording. */
export interface View {
  readonly recording: Recording
  /** The entry whose moment is shown; undefined when nothing has happened. */
  readonly entry: Entry | undefined
  /** Number of the line of the timeline that was chosen; undefined while the latest entry is followed. */
  readonly row: number | undefined
}

/** One part of the panel; rendered at most once per frame, and only while it can be seen. */
export interface Pane {
  readonly element: HTMLElement
  render(view: View): void
}
