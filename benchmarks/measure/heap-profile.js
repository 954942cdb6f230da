import { Session } from 'node:inspector/promises'
import { heapUsed } from './heap.js'
import { sourceOf } from './source-of.js'

/** Bytes between samples, on average. */
const INTERVAL = 256

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

/** What V8 allocates by itself on behalf of a function, as for a `Map`, counts as that function's. */
function functionsOf({ callFrame, selfSize, children }, caller) {
  const { functionName, url, lineNumber } = callFrame
  const self = url === '' && caller ? caller : { name: functionName || '(anonymous)', file: sourceOf(url, lineNumber) }
  return [{ ...self, size: selfSize }, ...children.flatMap((child) => functionsOf(child, self))]
}
