import { Session } from 'node:inspector/promises'
import { sourceOf } from './source-of.js'

/** Microseconds between samples, and milliseconds of wall of what is looked at and of what runs before. */
const INTERVAL = 100
const LONG_ENOUGH = 3000
const WARM_UP = 1500

/**
 * The functions of `run`, repeated for seconds, in the order of the time that they took themselves: `{ name, file, amount }`, in percent of
 * the time that is not idle. Each run gets what `prepare` gives, which is not looked at.
 */
export async function cpuProfile({ prepare, run }) {
  for (const end = performance.now() + WARM_UP; performance.now() < end;) await run(prepare())
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL })
  const totals = new Map()
  for (let spent = 0; spent < LONG_ENOUGH;) {
    const prepared = prepare()
    await session.post('Profiler.start')
    const start = performance.now()
    await run(prepared)
    spent += performance.now() - start
    addTo(totals, (await session.post('Profiler.stop')).profile)
  }
  session.disconnect()
  const all = [...totals.values()].reduce((sum, { time }) => sum + time, 0)
  return [...totals.values()].toSorted((a, b) => b.time - a.time).map(({ name, file, time }) => ({ name, file, amount: (100 * time) / all }))
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
    const total = totals.get(key) ?? { name, file: sourceOf(url, lineNumber), time: 0 }
    total.time += timeDeltas[i]
    totals.set(key, total)
  }
}
