import { el } from './el.ts'
import { moved } from './roving.ts'

/** Height of every row in px; the style sheet knows it as `--row`. */
export const ROW_HEIGHT = 24

export interface VirtualList {
  readonly element: HTMLElement
  render(state: VirtualListState): void
}

interface VirtualListState {
  readonly count: number
  /** Place of the selected row, -1 for none. */
  readonly selected: number
  /** The end is kept in sight, unless one has scrolled away from it. */
  readonly follows: boolean
}

export interface VirtualListOptions {
  readonly label: string
  /** Makes the element of a row; it is used for other rows later. */
  createRow(): HTMLElement
  /** Fills it with what is at this place, and gives what tells this row from all others for good. */
  fillRow(element: HTMLElement, index: number): number
  onSelect(index: number): void
  /** What is in sight has changed: render again in the next frame. */
  onScroll(): void
}

/**
 * A list box that has elements for the rows in sight only. The keyboard's focus stays on the box, and `aria-activedescendant`
 * names the row, since rows come and go.
 */
export function createVirtualList({ label, createRow, fillRow, onSelect, onScroll }: VirtualListOptions): VirtualList {
  const spacer = el('div', { class: 'spacer', role: 'presentation' })
  const element = el('div', { class: 'list', role: 'listbox', 'aria-label': label, tabindex: 0, onscroll, onkeydown, onclick }, spacer)
  const pool: HTMLElement[] = []
  let state: VirtualListState = { count: 0, selected: -1, follows: true }
  let isAtEnd = true

  function onscroll() {
    isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - ROW_HEIGHT / 2
    onScroll()
  }
  function onkeydown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor(element.clientHeight / ROW_HEIGHT) - 1)
    const from = state.selected < 0 ? state.count : state.selected
    const next = moved(event.key, from, state.count, 'vertical', page)
    if (next === undefined) return
    event.preventDefault()
    onSelect(next)
  }
  function onclick({ target }: MouseEvent) {
    const row = (target as Element).closest<HTMLElement>('[role=option]')
    if (row) onSelect(Number(row.dataset['index']))
  }

  function reveal(index: number) {
    const top = index * ROW_HEIGHT
    const { scrollTop, clientHeight } = element
    if (top < scrollTop) element.scrollTop = top
    else if (top + ROW_HEIGHT > scrollTop + clientHeight) element.scrollTop = top + ROW_HEIGHT - clientHeight
  }

  function fill(row: HTMLElement, index: number) {
    const { count, selected } = state
    const key = fillRow(row, index)
    row.id = `row-${key}`
    row.dataset['index'] = String(index)
    row.style.transform = `translateY(${index * ROW_HEIGHT}px)`
    row.setAttribute('aria-selected', String(index === selected))
    row.setAttribute('aria-posinset', String(index + 1))
    row.setAttribute('aria-setsize', String(count))
    if (index === selected) element.setAttribute('aria-activedescendant', row.id)
  }

  return {
    element,
    render(next) {
      const before = state
      state = next
      spacer.style.height = `${next.count * ROW_HEIGHT}px`
      if (next.selected >= 0 && next.selected !== before.selected) reveal(next.selected)
      else if (next.follows && isAtEnd) element.scrollTop = element.scrollHeight
      const first = Math.max(0, Math.floor(element.scrollTop / ROW_HEIGHT) - 2)
      const last = Math.min(next.count, Math.ceil((element.scrollTop + element.clientHeight) / ROW_HEIGHT) + 2)
      element.removeAttribute('aria-activedescendant')
      while (pool.length < last - first) pool.push(createRow())
      for (let i = first; i < last; i++) fill(pool[i - first]!, i)
      const shown = pool.slice(0, Math.max(0, last - first))
      if (spacer.childElementCount !== shown.length) spacer.replaceChildren(...shown)
    },
  }
}
