import { Session } from 'node:inspector'

/** Bytes between samples of what is allocated, on average. */
const INTERVAL = 2048

/**
 * Counts what this process does between `start()` and `stop()`, without a clock: as much on a busy machine as on an idle one. `steps` are
 * blocks of JavaScript that were executed; `bytes` is memory that was taken, garbage and all (sampled). What the engine copies by itself
 * takes no steps, but memory. To be opened before anything that it counts is called for the first time.
 */
export function openMeter() {
  const session = new Session()
  session.connect()
  const ask = (method, params) => {
    let answer
    // The session is this thread's own: it answers before `post` returns.
    session.post(method, params, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`)
      answer = result
    })
    return answer
  }
  ask('Profiler.enable')
  ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return {
    start() {
      ask('HeapProfiler.startSampling', {
        samplingInterval: INTERVAL,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      })
      // Taking the counts sets them to zero.
      ask('Profiler.takePreciseCoverage')
    },
    stop() {
      const { result } = ask('Profiler.takePreciseCoverage')
      const { profile } = ask('HeapProfiler.stopSampling')
      return { steps: stepsOf(result), bytes: bytesOf(profile.head) }
    },
    close: () => session.disconnect(),
  }
}

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0)

/** Those of Node itself do not count. */
const stepsOf = (scripts) =>
  sum(
    scripts
      .filter(({ url }) => url.startsWith('file:'))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count))),
  )

const bytesOf = ({ selfSize, children }) => selfSize + sum(children.map(bytesOf))
