import type { Attempt } from '../recording/attempts.ts'
import { attemptAt } from '../recording/attempt-at.ts'
import { formatTime } from '../text/format-time.ts'
import { createTable } from '../widgets/table.ts'
import type { Pane, View } from './pane.ts'

/** Each request of each run, the latest first, as far as it was at the moment that is shown. */
export function createNetwork(): Pane {
  const table = createTable(
    'Requests',
    ['Run', 'Attempt', 'Started', 'Opened', 'Ended', 'How', 'Reads', 'Chunks', 'Cursor'],
    'Nothing was requested while the panel was there.',
  )
  let shown: { readonly entry: View['entry']; readonly isLive: boolean } | undefined
  return {
    element: table.element,
    render({ recording, entry, row }) {
      const isLive = row === undefined
      if (shown && shown.entry === entry && shown.isLive === isLive) return
      shown = { entry, isLive }
      const attempts = isLive ? recording.attempts : recording.attempts.flatMap((attempt) => attemptAt(recording, attempt, entry?.number ?? 0) ?? [])
      table.render([...attempts].reverse().map((attempt) => ({ cells: cellsOf(attempt), mark: attempt.ended?.how ?? 'open' })))
    },
  }
}

function cellsOf({ runId, count, started, opened, ended, reads, chunks, cursor }: Attempt): string[] {
  const how = ended ? `${ended.how}${ended.error === undefined ? '' : `: ${ended.error}`}` : opened ? 'receiving' : 'connecting'
  const at = (mark: { at: number } | undefined) => (mark ? formatTime(mark.at) : '–')
  return [runId, String(count), at(started), at(opened), at(ended), how, String(reads), String(chunks), cursor ?? '–']
}
