/**
 * What one answer says, in no protocol yet: the same content is written as every contestant's own bytes.
 * `reasoning` and `text` are lists of deltas, `calls` of `{ id, name, deltas, output }`, all strings.
 */
export const content = ({ reasoning = [], text = [], calls = [] }) => ({ reasoning, text, calls })

/** So many deltas of about seven characters, as models send them. */
export const words = (count) => Array.from({ length: count }, (_, i) => `word${i % 100} `)

/** A text cut into deltas of so many characters. */
const cut = (text, size) => Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))

/** So many calls of a search, each with two deltas of arguments or more and a small result as JSON. */
export const searches = (count) =>
  Array.from({ length: count }, (_, i) => ({
    id: `c${i}`,
    name: 'search',
    deltas: cut(JSON.stringify({ query: `the quick brown fox, page ${i}`, limit: 10 }), 16),
    output: JSON.stringify({ found: i, titles: [`Fox ${i}`, `Dog ${i}`] }),
  }))

/** One call with such JSON arguments, in deltas of 16 bytes. */
export const callWith = (text) => [{ id: 'c', name: 'write', deltas: cut(text, 16), output: 'done' }]

/** What a client has to show when it has read all of it; what it says is compared with this before its time counts. */
export const expected = ({ reasoning, text, calls }) => ({
  reasoning: reasoning.join(''),
  text: text.join(''),
  calls: calls.map(({ id, deltas, output }) => ({ id, arguments: deltas.join(''), output })),
})

/** Earlier messages, user and assistant in turn. */
export const history = (count) =>
  Array.from({ length: count }, (_, i) => ({
    id: `h${i}`,
    role: i % 2 === 0 ? 'user' : 'assistant',
    text: `Message ${i}: ${'the quick brown fox jumps over the lazy dog. '.repeat(4)}`,
  }))
