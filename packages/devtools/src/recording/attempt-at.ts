import type { Attempt } from './attempts.ts'
import { chunksOf } from './machine-event.ts'
import type { Recording } from './recording.ts'

/** What was known of a request once this entry was there; undefined if it had not begun. */
export function attemptAt({ entries }: Recording, attempt: Attempt, entry: number): Attempt | undefined {
  const { runId, count, started, opened, ended } = attempt
  if (started.entry > entry) return undefined
  let [reads, chunks] = [0, 0]
  let cursor: string | undefined
  const last = Math.min(entry, ended?.entry ?? entry)
  for (let i = Math.max(started.entry, entries.first); i <= last; i++) {
    const event = entries.at(i)?.event
    if (event?.type !== 'run.chunks' || event['runId'] !== runId) continue
    reads++
    chunks += chunksOf(event).length
    if (typeof event['cursor'] === 'string') cursor = event['cursor']
  }
  return {
    runId,
    count,
    started,
    ...(opened && opened.entry <= entry && { opened }),
    ...(ended && ended.entry <= entry && { ended }),
    reads,
    chunks,
    ...(cursor !== undefined && { cursor }),
  }
}
