import type { Chunk } from '@statechat/core/wire'
import { ABORTED, abortable } from './abortable.ts'
import type { ModelAdapter, ModelFinish, ModelRequest } from './adapter.ts'
import { ModelError } from './model-error.ts'
import { openParts } from './open-parts.ts'
import { settleToolCalls } from './settle-tool-calls.ts'

/** How a model call ended, if it did not throw. */
export type ModelCallEnd = { type: 'finished'; finish: ModelFinish; unansweredCallIds: string[] } | { type: 'cancelled' }

/** One call of the model: its chunks, made valid, with nothing left open at the end. Throws what the adapter throws. */
export async function* modelCall(adapter: ModelAdapter, request: ModelRequest): AsyncGenerator<Chunk, ModelCallEnd, undefined> {
  const parts = openParts(request.messageId)
  const messages = settleToolCalls(request.messages, request.generateId)
  const source = abortable(adapter.stream({ ...request, messages }), request.signal)
  try {
    for (;;) {
      const step = await source.next()
      if (step === ABORTED) {
        yield* parts.closeAll({ incomplete: true })
        return { type: 'cancelled' }
      }
      if (step.done) throw new ModelError('truncated', `${adapter.name}: the answer ended without a finish`)
      const chunk = step.value
      if (chunk.type === 'finish') {
        yield* parts.closeAll()
        return { type: 'finished', finish: chunk, unansweredCallIds: parts.unanswered() }
      }
      for (const part of parts.accept(chunk)) yield part
    }
  } catch (error) {
    if (request.signal.aborted) {
      // Most adapters answer an abort with an AbortError.
      yield* parts.closeAll({ incomplete: true })
      return { type: 'cancelled' }
    }
    yield* parts.closeTexts()
    throw error
  } finally {
    source.close()
  }
}
