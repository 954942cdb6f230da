import type { Recording } from './recording/recording.ts'

/** Something the panel can show: a chat, or a trace that was imported. */
export interface Source {
  readonly name: string
  readonly recording: Recording
  /** As a trace that can be played again; undefined if there is none yet. */
  trace(): object
  stop(): void
}
