import type { Chunk } from '@statechat/core'

/** An event as the machine takes it; those of XState itself have names that begin with `xstate.`. */
export interface MachineEvent {
  readonly type: string
  readonly [field: string]: unknown
}

/** Those that the event brought. */
export const chunksOf = ({ type, chunks }: MachineEvent): readonly Chunk[] =>
  type === 'run.chunks' && Array.isArray(chunks) ? (chunks as readonly Chunk[]) : []
