import type { RunInfo, RunStatus, Written } from '../run-log/run-log.ts'
import { RunLogError } from '../run-log/run-log-error.ts'
import type { Reply } from './run-script.ts'

/** The error for a reply that is a refusal. `asked`: the epoch, or the seq, that was refused. */
export function refusal(runId: string, [word, seen]: Reply, asked?: number): RunLogError {
  const run = `Run ${JSON.stringify(runId)}`
  switch (word) {
    case 'unknown_run':
      return new RunLogError(word, `${run} is not known`)
    case 'fenced':
      return new RunLogError(word, `${run} is written by epoch ${seen}; epoch ${asked} was replaced`)
    case 'closed':
      return new RunLogError(word, `${run} has ended: ${seen}`)
    case 'gap':
      return new RunLogError(word, `${run} ends with event ${seen}; what was to be appended begins after a gap`)
    case 'beyond_tail':
      return new RunLogError(word, `${run} ends with event ${seen}; it cannot be read after event ${asked} yet`)
    case 'expired':
      return new RunLogError(word, `${run}, or its events, are no longer kept`)
    default:
      return new RunLogError('unavailable', `Redis answered ${JSON.stringify(word)} of ${run}`)
  }
}

export function written(runId: string, epoch: number, reply: Reply): Written {
  const [word, , , cancel] = reply
  if (word !== 'ok') throw refusal(runId, reply, epoch)
  return typeof cancel === 'string' ? { cancel } : {}
}

export function infoOf(runId: string, [, threadId, fingerprint, status, epoch, tail, isLeaseValid, unreadMs]: Reply): RunInfo {
  return {
    runId,
    threadId: String(threadId),
    fingerprint: String(fingerprint),
    status: status as RunStatus,
    epoch: Number(epoch),
    tail: Number(tail),
    isLeaseValid: isLeaseValid === '1',
    unreadMs: Number(unreadMs),
  }
}

/** Why an open run is to stop, if it is. */
export function cancelOf(run: Reply): string | undefined {
  const [, , , status, , , , , reason] = run
  return status === 'open' && typeof reason === 'string' ? reason : undefined
}
