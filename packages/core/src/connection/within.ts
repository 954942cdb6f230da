import type { Timers } from '../bytes/timers.ts'

/** Longer than a server waits for the end of a run that is to stop. */
const LIMIT_MS = 10_000

/** Gives work ten seconds; then its signal aborts. */
export async function withinTenSeconds<T>(timers: Timers, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController()
  const timer = timers.setTimeout(() => giveUp.abort(), LIMIT_MS)
  try {
    return await work(giveUp.signal)
  } finally {
    timers.clearTimeout(timer)
  }
}
