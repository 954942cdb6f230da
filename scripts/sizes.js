/**
 * What a user's bundle pays: minified and gzipped, frameworks left out. Writes the table into README.md between
 * `<!-- sizes -->` and `<!-- /sizes -->`; with `--check` it writes nothing, and exits with 1 if an entry is above its limit
 * or the README is more than 2 % off.
 */
import { build } from 'esbuild'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { SOURCE_CONDITION } from './load.js'

const root = join(import.meta.dirname, '..')

/** What is imported, from where, and its limit in kB. */
const ENTRIES = [
  ...['React', 'Vue', 'Svelte', 'Solid'].map((name) => {
    const id = name.toLowerCase()
    return [
      `\`useChat\` + \`fetchServerSentEvents\` (${name})`,
      `packages/${id}`,
      `export { useChat, fetchServerSentEvents } from '@statechat/${id}'`,
      56,
    ]
  }),
  ['`createChat` + `fetchServerSentEvents`', 'packages/core', `export { createChat, fetchServerSentEvents } from '@statechat/core'`, 55],
  ['of which XState', 'packages/core', `export { setup, createActor, fromCallback, assertEvent } from 'xstate'`, 14],
]

const sizes = await Promise.all(ENTRIES.map(async ([name, folder, contents, limit]) => ({ name, limit, kB: await measure(folder, contents) })))
const table = ['| import | minified + gzip |', '|---|---|', ...sizes.map(({ name, kB }) => `| ${name} | ${kB.toFixed(1)} kB |`)].join('\n')
console.log(table)

const readme = join(root, 'README.md')
const before = readFileSync(readme, 'utf8')
const pattern = /(<!-- sizes -->)([\s\S]*?)(<!-- \/sizes -->)/
if (process.argv.includes('--check')) check()
else writeFileSync(readme, before.replace(pattern, `$1\n${table}\n$3`))

async function measure(folder, contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(root, folder) },
    bundle: true,
    splitting: true,
    metafile: true,
    outdir: '.',
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: [SOURCE_CONDITION, 'module'],
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['react', 'vue', 'svelte', 'svelte/*', 'solid-js', 'solid-js/*'],
    logLevel: 'error',
  })
  // What is loaded on demand is not paid by those who do not use it.
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === '<stdin>')
  const loaded = staticallyLoaded(entry, metafile.outputs)
  const files = outputFiles.filter(({ path }) => loaded.has(relative(process.cwd(), path)))
  return files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0) / 1000
}

function staticallyLoaded(file, outputs, seen = new Set()) {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement' && outputs[path]) staticallyLoaded(path, outputs, seen)
  return seen
}

function check() {
  const written = [...(pattern.exec(before)?.[2].matchAll(/([\d.]+) kB/g) ?? [])].map((match) => Number(match[1]))
  for (const [i, { name, kB, limit }] of sizes.entries()) {
    if (kB > limit) fail(`${name} is ${kB.toFixed(1)} kB; the limit is ${limit} kB.`)
    if (!(Math.abs((written[i] ?? 0) - kB) <= kB * 0.02 + 0.05)) fail(`README.md says ${written[i]} kB for ${name}. Run: npm run sizes`)
  }
}

function fail(text) {
  console.error(text)
  process.exitCode = 1
}
