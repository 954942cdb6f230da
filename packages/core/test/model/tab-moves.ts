import type { ThreadEvent } from '../../src/session/events.ts'
import { user } from '../../src/session/test-kit.ts'
import { always, type Move } from './move.ts'

const other = { type: 'thread.changed', messages: [user('other')], head: 'other', state: undefined } as const
const tells = (event: Pick<ThreadEvent, 'run' | 'why'>): Move => ({
  possible: always,
  model: (model) => model.send({ ...other, ...event }),
  chat: ({ chat }) => chat.actor.send({ ...other, ...event }),
})

/** What another tab makes of the conversation. How tabs talk to each other has tests of its own. */
export const tabMoves: Readonly<Record<string, Move>> = {
  'another tab has gone on': tells({ run: null, why: 'told' }),
  'another tab has stopped': tells({ run: null, why: 'stopped' }),
  'another tab has replaced the messages': tells({ run: null, why: 'replaced' }),
  'another tab has a run': tells({ run: { runId: 'theirs', parentRunId: null, mode: 'reply', tip: 'other', fallback: null, steps: 0 }, why: 'told' }),
}
