import { ChatError } from '../../src/errors.ts'
import type { ChatEvent } from '../../src/session/events.ts'
import { always, type Move } from './move.ts'

const byHand = (event: ChatEvent): Move => ({
  possible: always,
  model: (model) => model.send(event),
  chat(real) {
    real.isByHand = true
    real.chat.actor.send(event)
  },
})
const runId = 'another'
const error = new ChatError('network', 'The connection broke.')

/**
 * Reports of a run that is not the current one. No path of a chat leads to them: the actor of a run is stopped before the next
 * one begins, and what a stopped actor says is not heard. They are there for those who drive the machine by hand, so by hand they are sent.
 */
export const handMoves: Readonly<Record<string, Move>> = {
  'run.opened of another run': byHand({ type: 'run.opened', runId }),
  'run.caughtUp of another run': byHand({ type: 'run.caughtUp', runId }),
  'run.chunks of another run': byHand({ type: 'run.chunks', runId, chunks: [{ type: 'TEXT_MESSAGE_CONTENT', messageId: 'x', delta: 'LATE' }] }),
  'run.closed of another run': byHand({ type: 'run.closed', runId }),
  'run.dropped of another run': byHand({ type: 'run.dropped', runId, error }),
  'run.failed of another run': byHand({ type: 'run.failed', runId, error }),
}
