/**
 * Where the time of one page goes: a CPU profile of the measured turn, its functions by self time.
 *
 *   node benchmarks/browser/profile.js [react/statechat] [blocks | events | paced-200 | paced-2000] [--times 5] [--out file.cpuprofile]
 *
 * Names are kept by not minifying. `--out` keeps the last profile, for Chromium's own tools.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BUFFERED, PACED } from './cases.js'
import { contestants } from './contestants.js'
import { sample } from './sample.js'
import { withPages } from './with-pages.js'

const INTERVAL_US = 100
const SHOWN = 40

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '5' }, out: { type: 'string' }, peers: { type: 'string' } },
})
const [id = 'react/statechat', name = 'blocks'] = positionals
const one = contestants({ peers: values.peers }).find((each) => each.id === id)
const { asked } = [...BUFFERED, ...PACED].find((each) => each.case === name)

/** Adds the self time of each function, in milliseconds, to `self`. */
function addSelfTimes({ nodes, samples, timeDeltas }, self) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]))
  for (const [i, node] of samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(node)
    const key = `${functionName || '(anonymous)'}  ${url.split('/').at(-1).split('?')[0]}:${lineNumber + 1}`
    self.set(key, (self.get(key) ?? 0) + (timeDeltas[i] ?? 0) / 1000)
  }
}

const self = new Map()
const times = Number(values.times)
await withPages(
  [one],
  async (page) => {
    for (let i = 0; i < times; i++) {
      await sample(
        {
          ...page,
          async profile(cdp, run) {
            await cdp.send('Profiler.enable')
            await cdp.send('Profiler.setSamplingInterval', { interval: INTERVAL_US })
            await cdp.send('Profiler.start')
            const result = await run()
            const { profile } = await cdp.send('Profiler.stop')
            addSelfTimes(profile, self)
            if (values.out) writeFileSync(values.out, JSON.stringify(profile))
            return result
          },
        },
        one,
        asked,
      )
    }
  },
  { minify: false },
)
const sorted = [...self].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN)
for (const [key, ms] of sorted) console.log(`${(ms / times).toFixed(2).padStart(9)} ms  ${key}`)
