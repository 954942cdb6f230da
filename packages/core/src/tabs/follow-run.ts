import { untilAborted } from '../bytes/until-aborted.ts'
import type { ConnectContext } from '../connection/connection.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { fromErrorData } from '../trace/error-data.ts'
import type { SharedRun } from './shared-run.ts'
import type { Release } from './tab-locks.ts'
import type { TabWorld } from './tab-world.ts'

/**
 * A run that another tab has open: its chunks from the start, as they come. Ends with true when the run is over, with false when that tab is gone and
 * this one has its place. Throws what the run failed with there.
 */
export async function* followRun(
  shared: SharedRun,
  { locks, runLock, tabLock, ask, takeOver }: TabWorld,
  signal: AbortSignal,
  { threadId, onJoin, onCaughtUp }: ConnectContext,
): AsyncGenerator<readonly Chunk[], boolean, void> {
  const done = new AbortController()
  let hold: Release | null = null
  let isGone = false
  let isDoubted = false
  let at = 0

  async function waitForPlace() {
    const taken = await locks.take(runLock, done.signal)
    if (done.signal.aborted) return taken?.()
    hold = taken
    shared.wake()
  }
  /** The place is free. Either the run is over, and that is yet to be heard, or the tab is gone. */
  async function waitForProof() {
    isDoubted = true
    ask(shared, at)
    const taken = await locks.take(tabLock(shared.owner), done.signal)
    taken?.()
    isGone = taken !== null
    shared.wake()
  }

  void waitForPlace()
  ask(shared, at)
  try {
    while (!signal.aborted) {
      const { chunks, end } = shared
      if (at < chunks.length) {
        if (at === 0) onJoin?.({ runId: shared.run.runId, isReplay: shared.isLate })
        if (at === 0 && shared.isLate) onCaughtUp?.()
        const news = chunks.slice(at)
        at = chunks.length
        yield news
      } else if (end && at >= end.at) {
        if (end.end.how === 'failed') throw fromErrorData(end.end.error)
        if (end.end.how === 'stopped') yield [{ type: 'RUN_FINISHED', threadId, runId: shared.run.runId, outcome: { type: 'cancelled' } }]
        return true
      } else if (isGone && hold) {
        takeOver(shared, hold)
        hold = null
        return false
      } else {
        if (hold && !isDoubted) void waitForProof()
        await untilAborted(shared.changed(), signal)
      }
    }
    return true
  } finally {
    done.abort()
    release(hold)
  }
}

const release = (hold: Release | null) => hold?.()
