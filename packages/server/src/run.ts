import { type Chunk, PROTOCOL_VERSION } from '@statechat/core/wire'
import type { ModelAdapter, ModelRequest } from './adapter.ts'
import { modelCall } from './model-call.ts'
import { type ErrorHandler, runError } from './model-error.ts'

export interface RunPlan {
  adapter: ModelAdapter
  /** Everything about the call but its signal. */
  request: Omit<ModelRequest, 'signal'>
  parentRunId?: string | undefined
  onError?: ErrorHandler | undefined
}

/** One run from RUN_STARTED to its one terminal chunk. Never throws. */
export async function* run({ adapter, request, parentRunId, onError }: RunPlan, signal: AbortSignal): AsyncGenerator<Chunk, void, undefined> {
  const ids = { threadId: request.threadId, runId: request.runId }
  yield { type: 'RUN_STARTED', ...ids, protocolVersion: PROTOCOL_VERSION, ...(parentRunId !== undefined && { parentRunId }) }
  try {
    const end = yield* modelCall(adapter, { ...request, signal })
    if (end.type === 'cancelled') {
      yield { type: 'RUN_FINISHED', ...ids, outcome: { type: 'cancelled' } }
      return
    }
    const { finish, unansweredCallIds } = end
    yield {
      type: 'RUN_FINISHED',
      ...ids,
      ...(finish.usage && { usage: [finish.usage] }),
      outcome: { type: 'success', ...(unansweredCallIds.length > 0 && { pendingToolCallIds: unansweredCallIds }) },
      metadata: { ...finish.metadata, finishReason: finish.reason },
    }
  } catch (error) {
    yield runError(error, onError)
  }
}
