import { Session } from 'node:inspector/promises'
import { heapUsed } from './heap.js'
import { sourceOf } from './source-of.js'

/** Bytes between samples, on average. */
const INTERVAL = 256
/** Runs whose garbage is looked at. */
const RUNS = 10

/** Who allocated what `make` gives, and what it holds: `{ name, file, amount }` of each function, in bytes of each of the `count`. */
export async function heapProfile(make, count) {
  heapUsed()
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.startSampling', { samplingInterval: INTERVAL })
  const made = await make()
  await new Promise((resolve) => setTimeout(resolve, 20))
  heapUsed()
  const { profile } = await session.post('HeapProfiler.stopSampling')
  session.disconnect()
  if (made.length !== count) throw new Error(`${made.length} were made instead of ${count}.`)
  return functionsOf(profile.head).map(({ name, file, size }) => ({ name, file, amount: size / count }))
}

/**
 * Who allocated what one of the answers of `run` takes, also what is garbage before its end: `{ name, file, amount }` of each function, in kB.
 * Each run gets what `prepare` gives, whose making is not looked at.
 */
export async function allocationProfile({ prepare, run }) {
  for (let i = 0; i < RUNS; i++) await run(prepare())
  const session = new Session()
  session.connect()
  const found = []
  let answers = 0
  for (let i = 0; i < RUNS; i++) {
    const prepared = prepare()
    await session.post('HeapProfiler.startSampling', {
      samplingInterval: 8 * INTERVAL,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    })
    await run(prepared)
    const { profile } = await session.post('HeapProfiler.stopSampling')
    found.push(...functionsOf(profile.head))
    answers += prepared.length
  }
  session.disconnect()
  return found.map(({ name, file, size }) => ({ name, file, amount: size / 1000 / answers }))
}

/** What V8 allocates by itself on behalf of a function, as for a `Map`, counts as that function's. */
function functionsOf({ callFrame, selfSize, children }, caller) {
  const { functionName, url, lineNumber } = callFrame
  const self = url === '' && caller ? caller : { name: functionName || '(anonymous)', file: sourceOf(url, lineNumber) }
  return [{ ...self, size: selfSize }, ...children.flatMap((child) => functionsOf(child, self))]
}
