import { nameInWords } from './words.ts'

export interface Row {
  name: string
  text: string
}

/** The fields of an object as rows of a definition list; `null` for a value that has none: {@link toText} shows that one. */
export function toRows(value: unknown): readonly Row[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.entries(value).flatMap(([name, field]) => (field === undefined ? [] : [{ name: nameInWords(name), text: toText(field) }]))
}

/** Text as it is, yes or no, a plain list with commas, anything else as JSON; nothing for nothing. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const isFlat = Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)
  if (isFlat) return value.map(toText).join(', ')
  return JSON.stringify(value, null, 2) ?? ''
}
