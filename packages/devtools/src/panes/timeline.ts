import { KIND_LABELS, ROW_KINDS, type RowKind } from '../recording/kinds.ts'
import { createRowFilter, type RowQuery } from '../recording/row-filter.ts'
import { el, setText } from '../widgets/el.ts'
import { createVirtualList } from '../widgets/virtual-list.ts'
import { createDetail } from './detail.ts'
import type { Pane, View } from './pane.ts'
import { createTimelineRow, fillTimelineRow } from './timeline-row.ts'

export interface TimelineOptions {
  /** A line was chosen. */
  onJump(row: number): void
  /** Something else is to be seen: render in the next frame. */
  onChange(): void
}

/** Everything that the machine was told, and every chunk that came with it, in time. */
export function createTimeline({ onJump, onChange }: TimelineOptions): Pane {
  const filter = createRowFilter()
  const detail = createDetail()
  let query: RowQuery = { hidden: new Set(), text: '' }
  let view: View | undefined

  const list = createVirtualList({
    label: 'Events and chunks',
    createRow: createTimelineRow,
    fillRow(element, index) {
      const number = filter.at(index)!
      fillTimelineRow(element, view!.recording.rows.at(number)!)
      return number
    },
    onSelect: (index) => onJump(filter.at(index)!),
    onScroll: onChange,
  })
  const count = el('span', { class: 'count' })
  const search = el('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search events and chunks', oninput, onkeydown })
  const kinds = ROW_KINDS.map((kind) =>
    el('button', { type: 'button', class: 'chip', 'aria-pressed': 'true', 'data-kind': kind, onclick: () => toggle(kind) }, KIND_LABELS[kind]),
  )

  function ask(next: Partial<RowQuery>) {
    query = { ...query, ...next }
    onChange()
  }
  function oninput() {
    ask({ text: search.value.trim().toLowerCase() })
  }
  /** Escape empties a search before it closes the panel. */
  function onkeydown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || search.value === '') return
    event.stopPropagation()
    event.preventDefault()
    search.value = ''
    oninput()
  }
  function toggle(kind: RowKind) {
    const hidden = new Set(query.hidden)
    if (!hidden.delete(kind)) hidden.add(kind)
    for (const button of kinds) button.setAttribute('aria-pressed', String(!hidden.has(button.dataset['kind'] as RowKind)))
    ask({ hidden })
  }

  return {
    element: el(
      'div',
      { class: 'timeline' },
      el('div', { class: 'filters', role: 'group', 'aria-label': 'Filter' }, search, ...kinds, count),
      el('div', { class: 'split' }, list.element, detail.element),
    ),
    render(next) {
      view = next
      const { rows } = next.recording
      filter.update(rows, query)
      const all = rows.end - rows.first
      setText(count, filter.length === all ? `${all}` : `${filter.length} of ${all}`)
      const place = next.row === undefined ? -1 : filter.indexOf(next.row)
      const isShown = place >= 0 && filter.at(place) === next.row
      list.render({ count: filter.length, selected: isShown ? place : -1, follows: next.row === undefined })
      detail.render(next)
    },
  }
}
