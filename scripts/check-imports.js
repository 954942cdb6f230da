/** Holds the tree to its rules of who may import whom (docs/architecture.md). Prints each breach and exits with 1. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')

/** What each stage of the pipeline may import; `type:` = its types only. Files beside the stages join them and may import all. */
const STAGES = {
  bytes: [],
  framing: [],
  tool: [],
  protocol: ['type:transcript'],
  transcript: ['protocol', 'type:tool'],
  connection: ['bytes', 'framing', 'protocol', 'type:transcript'],
  session: ['connection', 'protocol', 'tool', 'transcript'],
  view: ['protocol', 'transcript', 'session'],
}

/** Folders beside the stages: they look at the whole, and may import all. */
const BESIDE = new Set(['trace', 'persist', 'tabs'])

/** Files beside the stages that every stage may import. */
const SHARED = new Set(['errors.ts', 'json.ts', 'lazy.ts', 'with-fields.ts', 'flat.ts'])

/** Where a package from outside may be used in core. Paths are relative to `packages/core/src`. */
const OUTSIDE = {
  '@standard-schema/spec': ['tool/'],
  '@cfworker/json-schema': ['tool/validate-json.ts'],
  xstate: ['session/', 'chat.ts', 'live-chat.ts'],
  '@xstate/store': ['transcript/'],
  'eventsource-parser': ['framing/'],
  nanoid: ['session/host.ts'],
}

/** The only files that see time, network, storage or randomness; everywhere else they are injected. */
const AMBIENT = [
  'bytes/',
  'session/actors.ts',
  'session/host.ts',
  'session/next-task.ts',
  'view/scheduler.ts',
  'trace/pause.ts',
  'chat.ts',
  'live-chat.ts',
]
const AMBIENT_NAMES =
  /(?<![.\w])(?:Date\.now\(|new Date\(\)|Math\.random\b|fetch\(|setTimeout\(|setInterval\(|setImmediate\(|requestAnimationFrame\(|localStorage|performance\.now|crypto\.)/

/** What the other packages may import: their own files, and these. */
const PACKAGES = {
  react: ['@statechat/core', 'react'],
  vue: ['@statechat/core', 'vue'],
  svelte: ['@statechat/core', 'svelte'],
  solid: ['@statechat/core', 'solid-js'],
  server: ['@statechat/core/wire'],
  devtools: ['@statechat/core', '@statechat/core/trace'],
}
const SERVER_SUBPATHS = { openai: ['openai'] }

const breaches = []
const breach = (file, text) => breaches.push(`${relative(root, file)}: ${text}`)

for (const file of sources('packages/core/src')) checkCore(file)
for (const [name, allowed] of Object.entries(PACKAGES)) for (const file of sources(`packages/${name}/src`)) checkPackage(file, name, allowed)

console.log(breaches.length === 0 ? 'Imports are in order.' : breaches.join('\n'))
process.exitCode = breaches.length === 0 ? 0 : 1

function checkCore(file) {
  const source = join(root, 'packages/core/src')
  const path = relative(source, file)
  const folder = path.includes('/') ? path.split('/')[0] : undefined
  const stage = BESIDE.has(folder) ? undefined : folder
  if (stage !== undefined && !(stage in STAGES)) breach(file, `${stage}/ is not a stage; add it to scripts/check-imports.js`)
  for (const { from, isType } of importsOf(file)) {
    if (!from.startsWith('.')) {
      const places = OUTSIDE[from]
      if (!places) breach(file, `imports ${from}, which core does not depend on`)
      else if (!places.some((place) => path.startsWith(place))) breach(file, `imports ${from}, which is for ${places.join(', ')}`)
      continue
    }
    const target = relative(source, join(dirname(file), from))
    const to = target.includes('/') ? target.split('/')[0] : undefined
    if (stage === undefined || to === stage || SHARED.has(target)) continue
    if (to === undefined) breach(file, `imports ${target}, which is above the stages`)
    else if (!STAGES[stage].includes(to) && !(isType && STAGES[stage].includes(`type:${to}`))) breach(file, `${stage}/ may not import ${to}/`)
  }
  const seen = AMBIENT_NAMES.exec(withoutComments(readFileSync(file, 'utf8')))
  if (seen && !AMBIENT.some((place) => path.startsWith(place))) breach(file, `uses ${seen[0]}, which is injected outside ${AMBIENT.join(', ')}`)
}

function checkPackage(file, name, allowed) {
  const [subpath] = relative(join(root, 'packages', name, 'src'), file).split('/')
  const all = name === 'server' ? [...allowed, ...(SERVER_SUBPATHS[subpath] ?? [])] : allowed
  for (const { from } of importsOf(file)) {
    const isOwn = from.startsWith('.') && !relative(join(root, 'packages', name, 'src'), join(dirname(file), from)).startsWith('..')
    const isAllowed = all.some((each) => from === each || (each !== '@statechat/core' && from.startsWith(`${each}/`)))
    if (!isOwn && !isAllowed) breach(file, `imports ${from}; only ${all.join(', ')} and its own files are allowed`)
  }
}

function importsOf(file) {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return tree.statements.flatMap((statement) => {
    if (!(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) || !statement.moduleSpecifier) return []
    return [{ from: statement.moduleSpecifier.text, isType: isTypeOnly(statement) }]
  })
}

function isTypeOnly(statement) {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly
  const clause = statement.importClause
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  return !clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.every(({ isTypeOnly }) => isTypeOnly)
}

function withoutComments(text) {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '')
}

/** What ships: no tests and no helpers of tests. */
function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test(-d)?\.|test-kit/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
