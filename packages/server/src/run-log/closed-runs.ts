import type { Clock } from '../clock.ts'
import type { MemoryRun } from './memory-run.ts'

export interface ClosedRunsOptions {
  ttlMs: number
  maxRuns: number
  maxBytes: number
  clock: Clock
  now: () => number
  /** Forgets the run. */
  evict: (run: MemoryRun) => void
}

export interface ClosedRuns {
  add(run: MemoryRun): void
  dispose(): void
}

/** Closed runs in the order of their ends, each until its time is over or there are too many. One timer for all. */
export function closedRuns({ ttlMs, maxRuns, maxBytes, clock, now, evict }: ClosedRunsOptions): ClosedRuns {
  const runs = new Set<MemoryRun>()
  let bytes = 0
  let timer: unknown

  const oldest = () => runs.values().next().value
  function arm(): void {
    const next = oldest()
    if (timer === undefined && next) timer = clock.setTimeout(sweep, Math.max(0, next.closedAt + ttlMs - now()))
  }
  function sweep(): void {
    timer = undefined
    for (let run = oldest(); run && run.closedAt + ttlMs <= now(); run = oldest()) remove(run)
    arm()
  }
  function remove(run: MemoryRun): void {
    runs.delete(run)
    bytes -= run.bytes
    evict(run)
  }

  return {
    add(run) {
      run.closedAt = now()
      runs.add(run)
      bytes += run.bytes
      // The last one stays, whatever its size: its readers have yet to see its end.
      for (let first = oldest()!; first !== run && (runs.size > maxRuns || bytes > maxBytes); first = oldest()!) remove(first)
      arm()
    },
    dispose() {
      if (timer !== undefined) clock.clearTimeout(timer)
      timer = undefined
      runs.clear()
    },
  }
}
