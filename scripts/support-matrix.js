/**
 * Writes the tables of support into docs/support.md, between `<!-- support -->` and `<!-- /support -->`, from
 * support-matrix.data.js, and checks that every tick has its test: that its title is written in its file, and with
 * `--report <file>` (vitest's JSON, as often as there are reports) that it ran and passed. A report is counted, too.
 * With `--check` it writes nothing and exits with 1 if the tables are stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { COUNTS, TABLES } from './support-matrix.data.js'
import { isShownAs, isWritten } from './support-matrix.titles.js'

const root = join(import.meta.dirname, '..')
const { check, report: reports } = parseArgs({
  options: { check: { type: 'boolean', default: false }, report: { type: 'string', multiple: true, default: [] } },
}).values
const problems = new Set()

const hasReport = reports.length > 0
const ran = new Map(reports.flatMap(readReport))
const cells = TABLES.flatMap(cellsOf)
for (const cell of cells) problems.add(problemOfText(cell) ?? (hasReport ? problemOfRun(cell) : undefined))
if (hasReport) for (const column of TABLES.flatMap(({ columns }) => columns)) if (column.suite) findUnlisted(column)
writeTables()

problems.delete(undefined)
for (const problem of problems) console.error(problem)
if (problems.size > 0) process.exitCode = 1
else console.log(`${cells.length} ticks in ${TABLES.length} tables have a test that ${hasReport ? 'passed' : 'is written'}.`)
for (const line of COUNTS.flatMap(countOf)) console.log(line)

/** What ran, by file: two tests may be shown alike. */
function readReport(path) {
  if (!existsSync(path)) {
    problems.add(`There is no report ${path}.`)
    return []
  }
  return JSON.parse(readFileSync(path, 'utf8')).testResults.map(({ name, assertionResults }) => [
    relative(root, name),
    assertionResults.map(({ ancestorTitles, title, status }) => ({ shown: [...ancestorTitles, title].join(' > '), status })),
  ])
}

function cellsOf({ title, features, columns }) {
  return columns.flatMap((column) => {
    const { name, ...rest } = column
    for (const feature of Object.keys(rest)) {
      if (feature !== 'suite' && !features.includes(feature)) problems.add(`${title}: ${name} has “${feature}”, which is no row.`)
    }
    return features.map((feature) => column[feature]).filter((cell) => cell !== undefined && cell !== 'no')
  })
}

function problemOfRun({ file, test }) {
  const tests = ran.get(file)
  if (!tests) return `${file} is in no report.`
  const found = tests.filter(({ shown }) => isShownAs(test, shown))
  if (found.length === 0) return `${file} has not run: ${test}`
  if (found.some(({ status }) => status !== 'passed')) return `${file} did not pass: ${test}`
  return undefined
}

function problemOfText({ file, test }) {
  if (!existsSync(join(root, file))) return `${file} is not there.`
  return isWritten(join(root, file), test) ? undefined : `${file} has no test: ${test}`
}

/** A point that a suite gained is a row that is missing. */
function findUnlisted({ name, suite, ...column }) {
  for (const { shown } of ran.get(suite) ?? []) {
    const point = shown.startsWith(`${name} > `) ? shown.slice(name.length + 3) : undefined
    // Refusals are many of one kind; one stands for them.
    if (point !== undefined && !(point in column) && !point.startsWith('refused with ')) problems.add(`${suite} has a test without a row: ${shown}`)
  }
}

function countOf({ name, file, test }) {
  const passed = ran.get(file)?.filter(({ shown, status }) => status === 'passed' && test.test(shown))
  return passed ? [`${String(passed.length).padStart(6)} ${name}`] : []
}

function writeTables() {
  const path = join(root, 'docs/support.md')
  const before = readFileSync(path, 'utf8')
  const pattern = /(<!-- support -->)[\s\S]*?(<!-- \/support -->)/
  if (!pattern.test(before)) return problems.add('docs/support.md has no <!-- support --> … <!-- /support -->.')
  const after = before.replace(pattern, (_, start, end) => `${start}\n\n${TABLES.map(printed).join('\n\n')}\n\n${end}`)
  if (before === after) return
  if (check) problems.add('The tables in docs/support.md are stale. Run: npm run support')
  else writeFileSync(path, after)
}

function printed({ title, corner, features, columns }) {
  const head = [corner, ...columns.map(({ name }) => name)]
  const rows = features.map((feature) => [feature, ...columns.map((column) => mark(column[feature]))])
  return [`## ${title}`, '', ...[head, head.map((_, at) => (at === 0 ? '---' : ':-:')), ...rows].map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

function mark(cell) {
  if (cell === undefined) return '–'
  if (cell === 'no') return 'no'
  return `[✓](../${cell.file} "${cell.test.replaceAll(/["\\|]/g, '\\$&')}")`
}
