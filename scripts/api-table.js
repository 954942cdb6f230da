/**
 * Writes the table of each binding's names beside its siblings' into the READMEs, between `<!-- siblings -->` and
 * `<!-- /siblings -->`, from what their index.ts exports. With `--check` it writes nothing and exits
 * with 1 if a table is stale or a name is missing in one of them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
const BINDINGS = ['react', 'vue', 'svelte', 'solid']

/** What every binding has, and the names that the frameworks' idioms give it. */
const ROWS = [
  ['a chat in a component', ['useChat']],
  ['a value computed from the snapshot', ['useChatSelector']],
  ['one message', ['useMessage']],
  ['the subscription primitive', ['useReadable']],
  ['gives a chat to what is below', ['ChatProvider', 'provideChat']],
  ['takes it', ['useChatContext', 'injectChat']],
  ['result', ['UseChatResult']],
]

const names = Object.fromEntries(BINDINGS.map((binding) => [binding, exportsOf(binding)]))
const isCheck = process.argv.includes('--check')

for (const binding of BINDINGS) {
  for (const name of names[binding]) {
    if (!ROWS.some(([, idioms]) => idioms.includes(name)) && !/^(?:ChatProviderProps|Reactive|Maybe\w+)$/.test(name)) {
      fail(`packages/${binding} exports ${name}, which has no row in scripts/api-table.js.`)
    }
  }
  const path = join(root, 'packages', binding, 'README.md')
  const before = readFileSync(path, 'utf8')
  const pattern = /(<!-- siblings -->)[\s\S]*?(<!-- \/siblings -->)/
  if (!pattern.test(before)) fail(`packages/${binding}/README.md has no <!-- siblings --> … <!-- /siblings -->.`)
  const after = before.replace(pattern, `$1\n${table(binding)}\n$2`)
  if (before === after) continue
  if (isCheck) fail(`The table in packages/${binding}/README.md is stale. Run: npm run api`)
  else writeFileSync(path, after)
}

function table(first) {
  const order = [first, ...BINDINGS.filter((binding) => binding !== first)]
  const title = (binding) => `\`@statechat/${binding}\``
  const rows = ROWS.map(([what, idioms]) => [what, ...order.map((binding) => nameIn(binding, what, idioms))])
  return [['', ...order.map(title)], ['---', ...order.map(() => '---')], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function nameIn(binding, what, idioms) {
  const name = idioms.find((idiom) => names[binding].includes(idiom))
  if (!name) fail(`packages/${binding} has no name for: ${what} (${idioms.join(' or ')}).`)
  return `\`${name}\``
}

function exportsOf(binding) {
  const file = join(root, 'packages', binding, 'src/index.ts')
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return statements.flatMap(({ exportClause }) =>
    exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [],
  )
}

function fail(text) {
  console.error(text)
  process.exitCode = 1
}
