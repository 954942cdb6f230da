import { asked } from './asked.js'

/** The messages before, in each library's own shape: `toPart` makes its text part. About 130 characters each. */
export const earlierMessages = (toPart, more = {}) =>
  Array.from({ length: asked.earlier }, (_, i) => ({
    id: `earlier-${i}`,
    role: i % 2 === 0 ? 'user' : 'assistant',
    parts: [toPart(`Message ${i}: ${'some words that were said before '.repeat(4)}`)],
    ...more,
  }))

/** Renders of each row, by the id of its message. Counted where the text is read, which no row can do without. */
export const renders = new Map()

/** The text of a message; a row calls it once per render. */
export function textOf({ id, parts }) {
  renders.set(id, (renders.get(id) ?? 0) + 1)
  let text = ''
  for (const part of parts) if (part.type === 'text') text += part.text ?? part.content
  return text
}
