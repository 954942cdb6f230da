import { preview } from '../text/preview.ts'

/** Longer lists are shown in groups of so many, so that opening one costs the same whatever its length. */
const GROUP = 100

/** More text than this is not shown. */
const MAX_TEXT = 50_000

/** A text that does not fit on a line can be opened. */
const LINE = 100

/** A part of a long list. */
interface Slice {
  readonly list: readonly unknown[]
  readonly from: number
}
const slices = new WeakSet<object>()
const isSlice = (value: unknown): value is Slice => typeof value === 'object' && value !== null && slices.has(value)

function slice(list: readonly unknown[], from: number): Slice {
  const part = { list, from }
  slices.add(part)
  return part
}

/** What is in a value, by name; a long list has groups in it. */
export function entriesOf(value: unknown): [string, unknown][] {
  if (isSlice(value)) return value.list.slice(value.from, value.from + GROUP).map((item, i) => [String(value.from + i), item])
  if (!Array.isArray(value)) return Object.entries(value as object).filter(([, item]) => item !== undefined)
  if (value.length <= GROUP) return value.map((item, i) => [String(i), item])
  return Array.from({ length: Math.ceil(value.length / GROUP) }, (_, i) => {
    const from = i * GROUP
    return [`${from} … ${Math.min(value.length, from + GROUP) - 1}`, slice(value, from)]
  })
}

/** What the style sheet knows it as. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (isSlice(value)) return 'group'
  return Array.isArray(value) ? 'list' : typeof value
}

export function isExpandable(value: unknown): boolean {
  if (typeof value === 'string') return value.length > LINE || value.includes('\n')
  if (typeof value !== 'object' || value === null || value instanceof Date) return false
  if (isSlice(value)) return true
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0
}

/** A value on one line. */
export function titleOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `${value.length} ${value.length === 1 ? 'item' : 'items'}  ${preview(value, 80)}`
  return isSlice(value) ? '' : preview(value, LINE)
}

/** A text that was opened. */
export const textOf = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}\n… ${text.length - MAX_TEXT} more characters` : text
