import { titleOf } from '../recording/describe-row.ts'
import type { Row } from '../recording/entry.ts'
import { formatTime } from '../text/format-time.ts'
import { el, setText } from '../widgets/el.ts'
import { createJsonTree } from '../widgets/json-tree.ts'
import type { Pane } from './pane.ts'

/** The event or chunk that was chosen. */
export function createDetail(): Pane {
  const tree = createJsonTree('Event')
  const title = el('p', { class: 'title' })
  const about = el('p')
  const hint = el('p', { class: 'hint' }, 'Choose a line to see what it holds, and what the chat was then.')
  const content = el('div', {}, title, about, tree.element)
  content.hidden = true
  let shown: Row | undefined
  return {
    element: el('section', { class: 'detail', 'aria-label': 'Chosen event', tabindex: 0 }, hint, content),
    render({ recording, row: number }) {
      const row = number === undefined ? undefined : recording.rows.at(number)
      hint.hidden = row !== undefined
      content.hidden = row === undefined
      if (!row || row === shown) return
      shown = row
      const { at, event, transition, moment } = row.entry
      setText(title, titleOf(row))
      setText(about, `${formatTime(at)} · ${transition?.event === event.type ? `${transition.from} → ${transition.to}` : moment.path}`)
      tree.update({ ...(row.chunk ?? event) })
    },
  }
}
