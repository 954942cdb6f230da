import { RunLogError } from './run-log-error.ts'
import type { LoggedEvent, RunIdentity, RunInfo, RunStatus } from './run-log.ts'

/** One run of {@link memoryRunLog}. */
export interface MemoryRun {
  readonly runId: string
  readonly threadId: string
  readonly fingerprint: string
  readonly events: LoggedEvent[]
  status: RunStatus
  epoch: number
  leaseUntil: number
  closedAt: number
  bytes: number
  /** Its events are no longer kept. */
  isGone: boolean
  cancel: string | undefined
  readonly onCancel: Set<(reason: string) => void>
  readers: number
  lastReadAt: number
  /** Of readers that have everything there is. */
  readonly waiting: Set<() => void>
}

export const memoryRun = ({ runId, threadId, fingerprint = '' }: RunIdentity, now: number, leaseMs: number): MemoryRun => ({
  runId,
  threadId,
  fingerprint,
  events: [],
  status: 'open',
  epoch: 1,
  leaseUntil: now + leaseMs,
  closedAt: 0,
  bytes: 0,
  isGone: false,
  cancel: undefined,
  onCancel: new Set(),
  readers: 0,
  lastReadAt: now,
  waiting: new Set(),
})

export const infoOf = (
  { runId, threadId, fingerprint, status, epoch, events, leaseUntil, readers, lastReadAt }: MemoryRun,
  now: number,
): RunInfo => ({
  runId,
  threadId,
  fingerprint,
  status,
  epoch,
  tail: events.length,
  isLeaseValid: now < leaseUntil,
  unreadMs: readers > 0 ? 0 : now - lastReadAt,
})

/** Wakes the readers that wait. */
export function wake({ waiting }: MemoryRun): void {
  for (const go of [...waiting]) go()
}

/** What one reader is given at a time. */
const BATCH = 256

/** See `RunLog.read`. */
export async function* readRun(run: MemoryRun, afterSeq: number, signal: AbortSignal): AsyncGenerator<readonly LoggedEvent[], void, undefined> {
  for (let at = afterSeq; !signal.aborted;) {
    if (run.isGone) throw new RunLogError('expired', `the events of run "${run.runId}" are no longer kept`)
    const batch = run.events.slice(at, at + BATCH)
    at += batch.length
    if (batch.length > 0) yield batch
    else if (run.status !== 'open') return
    else await news(run, signal)
  }
}

function news({ waiting }: MemoryRun, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      waiting.delete(go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    waiting.add(go)
    signal.addEventListener('abort', go)
  })
}
