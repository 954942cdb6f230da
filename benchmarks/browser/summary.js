/** The middle of the values; the upper one of two. */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

const sum = (values) => values.reduce((all, value) => all + value, 0)
const medianOf = (samples, read) => median(samples.map(read))
const mostOf = (samples, read) => Math.max(...samples.map(read))

/**
 * The figures of one contestant in one case, times in milliseconds: medians of its rounds. What may never happen
 * (renders of finished rows, a second snapshot in a frame, a row made anew) counts if it happened in one of them.
 */
export function summarise({ contestant, case: name, samples, failures }) {
  const known = { id: contestant.id, framework: contestant.framework, name: contestant.name, title: contestant.title, version: contestant.version }
  const base = { ...known, case: name, rounds: samples.length, failures }
  if (samples.length === 0) return base
  return {
    ...base,
    ms: medianOf(samples, ({ ms }) => ms),
    inDocumentMs: medianOf(samples, ({ inDocumentMs }) => inDocumentMs),
    busyMs: medianOf(samples, ({ busyMs }) => busyMs),
    ...(name.startsWith('paced') && clicksOf(samples)),
    longTasks: medianOf(samples, ({ longTasks }) => longTasks.length),
    longTasksMs: medianOf(samples, ({ longTasks }) => sum(longTasks)),
    rendersPerFinishedRow: samples[0].finishedRenders === null ? null : mostOf(samples, (one) => one.finishedRenders / one.finishedRows),
    snapshotsPerFrame: mostOf(samples, ({ snapshots }) => snapshots.most),
    updatesPerFrame: medianOf(samples, ({ updates }) => updates.all / Math.max(1, updates.frames)),
    framesPerSecond: medianOf(samples, ({ updates, ms }) => (updates.frames * 1000) / ms),
    keepsRows: samples.every(({ keepsRows }) => keepsRows),
  }
}

/**
 * The median click and the slowest one, both of the quietest round: a busy machine only adds, and what is slow by itself
 * is slow in each round. `clickWorstMs` is the slowest of all, machine included.
 */
function clicksOf(samples) {
  const clicked = samples.map(({ clicks }) => clicks).filter(({ length }) => length > 0)
  if (clicked.length === 0) return {}
  const slowestOf = (clicks) => Math.max(...clicks)
  const [quietest] = clicked.toSorted((a, b) => slowestOf(a) - slowestOf(b))
  return { clickMs: median(quietest), clickMaxMs: slowestOf(quietest), clickWorstMs: slowestOf(clicked.flat()) }
}
