import type { LoggedEvent } from './run-log.ts'

/** Where in a run a client is: what it was given as the id of the last event that it has. */
export interface Position {
  epoch: number
  seq: number
}

/** `<epoch>-<seq>`, e.g. `1-42`. */
export const positionOf = ({ epoch, seq }: Pick<LoggedEvent, 'epoch' | 'seq'>): string => `${epoch}-${seq}`

/** Undefined for what is none. */
export function parsePosition(text: string): Position | undefined {
  const [, epoch, seq] = POSITION.exec(text) ?? []
  return epoch === undefined || seq === undefined ? undefined : { epoch: Number(epoch), seq: Number(seq) }
}

/** Short enough to be exact as numbers. */
const POSITION = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/
