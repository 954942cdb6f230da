/**
 * What a user's bundle pays: minified and gzipped, frameworks left out. Writes the table into README.md between
 * `<!-- sizes -->` and `<!-- /sizes -->`; with `--check` it writes nothing, and exits with 1 if an entry is above its limit
 * or the README is more than 2 % off.
 */
import { build } from 'esbuild'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
      40,
    ]
  }),
  ['`createChat` + `fetchServerSentEvents`', 'packages/core', `export { createChat, fetchServerSentEvents } from '@statechat/core'`, 39],
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
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, folder) },
    bundle: true,
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
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000
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
