import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const START = '<!-- bench:node -->'
const END = '<!-- /bench:node -->'

/** Writes the tables into the page, between its markers; makes page and markers where there are none. */
export function writePerformancePage(file, markdown) {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '# Performance\n'
  const block = `${START}\n${markdown}\n${END}`
  const [start, end] = [page.indexOf(START), page.indexOf(END)]
  const next = start >= 0 && end > start ? page.slice(0, start) + block + page.slice(end + END.length) : `${page.trimEnd()}\n\n${block}\n`
  writeFileSync(file, next)
}
