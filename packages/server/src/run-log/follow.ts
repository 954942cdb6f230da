import { ABORTED, abortable } from '../abortable.ts'
import type { Clock } from '../clock.ts'
import { endOrphan, isOrphan } from './end-orphan.ts'
import { isRunLogError, RunLogError } from './run-log-error.ts'
import type { LoggedEvent, RunLog } from './run-log.ts'

export interface FollowOptions {
  log: RunLog
  runId: string
  /** `seq` of the last event that the reader has; 0 for none. */
  afterSeq: number
  /** Aborts when the reader is gone. */
  signal: AbortSignal
  clock: Clock
}

/**
 * The events of a run after a position: those there are, then those that come, to the end of the run. Nothing is read ahead of the reader.
 * While nothing comes, it looks after the producer each third of a lease, and ends the run of one that is gone: see {@link endOrphan}.
 * Throws a `RunLogError` when the log cannot be read to the end of the run: the reader must not take the answer for whole.
 */
export async function* follow({ log, runId, afterSeq, signal, clock }: FollowOptions): AsyncGenerator<readonly LoggedEvent[], void, undefined> {
  /** Aborts when the reader is gone, or this generator is left. */
  const left = new AbortController()
  const leave = () => left.abort()
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  const batches = abortable(log.read(runId, afterSeq, left.signal), left.signal)

  let failed: (error: unknown) => void = () => {}
  const failure = (error: unknown) => {
    // Another reader was quicker, or the log may be back at the next look.
    if (!isRunLogError(error) || error.code === 'expired' || error.code === 'unknown_run') failed(error)
  }
  async function look(): Promise<void> {
    const info = await log.status(runId)
    if (info === null) throw new RunLogError('expired', `the run "${runId}" is gone`)
    if (isOrphan(info)) await endOrphan(log, runId)
  }

  try {
    for (;;) {
      let timer: unknown
      const again = () => {
        timer = clock.setTimeout(again, log.leaseMs / 3)
        void look().catch(failure)
      }
      timer = clock.setTimeout(again, log.leaseMs / 3)
      const step = await new Promise<Awaited<ReturnType<typeof batches.next>>>((resolve, reject) => {
        failed = reject
        batches.next().then(resolve, reject)
      }).finally(() => clock.clearTimeout(timer))
      if (step === ABORTED || step.done) return
      yield step.value
    }
  } finally {
    signal.removeEventListener('abort', leave)
    leave()
    batches.close()
  }
}
