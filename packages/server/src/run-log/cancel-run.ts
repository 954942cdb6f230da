import { ChatRequestError } from '../chat-request-error.ts'
import type { Clock } from '../clock.ts'
import { endOrphan, isOrphan } from './end-orphan.ts'
import { follow } from './follow.ts'
import type { RunEnd, RunInfo, RunLog } from './run-log.ts'
import { runRecord } from './run-record.ts'
import type { Allow } from './runs.ts'

interface CancelOptions {
  log: RunLog
  clock: Clock
  waitMs: number
}

/** See `Runs.cancel`. */
export async function cancelRun(
  options: CancelOptions,
  { runId, threadId }: { runId: string; threadId: string | undefined },
  allow: Allow,
): Promise<RunEnd | 'requested'> {
  const { log } = options
  for (;;) {
    const run = await log.status(runId)
    await allow({ action: 'cancel', runId, threadId: run?.threadId ?? threadId })
    if (run) {
      if (threadId !== undefined && run.threadId !== threadId) throw new ChatRequestError('conflict', 'the run belongs to another thread')
      const answer = await log.requestCancel(runId, 'The client asked for it.')
      if (answer === 'unknown') continue
      return answer === 'requested' || answer === 'already' ? await ended(options, run) : answer
    }
    // Its request is still on its way, and must find a run that is over.
    if (threadId === undefined) throw new ChatRequestError('bad_request', 'threadId: expected the thread of the run, got nothing')
    const claim = await log.claim({ runId, threadId })
    if (claim.kind === 'known') continue
    const chunks = runRecord({ threadId, runId }).cancelled()
    await log.append(
      runId,
      claim.epoch,
      1,
      chunks.map((chunk) => JSON.stringify(chunk)),
    )
    await log.close(runId, claim.epoch, 'cancelled')
    return 'cancelled'
  }
}

/** Waits for the end, but not for long. */
async function ended({ log, clock, waitMs }: CancelOptions, run: RunInfo): Promise<RunEnd | 'requested'> {
  const { runId, tail } = run
  if (isOrphan(run)) await endOrphan(log, runId)
  const enough = new AbortController()
  const timer = clock.setTimeout(() => enough.abort(), waitMs)
  try {
    for await (const _ of follow({ log, runId, afterSeq: tail, signal: enough.signal, clock }));
  } finally {
    clock.clearTimeout(timer)
  }
  const { status = 'open' } = (await log.status(runId)) ?? {}
  return status === 'open' ? 'requested' : status
}
