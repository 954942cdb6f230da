/**
 * Chats in Chromium, beside a page written by hand and beside other clients. Needs Debian's `chromium`, or `CHROMIUM`.
 *
 *   node benchmarks/browser/run.js [--quick] [--framework react] [--client statechat] [--json file] [--write] [--peers folder]
 *
 * Prints a Markdown table, and exits with 1 if statechat misses a limit or a page shows another text than was sent.
 * `--quick`: two or three minutes: fewer rounds, and of the peers the two cases that say most. `--framework`, `--client`, may be repeated: only these. `--json`: all figures, into a file.
 * `--write`: the table, into `docs/performance.md`. `--peers`: a folder with `node_modules` for peers that are not installed.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contestants, ROOT } from './contestants.js'
import { missesOf } from './limits.js'
import { measureAll } from './measure.js'
import { summarise } from './summary.js'
import { toMarkdown } from './table.js'
import { withPages } from './with-pages.js'
import { writeBlock } from '../report/write-block.js'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    framework: { type: 'string', multiple: true, default: [] },
    client: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    peers: { type: 'string' },
  },
})
const started = performance.now()
const say = (text) => console.error(`${Math.round((performance.now() - started) / 1000)} s  ${text}`)

const all = contestants({
  frameworks: values.framework,
  names: values.client,
  peers: values.peers,
  onMissing: ({ package: name }) => say(`${name} is not installed, and left out.`),
})
say(`builds ${all.length} pages`)
const { measured, chromium } = await withPages(all, async (page) => {
  say('measures')
  return { chromium: page.browser.version(), measured: await measureAll(page, all, { isQuick: values.quick, onProgress: say }) }
})

const environment = { chromium: chromium.split('.')[0], node: process.versions.node, cores: availableParallelism() }
const figures = measured.map(summarise)
const misses = missesOf(figures)
const markdown = toMarkdown(figures, environment)
console.log(markdown)
if (values.json) writeFileSync(values.json, `${JSON.stringify({ environment, figures, misses, samples: measured }, null, 2)}\n`)
if (values.write) writeBlock(join(ROOT, 'docs', 'performance.md'), 'bench:browser', markdown)
for (const miss of misses) console.error(`MISSED  ${miss}`)
if (misses.length > 0) process.exitCode = 1
