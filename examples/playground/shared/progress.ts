import { toText } from './rows.ts'

/** How far a tool is: a share of 1 if that is known, and what it says about it. */
export interface Progress {
  share?: number | undefined
  text: string
}

/** Tools report what they like: a share, `{ done, total }`, or a word about the step they are at. */
export function toProgress(progress: unknown): Progress | null {
  if (progress === undefined || progress === null) return null
  if (typeof progress === 'number') return ofShare(progress)
  if (typeof progress !== 'object') return { text: toText(progress) }
  const { done, total, message } = progress as { done?: unknown; total?: unknown; message?: unknown }
  const said = typeof message === 'string' ? message : undefined
  if (typeof done === 'number' && typeof total === 'number' && total > 0) return { share: clamped(done / total), text: said ?? `${done} of ${total}` }
  return { text: said ?? toText(progress) }
}

const ofShare = (number: number): Progress =>
  number >= 0 && number <= 1 ? { share: number, text: `${Math.round(number * 100)} %` } : { text: String(number) }

const clamped = (share: number): number => Math.min(1, Math.max(0, share))
