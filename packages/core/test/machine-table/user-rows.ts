import { assistant, send, user } from '../../src/session/test-kit.ts'
import { asks, cellsOf, finished, lasting, owed, question, reconnecting, serverAsks, type Row } from './setup.ts'

/** What a person does, and the code acting for one. */
export const userRows: Record<string, Row> = {
  // User

  'user.send': {
    event: () => send('new'),
    cells: {
      loading: 'loading:  +new',
      joining: 'joining: Q1 A1 +new',
      ready: 'connecting: Q1 A1 new',
      connecting: 'connecting: Q1 A1 Q2 +new',
      receiving: 'receiving: Q1 A1 Q2 par… +new',
      replaying: 'replaying: Q1 A1 Q2 par… +new',
      ...reconnecting('reconnecting: Q1 A1 Q2 par… +new'),
      remote: 'remote: Q1 A1 Q2 par…{ask:input-complete} +new',
      local: 'local: Q1 A1 Q2 par{ask:input-complete} +new',
      error: 'connecting: Q1 A1 Q2 par new',
      stopped: 'connecting: Q1 A1 Q2 par new',
    },
  },
  'user.send with whileBusy interrupt': {
    event: () => send('new'),
    given: { whileBusy: 'interrupt' },
    cells: {
      loading: 'loading:  +new',
      joining: 'joining: Q1 A1 +new',
      ready: 'connecting: Q1 A1 new',
      connecting: 'connecting: Q1 A1 Q2 new !Q2 stopped',
      receiving: 'connecting: Q1 A1 Q2 par new !Q2 stopped',
      replaying: 'connecting: Q1 A1 Q2 par new !Q2 stopped',
      ...reconnecting('connecting: Q1 A1 Q2 par new !Q2 stopped ~'),
      remote: 'connecting: Q1 A1 Q2 par{ask:cancelled} new !Q2 stopped',
      local: 'connecting: Q1 A1 Q2 par{ask:cancelled} new !Q2 stopped',
      error: 'connecting: Q1 A1 Q2 par new',
      stopped: 'connecting: Q1 A1 Q2 par new',
    },
  },
  'user.send with whileBusy drop': {
    event: () => send('new'),
    given: { whileBusy: 'drop' },
    cells: {
      loading: 'loading:  +new',
      joining: 'joining: Q1 A1 +new',
      ready: 'connecting: Q1 A1 new',
      connecting: 'ignored',
      receiving: 'ignored',
      replaying: 'ignored',
      ...reconnecting('ignored'),
      remote: 'ignored',
      local: 'ignored',
      error: 'connecting: Q1 A1 Q2 par new',
      stopped: 'connecting: Q1 A1 Q2 par new',
    },
  },
  'user.reload': {
    event: () => ({ type: 'user.reload', turnId: 'R' }),
    cells: {
      loading: 'ignored',
      joining: 'ignored',
      ready: 'connecting: Q1',
      connecting: 'connecting: Q1 A1 Q2 !Q2 stopped',
      receiving: 'connecting: Q1 A1 Q2 !Q2 stopped',
      replaying: 'connecting: Q1 A1 Q2 !Q2 stopped',
      ...reconnecting('connecting: Q1 A1 Q2 !Q2 stopped ~'),
      remote: 'connecting: Q1 A1 Q2 !Q2 stopped',
      local: 'connecting: Q1 A1 Q2 !Q2 stopped',
      error: 'connecting: Q1 A1 Q2',
      stopped: 'connecting: Q1 A1 Q2',
    },
  },
  'user.reload of an earlier answer': {
    event: () => ({ type: 'user.reload', turnId: 'R', messageId: 'A1' }),
    cells: {
      loading: 'ignored',
      joining: 'ignored',
      ready: 'connecting: Q1',
      connecting: 'connecting: Q1 !Q2 stopped',
      receiving: 'connecting: Q1 !Q2 stopped',
      replaying: 'connecting: Q1 !Q2 stopped',
      ...reconnecting('connecting: Q1 !Q2 stopped ~'),
      remote: 'connecting: Q1 !Q2 stopped',
      local: 'connecting: Q1 !Q2 stopped',
      error: 'connecting: Q1',
      stopped: 'connecting: Q1',
    },
  },
  'user.reload of a message that is not there': { event: () => ({ type: 'user.reload', turnId: 'R', messageId: 'nobody' }), cells: 'ignored' },
  'user.edit': {
    event: () => ({ type: 'user.edit', turnId: 'new', messageId: 'Q1', message: user('new') }),
    cells: {
      loading: 'ignored',
      joining: 'ignored',
      ready: 'connecting: new',
      connecting: 'connecting: new !Q2 stopped',
      receiving: 'connecting: new !Q2 stopped',
      replaying: 'connecting: new !Q2 stopped',
      ...reconnecting('connecting: new !Q2 stopped ~'),
      remote: 'connecting: new !Q2 stopped',
      local: 'connecting: new !Q2 stopped',
      error: 'connecting: new',
      stopped: 'connecting: new',
    },
  },
  'user.edit of a message that is not there': {
    event: () => ({ type: 'user.edit', turnId: 'new', messageId: 'nobody', message: user('new') }),
    cells: 'ignored',
  },
  'user.edit of an answer': { event: () => ({ type: 'user.edit', turnId: 'new', messageId: 'A1', message: user('new') }), cells: 'ignored' },
  'user.stop': {
    event: () => ({ type: 'user.stop' }),
    cells: {
      loading: 'ignored',
      joining: 'ready: Q1 A1',
      ready: 'ignored',
      connecting: 'stopped: Q1 A1 Q2 !Q2 stopped',
      receiving: 'stopped: Q1 A1 Q2 par !Q2 stopped',
      replaying: 'stopped: Q1 A1 Q2 par !Q2 stopped',
      ...reconnecting('stopped: Q1 A1 Q2 par !Q2 stopped ~'),
      remote: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      local: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      error: 'ignored',
      stopped: 'ignored',
    },
  },
  'user.stop, resumable': {
    resumable: true,
    event: () => ({ type: 'user.stop' }),
    cells: cellsOf(
      {
        joining: 'ready: Q1 A1',
        connecting: 'stopped: Q1 A1 Q2 !Q2 stopped ~',
        receiving: 'stopped: Q1 A1 Q2 par !Q2 stopped ~',
        replaying: 'stopped: Q1 A1 Q2 par !Q2 stopped ~',
        ...reconnecting('stopped: Q1 A1 Q2 par !Q2 stopped ~'),
        remote: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped ~',
        local: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      },
      'ignored',
    ),
  },
  'user.stop of a run that the server has ended': {
    resumable: true,
    event(machine) {
      if (machine.phase !== 'local' && machine.snapshot.hasTag('busy')) machine.run.chunks(finished)
      return { type: 'user.stop' }
    },
    cells: cellsOf(
      {
        joining: 'ready: Q1 A1',
        connecting: 'stopped: Q1 A1 Q2 !Q2 stopped',
        receiving: 'stopped: Q1 A1 Q2 par !Q2 stopped',
        replaying: 'stopped: Q1 A1 Q2 par !Q2 stopped',
        ...reconnecting('stopped: Q1 A1 Q2 par !Q2 stopped'),
        remote: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
        local: 'stopped: Q1 A1 Q2 par{ask:cancelled} !Q2 stopped',
      },
      'ignored',
    ),
  },
  'user.retry': {
    event: () => ({ type: 'user.retry', turnId: 'R' }),
    cells: cellsOf({ error: 'connecting: Q1 A1 Q2', stopped: 'connecting: Q1 A1 Q2' }, 'ignored'),
  },
  'user.clear': {
    event: () => ({ type: 'user.clear' }),
    cells: cellsOf(
      { joining: 'ready: ', loading: 'ready: ', ready: 'ready: ', error: 'ready: ', stopped: 'ready: ', ...reconnecting('ready:  !Q2 stopped ~') },
      'ready:  !Q2 stopped',
    ),
  },
  'user.setMessages': {
    event: () => ({ type: 'user.setMessages', messages: [user('other')] }),
    cells: cellsOf(
      {
        joining: 'ready: other',
        loading: 'ready: other',
        ready: 'ready: other',
        error: 'ready: other',
        stopped: 'ready: other',
        ...reconnecting('ready: other !Q2 stopped ~'),
      },
      'ready: other !Q2 stopped',
    ),
  },
  'user.selectBranch': {
    event: () => ({ type: 'user.selectBranch', messageId: 'A1' }),
    cells: { ...lasting('Q1 A1'), loading: 'ignored', joining: 'joining: Q1 A1' },
  },
  'user.selectBranch of a message that is not there': { event: () => ({ type: 'user.selectBranch', messageId: 'nobody' }), cells: 'ignored' },
  'user.unqueue of a message that does not wait': { event: () => ({ type: 'user.unqueue', id: 'Q1' }), cells: 'ignored' },
  'user.resumeQueue with nothing in it': { event: () => ({ type: 'user.resumeQueue' }), cells: 'ignored' },

  // Answers of the client

  'tool.result for a call that is owed': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c1', content: '1', state: 'complete' } }),
    given: { initialMessages: [user('Q1'), assistant('A1', owed)] },
    cells: { ...lasting('Q1 {old:complete}'), loading: 'warned', joining: 'joining: Q1 {old:complete}' },
  },
  'tool.result for the call of this run': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c2', content: '1', state: 'complete' } }),
    cells: cellsOf({ remote: 'receiving: Q1 A1 Q2 par…{ask:complete}', local: 'connecting: Q1 A1 Q2 par{ask:complete}' }, 'warned'),
  },
  'tool.result for a call that is not there': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'nobody', content: '1', state: 'complete' } }),
    cells: 'warned',
  },
  'tool.approval of a call that asks for it': {
    event: () => ({ type: 'tool.approval', toolCallId: 'c1', approved: true }),
    given: { initialMessages: [user('Q1'), assistant('A1', asks)] },
    cells: { ...lasting('Q1 {old:approval-responded}'), loading: 'warned', joining: 'unreachable', ready: 'local: Q1 {old:approval-responded}' },
  },
  'tool.approval of a call that does not ask': { event: () => ({ type: 'tool.approval', toolCallId: 'c2', approved: true }), cells: 'warned' },

  'tool.approval of a call that the server asks about': {
    event: () => ({ type: 'tool.approval', toolCallId: 'c1', approved: true }),
    given: { initialMessages: [user('Q1'), assistant('A1', serverAsks)] },
    cells: { ...lasting('Q1 {old:approval-responded}'), loading: 'warned', joining: 'unreachable', ready: 'connecting: Q1 {old:approval-responded}' },
  },
  'tool.approval that denies': {
    event: () => ({ type: 'tool.approval', toolCallId: 'c1', approved: false, reason: 'No.' }),
    given: { initialMessages: [user('Q1'), assistant('A1', serverAsks)] },
    cells: { ...lasting('Q1 {old:cancelled}'), loading: 'warned', joining: 'unreachable', ready: 'connecting: Q1 {old:cancelled}' },
  },
  'interrupt.answer of an open question': {
    event: () => ({ type: 'interrupt.answer', id: 'i1', status: 'resolved', payload: 1 }),
    given: { initialMessages: [user('Q1'), assistant('A1', question)] },
    cells: { ...lasting('Q1 <interrupt resolved>'), loading: 'warned', joining: 'unreachable', ready: 'connecting: Q1 <interrupt resolved>' },
  },
  'interrupt.answer of a question that is not there': {
    event: () => ({ type: 'interrupt.answer', id: 'nobody', status: 'cancelled' }),
    cells: 'warned',
  },
  'tool.result for a call that was stored without one': {
    event: () => ({ type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c1', content: '1', state: 'complete' } }),
    given: { initialMessages: [user('Q1'), assistant('A1', { ...owed, name: 'ask' })] },
    cells: { ...lasting('Q1 {ask:complete}'), loading: 'warned', joining: 'unreachable', ready: 'connecting: Q1 {ask:complete}' },
  },

  'user.setState': {
    event: () => ({ type: 'user.setState', state: { n: 1 } }),
    cells: { ...lasting('Q1 A1'), loading: 'loading: ', joining: 'joining: Q1 A1' },
  },

  // Tools of the client

  'tool.asks': {
    event: () => ({ type: 'tool.asks', toolCallId: 'c2' }),
    cells: cellsOf({ local: 'local: Q1 A1 Q2 par{ask:approval-requested}' }, 'ignored'),
  },
  'tool.started': {
    event: () => ({ type: 'tool.started', toolCallId: 'c2' }),
    cells: cellsOf({ local: 'local: Q1 A1 Q2 par{ask:executing}' }, 'ignored'),
  },
  'tool.progressed': {
    event: () => ({ type: 'tool.progressed', toolCallId: 'c2', progress: 0.5 }),
    cells: cellsOf({ local: 'local: Q1 A1 Q2 par{ask:input-complete 0.5}' }, 'ignored'),
  },
  'tool.timedOut': {
    event: () => ({ type: 'tool.timedOut', toolCallId: 'c2' }),
    cells: cellsOf({ local: 'connecting: Q1 A1 Q2 par{ask:error}' }, 'ignored'),
  },
  'tool.started of a call that is not there': { event: () => ({ type: 'tool.started', toolCallId: 'nobody' }), cells: 'ignored' },
  'approval.expired': {
    event: (machine) => {
      machine.send({ type: 'tool.asks', toolCallId: 'c2' })
      return { type: 'approval.expired', toolCallId: 'c2' }
    },
    cells: cellsOf({ local: 'connecting: Q1 A1 Q2 par{ask:cancelled}' }, 'ignored'),
  },
  'interrupt.expired': {
    event: () => ({ type: 'interrupt.expired', id: 'i1' }),
    given: { initialMessages: [user('Q1'), assistant('A1', question)] },
    cells: cellsOf({ joining: 'unreachable', local: 'local: Q1 <interrupt cancelled> Q2 par{ask:input-complete}' }, 'ignored'),
  },

  // Views

  'view.attach to a conversation that was stored with a question': {
    event: () => ({ type: 'view.attach' }),
    given: { initialMessages: [user('Q1'), assistant('A1', serverAsks)] },
    cells: { ...lasting('Q1 {old:approval-requested}'), loading: 'loading: ', joining: 'unreachable', ready: 'local: Q1 {old:approval-requested}' },
  },
  'restore.resume of a conversation that was stored with a question': {
    event: () => ({ type: 'restore.resume' }),
    given: { initialMessages: [user('Q1'), assistant('A1', question)] },
    cells: cellsOf({ joining: 'unreachable', ready: 'local: Q1 <interrupt open>' }, 'ignored'),
  },
  'restore.resume of one without': { event: () => ({ type: 'restore.resume' }), cells: 'ignored' },
  'view.attach': {
    event: () => ({ type: 'view.attach' }),
    cells: { ...lasting('Q1 A1'), loading: 'loading: ', joining: 'joining: Q1 A1' },
  },
  'view.detach': {
    event: () => ({ type: 'view.detach' }),
    cells: { ...lasting('Q1 A1'), loading: 'loading: ', joining: 'joining: Q1 A1' },
  },
}
