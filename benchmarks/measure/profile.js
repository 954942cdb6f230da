import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { fileURLToPath } from 'node:url'

/** Microseconds between samples, and milliseconds of wall of what is looked at and of what runs before. */
const INTERVAL = 100
const LONG_ENOUGH = 3000
const WARM_UP = 1500

/**
 * The functions of `run`, repeated so many times, in the order of the time that they took themselves: `{ name, file, percent }`.
 * Each run gets what `prepare` gives, which is not looked at.
 */
export async function profile({ prepare, run }) {
  for (const end = performance.now() + WARM_UP; performance.now() < end;) await run(prepare())
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL })
  const totals = new Map()
  let runs = 0
  for (let spent = 0; spent < LONG_ENOUGH; runs++) {
    const prepared = prepare()
    await session.post('Profiler.start')
    const start = performance.now()
    await run(prepared)
    spent += performance.now() - start
    addTo(totals, (await session.post('Profiler.stop')).profile)
  }
  session.disconnect()
  const all = [...totals.values()].reduce((sum, { time }) => sum + time, 0)
  const functions = [...totals.values()]
    .toSorted((a, b) => b.time - a.time)
    .map(({ name, file, time }) => ({ name, file, percent: (100 * time) / all }))
  return { functions, runs }
}

/** `dispatch` is the profiler's own. */
const NOT_OURS = new Set(['(idle)', '(program)', '(root)', 'dispatch'])

function addTo(totals, { nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  for (const [i, id] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(id)
    if (NOT_OURS.has(functionName)) continue
    const name = functionName || '(anonymous)'
    const key = `${name} ${url}:${lineNumber}`
    const total = totals.get(key) ?? { name, file: url.startsWith('file:') ? sourceOf(url, lineNumber) : url, time: 0 }
    total.time += timeDeltas[i]
    totals.set(key, total)
  }
}

const bundles = new Map()

/** The bundle names the file of what follows in a comment. */
function sourceOf(url, line) {
  if (!bundles.has(url)) bundles.set(url, readFileSync(fileURLToPath(url), 'utf8').split('\n'))
  const comment = bundles.get(url).findLast((text, i) => i <= line && /^ *\/\/ \S+\.[cm]?[jt]sx?$/.test(text))
  return comment?.trim().slice(3) ?? url
}
