/**
 * What a user's bundle pays: an application that imports a few names, built by Vite, minified and gzipped, frameworks left out. Writes the tables
 * into README.md and docs/performance.md; with `--check` it writes nothing, and exits with 1 if something is above its limit or the files are
 * more than 2 % off.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { transform } from 'esbuild'
import { build } from 'vite'
import { SOURCE_CONDITION } from './load.js'

const root = join(import.meta.dirname, '..')
const ENTRY = 'virtual:entry'
const PLAIN = ['createChat', 'fetchServerSentEvents']

/** The row's name, the package, the names imported from it, and the limit in kB. */
const BUNDLES = [
  ...['React', 'Vue', 'Svelte', 'Solid'].map((name) => [
    `\`useChat\` + \`fetchServerSentEvents\` (${name})`,
    `packages/${name.toLowerCase()}`,
    `@statechat/${name.toLowerCase()}`,
    ['useChat', 'fetchServerSentEvents'],
    42,
  ]),
  ['`createChat` + `fetchServerSentEvents`', 'packages/core', '@statechat/core', PLAIN, 39.8],
  ['of which XState', 'packages/core', 'xstate', ['setup', 'createActor', 'fromCallback', 'assertEvent'], 14],
  [
    'of which `@xstate/store`, `eventsource-parser`, `nanoid`',
    'packages/core',
    ['@xstate/store', 'eventsource-parser', 'nanoid'],
    ['createAtom', 'createParser', 'nanoid'],
    3.5,
  ],
]

/** What is fetched when a conversation needs it: the name of its file, and the limit in kB. */
const LATER = [
  ['the first tool call, question, structured answer, or part that is no text', ['rich-parts', 'answering-code'], 14.8],
  ['the first stream that is not a well-formed AG-UI run of text', ['ag-ui-rules'], 8],
  ['the first schema that is plain JSON Schema', ['validate-json'], 7.5],
  ['the first iterable, or backend that pushes, that none of our adapters made', ['read-foreign'], 2.5],
]

/** What the other exports add to `createChat` + `fetchServerSentEvents`, and the limit in kB. */
const OPTIONAL = [
  ['fetchHttpStream', 0.5],
  ['xhrServerSentEvents', 1.5],
  ['webSocket', 4],
  ['stream', 2],
  ['fetcher', 2.5],
  ['rpcStream', 2.5],
  ['pushConnection', 3],
  ['uiMessageStream', 10],
  ['textStream', 2],
  ['openaiChat', 6],
  ['openaiResponses', 9],
  ['anthropicMessages', 9],
  ['toolDefinition', 2.5],
]

const rows = []
for (const [name, folder, from, names, limit] of BUNDLES) rows.push(row('bundle', name, (await bundle(folder, from, names)).now, limit))
const plain = await bundle('packages/core', '@statechat/core', PLAIN)
for (const [name, files, limit] of LATER) rows.push(row('later', name, plain.later(files), limit))
for (const [name, limit] of OPTIONAL) {
  const { now } = await bundle('packages/core', '@statechat/core', [...PLAIN, name])
  rows.push(row('optional', `\`${name}\``, now - plain.now, limit))
}

/** Of what the first page loads: minified bytes of each dependency and stage, in percent. */
async function parts({ modules }) {
  const bytes = new Map()
  for (const [file, { code }] of modules) {
    const part = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? /core\/src\/(\w+)\//.exec(file)?.[1] ?? 'live-chat.ts and beside it'
    const { code: minified } = await transform(code ?? '', { minify: true, format: 'esm' })
    bytes.set(part, (bytes.get(part) ?? 0) + minified.length)
  }
  const total = [...bytes.values()].reduce((sum, each) => sum + each, 0)
  return [...bytes].toSorted(([, a], [, b]) => b - a).map(([name, each]) => `| ${name} | ${((each / total) * 100).toFixed(0)} % |`)
}

const modules = [...PLAIN.map(() => '@statechat/core'), '@statechat/devtools']
const inspected = await bundle('packages/devtools', modules, [...PLAIN, 'mountDevtools'])
rows.push(row('optional', '`mountDevtools` of `@statechat/devtools`', inspected.now - plain.now, 18))
const persisted = await bundle('packages/core', [...PLAIN.map(() => '@statechat/core'), '@statechat/core/persist'], [...PLAIN, 'persist'])
rows.push(row('optional', '`persist` of `@statechat/core/persist`', persisted.now - plain.now, 3.5))
const shared = await bundle('packages/core', [...PLAIN.map(() => '@statechat/core'), '@statechat/core/tabs'], [...PLAIN, 'shareTabs'])
rows.push(row('optional', '`shareTabs` of `@statechat/core/tabs`', shared.now - plain.now, 5.5))

const tables = {
  'README.md': { sizes: table('import', 'bundle') },
  'docs/performance.md': {
    sizes: table('import', 'bundle'),
    parts: ['| part of `createChat` + `fetchServerSentEvents` | minified |', '|---|---|', ...(await parts(plain))].join('\n'),
    later: table('fetched with', 'later'),
    optional: table('import besides', 'optional'),
  },
}
console.log(Object.values(tables['docs/performance.md']).join('\n\n'))
for (const [file, sections] of Object.entries(tables)) for (const [id, text] of Object.entries(sections)) put(file, id, text)
for (const { name, kB, limit } of rows) if (kB > limit) fail(`${name}: ${kB.toFixed(1)} kB; the limit is ${limit} kB.`)

function row(kind, name, bytes, limit) {
  return { kind, name, kB: bytes / 1000, limit }
}

function table(title, kind) {
  const lines = rows.filter((each) => each.kind === kind).map(({ name, kB }) => `| ${name} | ${kB.toFixed(1)} kB |`)
  return [`| ${title} | minified + gzip |`, '|---|---|', ...lines].join('\n')
}

/** An application that uses these names: bytes of what its first page loads, and of files that it loads later. */
async function bundle(folder, from, names) {
  const modules = [from].flat()
  const imports =
    modules.length === 1
      ? `import { ${names.join(', ')} } from '${modules[0]}'`
      : modules.map((module, i) => `import { ${names[i]} } from '${module}'`).join('\n')
  const [{ output }] = [
    await build({
      root: join(root, folder),
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: [SOURCE_CONDITION, 'module', 'browser'] },
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === ENTRY ? join(root, folder, 'entry.js') : null),
          load: (id) => (id === join(root, folder, 'entry.js') ? `${imports}\nglobalThis.used = [${names.join(', ')}]` : null),
        },
      ],
      build: {
        write: false,
        target: 'es2022',
        modulePreload: false,
        rolldownOptions: { input: ENTRY, external: [/^(react|vue|svelte|solid-js)($|\/)/], preserveEntrySignatures: false },
      },
    }),
  ].flat()
  const files = new Map(output.map((file) => [file.fileName, file]))
  const now = loadedBy(output.find(({ isEntry }) => isEntry).fileName, files)
  return {
    now: sum(now, files),
    modules: [...now].flatMap((file) => Object.entries(files.get(file).modules)),
    later(parts) {
      const begun = output.filter(({ fileName }) => parts.some((part) => fileName.includes(part)))
      if (begun.length !== parts.length) fail(`There is no file of its own for one of ${parts.join(', ')}: it is loaded from the start.`)
      const all = new Set(begun.flatMap(({ fileName }) => [...loadedBy(fileName, files)]))
      return sum(
        [...all].filter((file) => !now.has(file)),
        files,
      )
    },
  }
}

function loadedBy(fileName, files, seen = new Set()) {
  if (seen.has(fileName)) return seen
  seen.add(fileName)
  for (const each of files.get(fileName).imports) if (files.has(each)) loadedBy(each, files, seen)
  return seen
}

function sum(names, files) {
  return [...names].reduce((bytes, name) => bytes + gzipSync(files.get(name).code, { level: 9 }).length, 0)
}

/** Writes a table between its markers, or checks that it is there. */
function put(file, id, text) {
  const path = join(root, file)
  const before = readFileSync(path, 'utf8')
  const pattern = new RegExp(`(<!-- ${id} -->)([\\s\\S]*?)(<!-- /${id} -->)`)
  const written = pattern.exec(before)?.[2]
  if (written === undefined) return fail(`${file} has no place for a table: <!-- ${id} --> … <!-- /${id} -->`)
  if (!process.argv.includes('--check')) return writeFileSync(path, before.replace(pattern, `$1\n${text}\n$3`))
  const [old, now] = [written, text].map((each) => [...each.matchAll(/([\d.-]+) (?:kB|%)/g)].map((match) => Number(match[1])))
  if (old.length !== now.length || now.some((kB, i) => Math.abs(kB - old[i]) > Math.abs(kB) * 0.02 + (id === 'parts' ? 1 : 0.05)))
    fail(`${file} is out of date (${id}). Run: npm run sizes`)
}

function fail(text) {
  console.error(text)
  process.exitCode = 1
}
