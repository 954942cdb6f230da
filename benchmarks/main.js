/** Reads the same bytes with statechat and its peers, side by side in one process. Options: see `options.js`. */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { checkScenario } from './check-scenario.js'
import { openMeter } from './measure/work.js'
import { readOptions } from './options.js'
import { profileScenarios } from './profile-scenarios.js'
import { toMarkdown, verdictTable } from './report/markdown.js'
import { writeBlock } from './report/write-block.js'
import { runScenario } from './run-scenario.js'

const PAGE = 'docs/performance.md'

const options = readOptions(process.argv.slice(2))
await (options.isProfile ? profileAll() : options.isCheck ? checkAll() : measureAll())

async function profileAll() {
  const markdown = await profileScenarios(options)
  console.log(markdown)
  if (options.isWritten) writeBlock(PAGE, 'bench:profile', markdown)
}

async function checkAll() {
  const meter = openMeter()
  const verdicts = []
  for (const scenario of options.scenarios) verdicts.push(...(await checkScenario(scenario, options, meter)))
  meter.close()
  console.log(verdictTable(verdicts))
  report(verdicts)
}

async function measureAll() {
  const results = {
    node: process.version,
    cores: availableParallelism(),
    rounds: options.rounds,
    comparisons: [],
    growths: [],
    heaps: [],
    verdicts: [],
  }
  for (const scenario of options.scenarios) {
    const measured = await runScenario(scenario, options)
    for (const [kind, list] of Object.entries(measured)) results[kind].push(...list)
  }
  const markdown = toMarkdown(results)
  console.log(markdown)
  if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2))
  if (options.isWhole) writeBlock(PAGE, 'bench:node', markdown)
  report(results.verdicts)
}

function report(verdicts) {
  const missed = verdicts.filter(({ isKept }) => !isKept)
  if (missed.length === 0) return
  console.error(`\n${missed.length} of ${verdicts.length} limits are missed:`)
  for (const { what, measured, limit } of missed) console.error(`  ${what} is ${measured.toFixed(2)}, at most ${limit.toFixed(2)}`)
  process.exitCode = 1
}
