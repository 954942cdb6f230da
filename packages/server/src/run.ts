import { type Chunk, PROTOCOL_VERSION } from '@statechat/core/wire'
import { loop, type LoopPlan, type Spent } from './loop.ts'
import { runError } from './model-error.ts'

export interface RunPlan extends LoopPlan {
  parentRunId?: string | undefined
}

/** One run from RUN_STARTED to its one terminal chunk. Never throws. */
export async function* run(plan: RunPlan, signal: AbortSignal): AsyncGenerator<Chunk, void, undefined> {
  const { request, parentRunId, onError } = plan
  const ids = { threadId: request.threadId, runId: request.runId }
  const spent: Spent = { usage: [] }
  const usage = () => spent.usage.length > 0 && { usage: [...spent.usage] }
  yield { type: 'RUN_STARTED', ...ids, protocolVersion: PROTOCOL_VERSION, ...(parentRunId !== undefined && { parentRunId }) }
  try {
    const end = yield* loop(plan, signal, spent)
    if (end.type === 'cancelled') yield { type: 'RUN_FINISHED', ...ids, ...usage(), outcome: { type: 'cancelled' } }
    else yield { type: 'RUN_FINISHED', ...ids, ...usage(), outcome: end.outcome, metadata: end.metadata }
  } catch (error) {
    yield { ...runError(error, onError), ...usage() }
  }
}
