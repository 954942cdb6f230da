import { ChatError } from '../../src/errors.ts'
import type { Chunk } from '../../src/protocol/chunk.ts'
import { user } from '../../src/session/test-kit.ts'
import { text, toolCall } from '../../testing/index.ts'
import { cellsOf, delta, finished, network, reconnecting, type Row, runOf } from './setup.ts'

/** What the actors report. */
export const runRows: Record<string, Row> = {
  'run.opened': {
    event: (machine) => ({ type: 'run.opened', runId: runOf(machine) }),
    cells: cellsOf({ joining: 'receiving: Q1 A1', connecting: 'receiving: Q1 A1 Q2', rejoining: 'receiving: Q1 A1 Q2 par…' }, 'ignored'),
  },
  'run.opened of a run that begins with what it had said before': {
    event: (machine) => ({ type: 'run.opened', runId: runOf(machine), joined: 'theirs', isReplay: true }),
    cells: cellsOf({ joining: 'replaying: Q1 A1', connecting: 'replaying: Q1 A1 Q2', rejoining: 'receiving: Q1 A1 Q2 par…' }, 'ignored'),
  },
  'run.opened of another run': { event: () => ({ type: 'run.opened', runId: 'another' }), cells: 'ignored' },
  'run.caughtUp': {
    event: (machine) => ({ type: 'run.caughtUp', runId: runOf(machine) }),
    cells: cellsOf({ replaying: 'receiving: Q1 A1 Q2 par…' }, 'ignored'),
  },
  'run.caughtUp of another run': { event: () => ({ type: 'run.caughtUp', runId: 'another' }), cells: 'ignored' },
  'run.chunks with text': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: [delta('ty')] }),
    cells: cellsOf(
      {
        connecting: 'connecting: Q1 A1 Q2 ty…',
        receiving: 'receiving: Q1 A1 Q2 party…',
        replaying: 'replaying: Q1 A1 Q2 party…',
        ...reconnecting('reconnecting: Q1 A1 Q2 party…'),
        remote: 'receiving: Q1 A1 Q2 party…{ask:input-complete}',
      },
      'warned',
    ),
  },
  'run.chunks with reasoning': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: [{ type: 'REASONING_MESSAGE_CONTENT', messageId: 'T', delta: 'hm' }] }),
    cells: cellsOf(
      {
        connecting: 'connecting: Q1 A1 Q2 (hm…)',
        receiving: 'receiving: Q1 A1 Q2 par…(hm…)',
        replaying: 'replaying: Q1 A1 Q2 par…(hm…)',
        ...reconnecting('reconnecting: Q1 A1 Q2 par…(hm…)'),
        remote: 'receiving: Q1 A1 Q2 par…{ask:input-complete}(hm…)',
      },
      'warned',
    ),
  },
  'run.chunks with a complete call': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: toolCall('c3', 'more', {}) }),
    cells: cellsOf(
      {
        connecting: 'connecting: Q1 A1 Q2 {more:input-complete}',
        receiving: 'remote: Q1 A1 Q2 par…{more:input-complete}',
        replaying: 'replaying: Q1 A1 Q2 par…{more:input-complete}',
        ...reconnecting('reconnecting: Q1 A1 Q2 par…{more:input-complete}'),
        remote: 'remote: Q1 A1 Q2 par…{ask:input-complete}{more:input-complete}',
      },
      'warned',
    ),
  },
  'run.chunks with the last result': {
    event: (machine) => ({
      type: 'run.chunks',
      runId: runOf(machine),
      chunks: [{ type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c2', content: '1' }],
    }),
    cells: cellsOf(
      {
        connecting: 'connecting: Q1 A1 Q2 ',
        receiving: 'receiving: Q1 A1 Q2 par…',
        replaying: 'replaying: Q1 A1 Q2 par…',
        ...reconnecting('reconnecting: Q1 A1 Q2 par…'),
        remote: 'receiving: Q1 A1 Q2 par…{ask:complete}',
      },
      'warned',
    ),
  },
  'run.chunks with RUN_ERROR': {
    event: (machine) => ({ type: 'run.chunks', runId: runOf(machine), chunks: [{ type: 'RUN_ERROR', message: 'no' }] }),
    cells: cellsOf(
      {
        connecting: 'error: Q1 A1 Q2 !Q2 failed #server',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #server',
        replaying: 'error: Q1 A1 Q2 par !Q2 failed #server',
        ...reconnecting('error: Q1 A1 Q2 par !Q2 failed #server'),
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #server',
      },
      'warned',
    ),
  },
  'run.chunks of another run': { event: () => ({ type: 'run.chunks', runId: 'another', chunks: text('X', 'late') }), cells: 'warned' },
  'run.closed after a terminal chunk': {
    event: (machine) => {
      if (machine.phase !== 'local' && machine.snapshot.hasTag('busy')) machine.run.chunks(finished)
      return { type: 'run.closed', runId: runOf(machine) }
    },
    cells: cellsOf(
      {
        joining: 'ready: Q1 A1',
        connecting: 'ready: Q1 A1 Q2 !Q2 finished',
        receiving: 'ready: Q1 A1 Q2 par !Q2 finished',
        replaying: 'ready: Q1 A1 Q2 par !Q2 finished',
        ...reconnecting('ready: Q1 A1 Q2 par !Q2 finished'),
        remote: 'local: Q1 A1 Q2 par{ask:input-complete}',
      },
      'ignored',
    ),
  },
  'run.closed after the server said that the run was cancelled': {
    event: (machine) => {
      if (machine.phase !== 'local' && machine.snapshot.hasTag('busy')) machine.run.chunks({ ...finished, outcome: { type: 'cancelled' } } as Chunk)
      return { type: 'run.closed', runId: runOf(machine) }
    },
    cells: cellsOf(
      {
        joining: 'ready: Q1 A1',
        connecting: 'stopped: Q1 A1 Q2 !Q2 stopped',
        receiving: 'stopped: Q1 A1 Q2 par !Q2 stopped',
        replaying: 'stopped: Q1 A1 Q2 par !Q2 stopped',
        ...reconnecting('stopped: Q1 A1 Q2 par !Q2 stopped'),
        remote: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      },
      'ignored',
    ),
  },
  'run.closed without a terminal chunk': {
    event: (machine) => ({ type: 'run.closed', runId: runOf(machine) }),
    cells: cellsOf(
      {
        joining: 'ready: Q1 A1', // Nothing has begun, so nothing is owed: an in-process iterable that yields nothing.
        connecting: 'ready: Q1 A1 Q2 !Q2 finished',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #truncated',
        replaying: 'error: Q1 A1 Q2 par !Q2 failed #truncated',
        ...reconnecting('waiting: Q1 A1 Q2 par…'),
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #truncated',
      },
      'ignored',
    ),
  },
  'run.closed without a terminal chunk, resumable': {
    resumable: true,
    event: (machine) => ({ type: 'run.closed', runId: runOf(machine) }),
    cells: cellsOf(
      {
        joining: 'ready: Q1 A1',
        connecting: 'waiting: Q1 A1 Q2',
        receiving: 'waiting: Q1 A1 Q2 par…',
        replaying: 'waiting: Q1 A1 Q2 par…',
        ...reconnecting('waiting: Q1 A1 Q2 par…'),
        remote: 'waiting: Q1 A1 Q2 par…{ask:input-complete}',
      },
      'ignored',
    ),
  },
  'run.closed of another run': { event: () => ({ type: 'run.closed', runId: 'another' }), cells: 'ignored' },
  'run.dropped': {
    event: (machine) => ({ type: 'run.dropped', runId: runOf(machine), error: network }),
    cells: cellsOf(
      {
        joining: 'error: Q1 A1 #network',
        connecting: 'error: Q1 A1 Q2 !Q2 failed #network',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #network',
        replaying: 'error: Q1 A1 Q2 par !Q2 failed #network',
        ...reconnecting('waiting: Q1 A1 Q2 par…'),
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #network',
      },
      'ignored',
    ),
  },
  'run.dropped, resumable': {
    resumable: true,
    event: (machine) => ({ type: 'run.dropped', runId: runOf(machine), error: network }),
    cells: cellsOf(
      {
        joining: 'error: Q1 A1 #network',
        connecting: 'waiting: Q1 A1 Q2',
        receiving: 'waiting: Q1 A1 Q2 par…',
        replaying: 'waiting: Q1 A1 Q2 par…',
        ...reconnecting('waiting: Q1 A1 Q2 par…'),
        remote: 'waiting: Q1 A1 Q2 par…{ask:input-complete}',
      },
      'ignored',
    ),
  },
  'run.dropped of another run': { event: () => ({ type: 'run.dropped', runId: 'another', error: network }), cells: 'ignored' },
  'run.failed': {
    event: (machine) => ({ type: 'run.failed', runId: runOf(machine), error: new ChatError('http', '500') }),
    cells: cellsOf(
      {
        joining: 'error: Q1 A1 #http',
        connecting: 'error: Q1 A1 Q2 !Q2 failed #http',
        receiving: 'error: Q1 A1 Q2 par !Q2 failed #http',
        replaying: 'error: Q1 A1 Q2 par !Q2 failed #http',
        ...reconnecting('error: Q1 A1 Q2 par !Q2 failed #http'),
        remote: 'error: Q1 A1 Q2 par{ask:cancelled} !Q2 failed #http',
      },
      'ignored',
    ),
  },
  'run.failed of another run': { event: () => ({ type: 'run.failed', runId: 'another', error: network }), cells: 'ignored' },

  // The network

  'network.offline': { event: () => ({ type: 'network.offline' }), cells: cellsOf({ waiting: 'offline: Q1 A1 Q2 par…' }, 'ignored') },
  'network.online': {
    event: () => ({ type: 'network.online' }),
    cells: cellsOf({ waiting: 'rejoining: Q1 A1 Q2 par…', offline: 'rejoining: Q1 A1 Q2 par…' }, 'ignored'),
  },
  'page.visible': { event: () => ({ type: 'page.visible' }), cells: cellsOf({ waiting: 'rejoining: Q1 A1 Q2 par…' }, 'ignored') },

  // Restoring

  'restore.done': {
    event: () => ({ type: 'restore.done', messages: [user('stored')] }),
    cells: cellsOf({ loading: 'ready: stored' }, 'ignored'),
  },
  'restore.failed': {
    event: () => ({ type: 'restore.failed', error: new ChatError('restore', 'no') }),
    cells: cellsOf({ loading: 'error:  #restore' }, 'ignored'),
  },
}
