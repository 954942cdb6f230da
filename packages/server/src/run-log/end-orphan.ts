import type { RunFinished } from '@statechat/core/wire'
import type { AnyChunk } from '../chunk-body.ts'
import type { RunEnd, RunInfo, RunLog } from './run-log.ts'

const PRODUCER_LOST = {
  type: 'RUN_ERROR',
  message: 'The server that made this answer is gone.',
  code: 'producer_lost',
  metadata: { retryable: true },
}

export const isOrphan = ({ status, isLeaseValid }: RunInfo): boolean => status === 'open' && !isLeaseValid

/** Ends the run if its producer is gone, and nobody else does: exactly one of all who ask wins. Throws a `RunLogError`. */
export async function endOrphan(log: RunLog, runId: string): Promise<void> {
  const mine = await log.takeover(runId)
  if (!mine) return
  const { epoch, tail } = mine
  const end = await endOf(log, runId, tail)
  if (end === undefined) await log.append(runId, epoch, tail + 1, [JSON.stringify(PRODUCER_LOST)])
  await log.close(runId, epoch, end ?? 'error')
}

/** How the run had ended already, when its producer was lost between the last chunk and the closing. */
async function endOf(log: RunLog, runId: string, tail: number): Promise<RunEnd | undefined> {
  if (tail === 0) return undefined
  const enough = new AbortController()
  try {
    for await (const [event] of log.read(runId, tail - 1, enough.signal)) {
      if (!event) continue
      const last = JSON.parse(event.data) as AnyChunk
      if (last.type === 'RUN_ERROR') return 'error'
      if (last.type !== 'RUN_FINISHED') return undefined
      const { outcome, metadata } = last as RunFinished
      if (outcome?.type === 'cancelled') return 'cancelled'
      // An agent loop of another library sends one of these before each step but the last.
      return metadata?.finishReason === 'tool_calls' && outcome === undefined ? undefined : 'finished'
    }
    return undefined
  } finally {
    enough.abort()
  }
}
