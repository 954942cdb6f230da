import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Puts Markdown between `<!-- name -->` and `<!-- /name -->` of a file; makes the file, or the markers, if they are missing. */
export function writeBlock(file, name, markdown) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const block = `${begin}\n${markdown.trim()}\n${end}`
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  const isThere = from >= 0 && to > from
  const before = text.trim() === '' ? '' : `${text.trimEnd()}\n\n`
  writeFileSync(file, isThere ? text.slice(0, from) + block + text.slice(to + end.length) : `${before}${block}\n`)
}
