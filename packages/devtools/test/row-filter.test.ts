import { describe, expect, it } from 'vitest'
import { createBoundedList } from '../src/recording/bounded-list.ts'
import { type Row, rowsOf } from '../src/recording/entry.ts'
import type { RowKind } from '../src/recording/kinds.ts'
import { createRowFilter } from '../src/recording/row-filter.ts'

function setup(limit = 1000) {
  const rows = createBoundedList<Row>(limit)
  const filter = createRowFilter()
  const add = (type: string, fields: object = {}) => {
    for (const row of rowsOf({ number: rows.end, row: rows.end, at: 0, event: { type, ...fields }, transition: null, moment: {} as never }))
      rows.push(row)
  }
  const shown = () =>
    Array.from({ length: filter.length }, (_, i) => rows.at(filter.at(i)!)!).map(({ entry, chunk }) => chunk?.type ?? entry.event.type)
  return { rows, filter, add, shown }
}
const query = (text = '', ...hidden: RowKind[]) => ({ text, hidden: new Set(hidden) })

describe('the filter of the timeline', () => {
  it('leaves out the kinds that are hidden', () => {
    const { rows, filter, add, shown } = setup()
    add('user.send')
    add('run.chunks', { chunks: [{ type: 'TEXT_MESSAGE_CONTENT', delta: 'Hello' }] })
    filter.update(rows, query('', 'run'))
    expect(shown()).toEqual(['user.send', 'TEXT_MESSAGE_CONTENT'])
    filter.update(rows, query('', 'text', 'user'))
    expect(shown()).toEqual(['run.chunks'])
  })
  it('finds text in events and chunks, whatever its case', () => {
    const { rows, filter, add, shown } = setup()
    add('user.send', { message: { parts: [{ content: 'Oslo' }] } })
    add('run.chunks', { chunks: [{ type: 'TEXT_MESSAGE_CONTENT', delta: 'in OSLO' }] })
    add('user.stop')
    filter.update(rows, query('oslo'))
    expect(shown()).toEqual(['user.send', 'TEXT_MESSAGE_CONTENT'])
  })
  it('takes in what is new without looking at the old again, and forgets what the record has forgotten', () => {
    const { rows, filter, add, shown } = setup(10)
    const all = query()
    for (let i = 0; i < 10; i++) add(`user.${i}`)
    filter.update(rows, all)
    for (let i = 10; i < 35; i++) {
      add(`user.${i}`)
      filter.update(rows, all)
      expect(shown()).toEqual(rows.from(0).map(({ entry }) => entry.event.type))
    }
  })
  it('knows the place of a row, and of the one before it when it is hidden', () => {
    const { rows, filter, add } = setup()
    for (const type of ['user.send', 'run.opened', 'user.stop']) add(type)
    filter.update(rows, query('', 'run'))
    expect([0, 1, 2].map((number) => filter.indexOf(number))).toEqual([0, 0, 1])
    filter.update(rows, query('', 'user', 'run'))
    expect(filter.indexOf(1)).toBe(-1)
  })
})
