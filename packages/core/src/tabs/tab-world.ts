import type { SharedRun } from './shared-run.ts'
import type { Release, TabLocks } from './tab-locks.ts'

/** What the runs of one tab need of the others. */
export interface TabWorld {
  readonly locks: TabLocks
  /** Held by the tab that has the run of the thread. */
  readonly runLock: string
  /** Held by a tab as long as it is there. */
  tabLock(tab: string): string
  /** Asks the tab that has the run for its chunks from this one on. */
  ask(shared: SharedRun, at: number): void
  /** The tab that had the run is gone: this one has it now, with the lock. */
  takeOver(shared: SharedRun, hold: Release): void
}
