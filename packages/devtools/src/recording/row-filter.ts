import { searchTextOf } from './describe-row.ts'
import type { Row } from './entry.ts'
import type { RowKind } from './kinds.ts'
import type { Recording } from './recording.ts'

export interface RowQuery {
  readonly hidden: ReadonlySet<RowKind>
  /** Lower case; empty: any. */
  readonly text: string
}

/** The numbers of the rows that match, in order. */
export interface RowFilter {
  readonly length: number
  /** Number of the row at this place. */
  at(index: number): number | undefined
  /** Place of the row with this number, or of the last one before it; -1 if there is none. */
  indexOf(number: number): number
  /** Looks at what is new, or at everything if the question is another one. */
  update(rows: Recording['rows'], query: RowQuery): void
}

export function createRowFilter(): RowFilter {
  let matches: number[] = []
  let scanned = 0
  let rows: Recording['rows'] | undefined
  let query: RowQuery | undefined

  return {
    get length() {
      return matches.length
    },
    at: (index) => matches[index],
    indexOf: (number) => firstAbove(matches, number) - 1,
    update(nextRows, nextQuery) {
      if (nextRows !== rows || nextQuery !== query) {
        matches = []
        scanned = 0
      }
      rows = nextRows
      query = nextQuery
      if (matches.length > 0 && matches[0]! < rows.first) matches = matches.slice(firstAbove(matches, rows.first - 1))
      for (const row of rows.from(scanned)) if (isMatch(row, query)) matches.push(row.number)
      scanned = rows.end
    },
  }
}

const isMatch = (row: Row, { hidden, text }: RowQuery): boolean => !hidden.has(row.kind) && (text === '' || searchTextOf(row).includes(text))

/** Index of the first of the ascending numbers that is above this one. */
function firstAbove(numbers: readonly number[], number: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! > number) high = middle
    else low = middle + 1
  }
  return low
}
