import { summaryOf, titleOf } from '../recording/describe-row.ts'
import type { Row } from '../recording/entry.ts'
import { formatTime } from '../text/format-time.ts'
import { el, setAttribute, setText } from '../widgets/el.ts'

export const createTimelineRow = (): HTMLElement =>
  el('div', { class: 'row', role: 'option' }, el('span', { class: 'time' }), el('span', { class: 'title' }), el('span', { class: 'summary' }))

/** A line that is used again gets another event; what it says is what a screen reader says. */
export function fillTimelineRow(element: HTMLElement, row: Row): void {
  const [time, title, summary] = element.children as unknown as [Element, Element, Element]
  setText(time, formatTime(row.entry.at))
  setText(title, titleOf(row))
  setText(summary, summaryOf(row))
  setAttribute(element, 'data-kind', row.kind)
  setAttribute(element, 'data-chunk', row.chunk ? '' : undefined)
}
