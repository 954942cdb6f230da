/** Milliseconds. A limit is never loosened: what misses it is made faster. */
export const LIMITS = { blocksTimesFloor: 2.5, blocksMs: 100, eventsTimesFloor: 2, clickMs: 50, rendersPerFinishedRow: 0, snapshotsPerFrame: 1 }

/** Only ours: a peer has no limit. */
export const missesClicks = ({ name, clickMaxMs }) => name === 'statechat' && clickMaxMs > LIMITS.clickMs

/** What misses a limit, in words; the limits are ours, so they are asked of statechat only. */
export function missesOf(figures) {
  const find = (id, name) => figures.find((one) => one.id === id && one.case === name)
  const ours = figures.filter(({ name }) => name === 'statechat')
  const misses = []
  const check = (what, value, limit, isMet = value <= limit) => {
    if (!isMet) misses.push(`${what}: ${value === undefined ? 'not measured' : round(value)}, the limit is ${limit}.`)
  }
  for (const [name, limit] of [
    ['blocks', LIMITS.blocksTimesFloor],
    ['events', LIMITS.eventsTimesFloor],
  ]) {
    const react = find('react/statechat', name)
    if (react) check(`React, ${name}, times the page by hand`, react.ms / find('floor/floor', name)?.ms, limit)
  }
  const blocks = find('react/statechat', 'blocks')
  if (blocks) check('React, blocks, milliseconds', blocks.ms, LIMITS.blocksMs, blocks.ms < LIMITS.blocksMs)
  for (const one of ours) {
    const who = `${one.id}, ${one.case}`
    for (const failure of one.failures) misses.push(failure)
    if (one.case.startsWith('paced')) check(`${who}, milliseconds from a click to its paint`, one.clickMaxMs, LIMITS.clickMs)
    check(`${who}, renders per finished row`, one.rendersPerFinishedRow, LIMITS.rendersPerFinishedRow)
    check(`${who}, snapshots in one frame`, one.snapshotsPerFrame, LIMITS.snapshotsPerFrame)
    if (one.keepsRows === false) misses.push(`${who}: made rows anew.`)
  }
  return misses
}

const round = (value) => Number(value.toFixed(3))
