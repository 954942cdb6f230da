import { renders } from './messages.js'
import { onMutation, perFrame, watchClicks, watchLongTasks } from './watch.js'

let onPublished = () => {}

/** A snapshot with more of the answer, and nothing else, was published. */
export const published = () => onPublished()

/** Watches a turn from before its send. `end` gives what was seen. */
export function observeTurn({ list, frames, painted }) {
  const before = [...list.children]
  const snapshots = perFrame(frames)
  onPublished = snapshots.note
  const updates = perFrame(frames)
  let streaming = null
  const endUpdates = onMutation(list, () => {
    if (list.childElementCount !== before.length + 2) return
    streaming ??= list.lastElementChild
    updates.note()
  })
  const clicks = watchClicks(painted)
  const longTasks = watchLongTasks()

  return {
    end() {
      endUpdates()
      const rows = [...list.children]
      return {
        /** Milliseconds of each. */
        clicks: clicks.end(),
        longTasks: longTasks.end(),
        finishedRows: rows.length - 1,
        finishedRenders: rendersOf(rows.slice(0, -1), before.length),
        snapshots: snapshots.counted,
        updates: updates.counted,
        /** All rows of before, and the row of the answer since it was first seen, are the elements that they were. */
        keepsRows: before.every((row, i) => row === rows[i]) && rows.at(-1) === streaming,
      }
    },
  }
}

/** Renders since the send of rows that were finished; a row that is new has one to begin with. Null where nobody counts. */
function rendersOf(rows, known) {
  if (renders.size === 0) return null
  return rows.reduce((sum, row, i) => sum + (renders.get(row.dataset.id) ?? 0) - (i < known ? 0 : 1), 0)
}
