import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** Whether every title on the way to a test is written in its file, or in what that imports beside it; `%s` and `$name` may stand for words of it. */
export function isWritten(file, test) {
  const { words, patterns } = readTitles(file)
  const isWord = (text) => words.has(text) || /^-?\d+$/.test(text)
  const isMade = (text) => patterns.some((pattern) => pattern.exec(text)?.slice(1).every(isWord))
  return test.split(' > ').every((title) => words.has(title) || isMade(title))
}

/** Whether vitest shows a test so: a name that comes from a table as `$name` is in quotes, and cut after 40 characters. */
export function isShownAs(test, shown) {
  if (shown === test || !shown.includes("'")) return shown === test
  const parts = shown.split(/'([^']*)'/).map((part, at) => {
    if (at % 2 === 0) return escaped(part)
    return part.endsWith('…') ? `${escaped(part.slice(0, -1))}.+` : `'?${escaped(part)}'?`
  })
  return new RegExp(`^${parts.join('')}$`).test(test)
}

const known = new Map()

function readTitles(file) {
  if (!known.has(file)) {
    const words = new Set()
    const placeholders = new Set()
    for (const path of withImports(file)) readWords(path, words, placeholders)
    known.set(file, { words, patterns: [...placeholders].map(toPattern) })
  }
  return known.get(file)
}

/** The file, and those of the same tests that it imports: fixtures, tables, suites. */
function withImports(file, found = new Set()) {
  found.add(file)
  for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
    const path = join(dirname(file), fileName)
    if (fileName.startsWith('.') && path.includes('/tests/') && existsSync(path) && !found.has(path)) withImports(path, found)
  }
  return found
}

const PLACE = '\u0000'

function readWords(file, words, placeholders) {
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isIdentifier(node)) words.add(node.text)
    const text = ts.isTemplateExpression(node)
      ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(PLACE)
      : ts.isStringLiteralLike(node)
        ? node.text.replaceAll(/%[a-z]|\$\w+/g, PLACE)
        : ''
    if (text.includes(PLACE)) placeholders.add(text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest))
}

function toPattern(text) {
  return new RegExp(`^${text.split(PLACE).map(escaped).join('(.+?)')}$`, 's')
}

function escaped(text) {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')
}
