import { user } from '../../src/session/test-kit.ts'
import { cellsOf, reconnecting, type Row } from './setup.ts'

const other = { type: 'thread.changed', messages: [user('other')], head: 'other', state: undefined, run: null } as const
/** Cells of what is known by now, wherever nothing is in flight. */
const atRest = { loading: 'ignored', joining: 'ready: other', ready: 'ready: other', error: 'ready: other', stopped: 'ready: other' }
const ended = { ...atRest, ...reconnecting('ready: other !Q2 stopped ~') }

/** What other tabs make of the conversation. */
export const threadRows: Record<string, Row> = {
  'thread.changed to a conversation in which no run is going on': {
    event: () => ({ ...other, why: 'told' }),
    // The question that was about to be asked waits for its turn.
    cells: cellsOf({ ...ended, connecting: 'ready: other +Q2' }, 'ready: other !Q2 stopped'),
  },
  'thread.changed by a person who has replaced the messages': {
    event: () => ({ ...other, why: 'replaced' }),
    cells: cellsOf(ended, 'ready: other !Q2 stopped'),
  },
  'thread.changed by a person who has stopped the run': {
    event: () => ({ ...other, why: 'stopped' }),
    cells: cellsOf({ ...atRest, ...reconnecting('stopped: other !Q2 stopped ~') }, 'stopped: other !Q2 stopped'),
  },
  'thread.changed to a run of another tab': {
    event: () => ({ ...other, run: { runId: 'theirs', parentRunId: null, mode: 'join', tip: 'other', fallback: null, steps: 0 }, why: 'told' }),
    cells: cellsOf(
      {
        joining: 'connecting: other',
        ready: 'connecting: other',
        connecting: 'connecting: other +Q2',
        local: 'connecting: other',
        error: 'connecting: other',
        stopped: 'connecting: other',
      },
      'ignored',
    ),
  },
}
