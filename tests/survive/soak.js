/**
 * Many chats at once over loopback, through proxies that break connections at random, for some minutes; counts what went wrong.
 *
 *   npm run soak -- [--seconds 120] [--chats 1000] [--seed 1] [--write]
 *
 * Prints a table and JSON, and exits with 1 if anything that has to be 0 is not. With `--write` the figures go into docs/surviving.md, between
 * `<!-- soak -->` and `<!-- /soak -->`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from '../../scripts/load.js'

const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    chats: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'statechat-soak-'))
const script = join(folder, 'soak.mjs')
// Packages that are CommonJS call `require`.
const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)' }
await bundle(join(root, 'tests/survive/support/soak.ts'), script, { banner })
const { soak } = await import(pathToFileURL(script).href)
rmSync(folder, { recursive: true, force: true })

const figures = await soak({ seconds: Number(values.seconds), chats: Number(values.chats), seed: Number(values.seed) })
const table = tableOf(figures)
console.log(table)
console.log(JSON.stringify(figures))
if (values.write) write(table)
process.exit(Object.values(figures.wrong).every((count) => count === 0) ? 0 : 1)

function tableOf({ asked, counts, wrong }) {
  const rows = [
    [`chats at once`, asked.chats],
    [`seconds`, asked.seconds],
    [`seed`, asked.seed],
    ...Object.entries(counts),
    ...Object.entries(wrong).map(([name, count]) => [`**${name}**`, `**${count}**`]),
  ]
  return [
    '| | |',
    '|---|---|',
    ...rows.map(([name, count]) => `| ${name} | ${typeof count === 'number' ? count.toLocaleString('en') : count} |`),
  ].join('\n')
}

function write(text) {
  const path = join(root, 'docs/surviving.md')
  const empty = '# Runs that survive\n\n<!-- soak -->\n<!-- /soak -->\n'
  const page = existsSync(path) ? readFileSync(path, 'utf8') : empty
  const pattern = /(<!-- soak -->)[\s\S]*?(<!-- \/soak -->)/
  if (!pattern.test(page)) throw new Error('docs/surviving.md has no <!-- soak --> … <!-- /soak -->.')
  writeFileSync(path, page.replace(pattern, `$1\n\n${text}\n\n$2`))
}
