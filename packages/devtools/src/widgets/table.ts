import { el, setAttribute, setText } from './el.ts'

interface TableRow {
  readonly cells: readonly string[]
  /** For the style sheet. */
  readonly mark: string
}

export interface Table {
  readonly element: HTMLElement
  render(rows: readonly TableRow[]): void
}

/** A table whose cells are written over, so that a reader's place and selection stay. */
export function createTable(caption: string, heads: readonly string[], empty: string): Table {
  const body = el('tbody')
  const table = el(
    'table',
    {},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    body,
  )
  const nothing = el('p', { class: 'hint' }, empty)
  return {
    element: el('div', { class: 'table' }, nothing, table),
    render(rows) {
      nothing.hidden = rows.length > 0
      table.hidden = rows.length === 0
      while (body.rows.length > rows.length) body.deleteRow(-1)
      while (body.rows.length < rows.length) body.append(el('tr', {}, ...heads.map(() => el('td'))))
      for (const [i, { cells, mark }] of rows.entries()) {
        const row = body.rows[i]!
        setAttribute(row, 'data-mark', mark)
        for (const [j, text] of cells.entries()) setText(row.cells[j]!, text)
      }
    },
  }
}
