import type { RunLane } from './run-lane.ts'

/** Which run on a shared channel a chunk belongs to. */
export interface RunRoutes {
  open(lane: RunLane): void
  /** The run is over; one that was aborted may still be sent to. */
  close(lane: RunLane, wasAborted: boolean): void
  get(runId: string): RunLane | undefined
  /** By its run id; a chunk without one belongs to the run that was the last to start. */
  laneOf(chunk: unknown): RunLane | undefined
  all(): RunLane[]
}

export function createRunRoutes(): RunRoutes {
  const lanes = new Map<string, RunLane>()
  /** Servers that make run ids of their own: theirs → ours. */
  const aliases = new Map<string, string>()
  const started = new Set<string>()
  const over = new Set<string>()
  /** Whose chunks are on the stream now; they may be those of a run that is no more. */
  let speaking: string | undefined

  const newest = (): RunLane | undefined => [...lanes.values()].at(-1)
  const silent = (): RunLane | undefined => [...lanes.values()].find(({ runId }) => !started.has(runId))
  const ours = (runId: string): string => aliases.get(runId) ?? runId

  function start(runId: string): RunLane | undefined {
    if (!lanes.has(ours(runId)) && !over.has(ours(runId))) {
      const lane = silent()
      if (lane) aliases.set(runId, lane.runId)
    }
    speaking = ours(runId)
    started.add(speaking)
    return lanes.get(speaking)
  }

  return {
    open: (lane) => void lanes.set(lane.runId, lane),
    close({ runId }, wasAborted) {
      lanes.delete(runId)
      over.add(runId)
      if (speaking === runId && !wasAborted) speaking = undefined
    },
    get: (runId) => lanes.get(runId),
    laneOf(chunk) {
      const { type, runId } = (typeof chunk === 'object' && chunk !== null ? chunk : {}) as { type?: unknown; runId?: unknown }
      if (typeof runId === 'string') {
        if (type === 'RUN_STARTED') return start(runId)
        const id = ours(runId)
        if (lanes.has(id)) return lanes.get(id)
        if (over.has(id)) {
          if (speaking === id && (type === 'RUN_FINISHED' || type === 'RUN_ERROR')) speaking = undefined
          return undefined
        }
      }
      return speaking === undefined ? newest() : lanes.get(speaking)
    },
    all: () => [...lanes.values()],
  }
}
