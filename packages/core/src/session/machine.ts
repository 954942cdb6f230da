import { setup } from 'xstate'
import { actions } from './actions.ts'
import { backoffDelay } from './backoff.ts'
import { createContext } from './context.ts'
import { guards } from './guards.ts'
import { actors, types } from './types.ts'

/**
 * The life of one conversation. States and targets only: what the names do is in actions, guards and actors.
 *
 * @example
 * const actor = createActor(chatMachine, { input: { connection: fetchServerSentEvents('/api/chat') } }).start()
 */
export const chatMachine = setup({
  types,
  actors,
  actions,
  guards,
  delays: { backoff: ({ context }) => backoffDelay(context.attempt, context.host.random) },
}).createMachine({
  id: 'chat',
  context: ({ input }) => createContext(input),
  initial: 'idle',
  on: {
    'view.attach': { actions: 'countView' },
    'view.detach': { actions: 'uncountView' },
    'user.setState': { actions: 'setState' },
    'user.unqueue': { guard: 'isQueued', actions: ['settleUnqueued', 'unqueue'] },
    'tool.result': [{ guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] }, { actions: 'warnNotOwed' }],
    'tool.approval': [{ guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] }, { actions: 'warnNotOwed' }],
    'interrupt.answer': [{ guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] }, { actions: 'warnNotOwed' }],
    'run.chunks': { actions: ['countStray', 'warnStray'] },
  },
  states: {
    idle: {
      initial: 'ready',
      on: {
        'user.clear': { target: '.ready', actions: ['clear', 'forgetTurn'] },
        'user.setMessages': { target: '.ready', actions: ['replaceMessages', 'forgetTurn'] },
        'user.selectBranch': { guard: 'canSelect', actions: 'selectBranch' },
      },
      states: {
        ready: {
          on: {
            'view.attach': [
              { guard: 'needsRestoring', target: 'restoring', actions: 'countView' },
              { guard: 'hasOpenQuestions', target: '#chat.running.tool-calling.local', actions: ['countView', 'resumeTurn', 'openRun'] },
              { guard: 'mayJoin', target: 'restoring.joining', actions: ['countView', 'beginJoin', 'noteJoin'] },
              { actions: 'countView' },
            ],
            'tool.result': [
              {
                guard: 'isOpenQuestion',
                target: '#chat.running.tool-calling.local',
                actions: ['resumeTurn', 'openRun', 'noteAnswer', 'writeAnswer'],
              },
              { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
              { actions: 'warnNotOwed' },
            ],
            'tool.approval': [
              { guard: 'isOpenYes', target: '#chat.running.tool-calling.local', actions: ['resumeTurn', 'openRun', 'writeAnswer'] },
              {
                guard: 'isOpenQuestion',
                target: '#chat.running.tool-calling.local',
                actions: ['resumeTurn', 'openRun', 'noteAnswer', 'writeAnswer'],
              },
              { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
              { actions: 'warnNotOwed' },
            ],
            'interrupt.answer': [
              {
                guard: 'isOpenQuestion',
                target: '#chat.running.tool-calling.local',
                actions: ['resumeTurn', 'openRun', 'noteAnswer', 'writeAnswer'],
              },
              { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
              { actions: 'warnNotOwed' },
            ],
            'user.send': [
              { guard: 'isRefused', actions: 'refuseSend' },
              { guard: 'needsRestoring', target: 'restoring', actions: 'enqueue' },
              { guard: 'hasQueue', target: '#chat.running', actions: ['enqueue', 'appendQueued', 'beginQueued'] },
              { target: '#chat.running', actions: ['appendSent', 'beginSend'] },
            ],
            'user.resumeQueue': { guard: 'hasQueue', target: '#chat.running', actions: ['appendQueued', 'beginQueued'] },
            'restore.resume': [
              { guard: 'hasOpenQuestions', target: '#chat.running.tool-calling.local', actions: ['resumeTurn', 'openRun'] },
              { guard: 'mayJoin', target: 'restoring.joining', actions: ['beginJoin', 'noteJoin'] },
            ],
            'user.reload': { guard: 'canReload', target: '#chat.running', actions: 'beginReload' },
            'user.edit': { guard: 'canEdit', target: '#chat.running', actions: ['appendEdited', 'beginEdit'] },
            'thread.changed': [
              { guard: 'isFollowed', target: '#chat.running', actions: ['adoptThread', 'followRun'] },
              { actions: ['adoptThread', 'forgetTurn', 'resumeTurnSoon'] },
            ],
          },
        },
        restoring: {
          initial: 'loading',
          on: { 'user.send': [{ guard: 'isRefused', actions: 'refuseSend' }, { actions: 'enqueue' }] },
          states: {
            loading: {
              invoke: { id: 'restore', src: 'restoreMessages', input: ({ context }) => ({ host: context.host }) },
              exit: 'settleRestore',
              on: {
                'restore.done': {
                  target: '#chat.idle.ready',
                  actions: ['replaceMessages', 'restoreRest', 'resumeTurnSoon', 'resumeQueueSoon', 'restoreQueue'],
                },
                'restore.failed': { target: '#chat.error', actions: 'recordError' },
              },
            },
            joining: {
              entry: ['newRun', 'openRun', 'startRun'],
              on: {
                'run.opened': [
                  { guard: 'isStray' },
                  { guard: 'isReplay', target: '#chat.running.streaming.replaying', actions: 'noteJoined' },
                  { target: '#chat.running.streaming.receiving', actions: 'noteJoined' },
                ],
                'run.closed': [
                  { guard: 'isStray' },
                  { target: '#chat.idle.ready', actions: ['stopRun', 'showAnswer', 'forgetTurn', 'resumeQueueSoon'] },
                ],
                'run.dropped': [{ guard: 'isStray' }, { target: '#chat.error', actions: ['stopRun', 'recordError'] }],
                'run.failed': [{ guard: 'isStray' }, { target: '#chat.error', actions: ['stopRun', 'recordError'] }],
                'user.stop': { target: '#chat.idle.ready', actions: ['stopRun', 'forgetTurn', 'resumeQueueSoon'] },
                'user.clear': { target: '#chat.idle.ready', actions: ['stopRun', 'clear', 'forgetTurn'] },
                'user.setMessages': { target: '#chat.idle.ready', actions: ['stopRun', 'replaceMessages', 'forgetTurn'] },
                'thread.changed': [
                  { guard: 'isFollowed', target: '#chat.running', actions: ['stopRun', 'adoptThread', 'followRun'] },
                  { target: '#chat.idle.ready', actions: ['stopRun', 'adoptThread', 'forgetTurn', 'resumeQueueSoon'] },
                ],
              },
            },
          },
        },
      },
    },

    running: {
      tags: 'busy',
      initial: 'streaming',
      exit: ['stopRun', 'closeParts'],
      always: {
        guard: 'hasFailed',
        target: 'error',
        actions: ['recordServerError', 'failTurn'],
      },
      on: {
        'user.send': [
          { guard: 'isRefused', actions: 'refuseSend' },
          {
            guard: 'interrupts',
            target: 'running',
            reenter: true,
            actions: ['cancelRun', 'stopTurn', 'appendSent', 'beginSend'],
          },
          { guard: 'queues', actions: 'enqueue' },
        ],
        'user.reload': {
          guard: 'canReload',
          target: 'running',
          reenter: true,
          actions: ['cancelRun', 'stopTurn', 'beginReload'],
        },
        'user.edit': {
          guard: 'canEdit',
          target: 'running',
          reenter: true,
          actions: ['cancelRun', 'stopTurn', 'appendEdited', 'beginEdit'],
        },
        'user.stop': {
          target: 'stopped',
          actions: ['cancelRun', 'stopTurn'],
        },
        'user.clear': { target: 'idle', actions: ['cancelRun', 'stopTurn', 'clear', 'forgetTurn'] },
        'user.setMessages': { target: 'idle', actions: ['cancelRun', 'stopTurn', 'replaceMessages', 'forgetTurn'] },
        'thread.changed': [
          { guard: 'isFollowed' },
          { guard: 'isStoppedElsewhere', target: 'stopped', actions: ['cancelRun', 'stopTurn', 'adoptThread'] },
          { target: 'idle', actions: ['cancelRun', 'stopTurn', 'adoptThread', 'forgetTurn'] },
        ],
        'user.selectBranch': { guard: 'canSelect', actions: 'selectBranch' },
        'run.chunks': [{ guard: 'isStray', actions: ['countStray', 'warnStray'] }, { actions: ['noteChunks', 'writeChunks'] }],
        'run.closed': [
          { guard: 'isStray' },
          { guard: 'canRejoinTruncated', target: '.streaming.reconnecting' },
          {
            guard: 'isTruncated',
            target: 'error',
            actions: ['recordTruncation', 'failTurn'],
          },
          { guard: 'isCancelled', target: 'stopped', actions: 'stopTurn' },
          { guard: 'isClientsTurn', target: '.tool-calling.local' },
          {
            target: 'idle',
            actions: ['finishTurn', 'resumeQueueSoon'],
          },
        ],
        'run.dropped': [
          { guard: 'isStray' },
          { guard: 'canRejoin', target: '.streaming.reconnecting' },
          {
            target: 'error',
            actions: ['recordError', 'failTurn'],
          },
        ],
        'run.failed': [
          { guard: 'isStray' },
          {
            target: 'error',
            actions: ['recordError', 'failTurn'],
          },
        ],
      },
      states: {
        streaming: {
          initial: 'connecting',
          states: {
            connecting: {
              entry: ['stopRun', 'newRun', 'openRun', 'startRun'],
              on: {
                'run.opened': [
                  { guard: 'isStray' },
                  { guard: 'isReplay', target: 'replaying', actions: ['noteJoined', 'deliverAnswers'] },
                  { target: 'receiving', actions: ['noteJoined', 'deliverAnswers'] },
                ],
                'thread.changed': [
                  { guard: 'isTakenOn', target: 'connecting', reenter: true, actions: ['adoptThread', 'followOn'] },
                  { guard: 'isFollowed', target: 'connecting', reenter: true, actions: ['settleYielded', 'yieldTurn', 'adoptThread', 'followRun'] },
                  { guard: 'isTold', target: '#chat.idle', actions: ['settleYielded', 'yieldTurn', 'adoptThread', 'forgetTurn', 'resumeQueueSoon'] },
                ],
              },
            },
            replaying: {
              on: { 'run.caughtUp': [{ guard: 'isStray' }, { target: 'receiving' }] },
            },
            receiving: {
              always: { guard: 'awaitsTools', target: '#chat.running.tool-calling.remote' },
            },
            reconnecting: {
              entry: ['stopRun', 'countAttempt'],
              invoke: { id: 'network', src: 'watchNetwork', input: ({ context }) => ({ host: context.host }) },
              initial: 'waiting',
              states: {
                waiting: {
                  after: { backoff: 'rejoining' },
                  on: { 'network.offline': 'offline', 'network.online': 'rejoining', 'page.visible': 'rejoining' },
                },
                offline: { on: { 'network.online': 'rejoining' } },
                rejoining: {
                  entry: 'startRun',
                  on: { 'run.opened': [{ guard: 'isStray' }, { target: '#chat.running.streaming.receiving', actions: 'deliverAnswers' }] },
                },
              },
            },
          },
        },
        'tool-calling': {
          initial: 'remote',
          states: {
            remote: {
              always: { guard: 'isAnswering', target: '#chat.running.streaming.receiving' },
            },
            local: {
              entry: ['stopRun', 'closeRunParts', 'tellCalls', 'startTools', 'scheduleExpiry'],
              exit: ['stopTools', 'cancelExpiry'],
              always: [
                {
                  guard: 'isPastMaxSteps',
                  target: '#chat.error',
                  actions: ['continueTurn', 'openRun', 'cancelParts', 'recordMaxSteps', 'failTurn'],
                },
                { guard: 'isAnswered', target: '#chat.running.streaming.connecting', actions: 'continueTurn' },
              ],
              on: {
                'run.chunks': { actions: ['countStray', 'warnStray'] },
                'run.closed': {},
                'run.dropped': {},
                'run.failed': {},
                'tool.result': [{ guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer', 'stopTool'] }, { actions: 'warnNotOwed' }],
                'tool.approval': [
                  { guard: 'isOwnYes', actions: ['writeAnswer', 'startTool'] },
                  { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
                  { actions: 'warnNotOwed' },
                ],
                'thread.changed': { guard: 'isFollowed', target: '#chat.running.streaming.connecting', actions: ['adoptThread', 'followOn'] },
                'tool.asks': { guard: 'isAtWork', actions: 'writeTool' },
                'tool.started': { guard: 'isAtWork', actions: ['writeTool', 'limitTool'] },
                'tool.progressed': { guard: 'isAtWork', actions: 'writeTool' },
                'tool.timedOut': { guard: 'isAtWork', actions: 'failTool' },
                'approval.expired': { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
                'interrupt.expired': { guard: 'isOwed', actions: ['noteAnswer', 'writeAnswer'] },
              },
            },
          },
        },
      },
    },

    error: {
      entry: 'reportError',
      exit: 'clearError',
      on: {
        'user.send': [
          { guard: 'isRefused', actions: 'refuseSend' },
          { guard: 'canRestoreAgain', target: 'idle.restoring', actions: 'enqueue' },
          { guard: 'hasQueue', target: 'running', actions: ['enqueue', 'appendQueued', 'beginQueued'] },
          { target: 'running', actions: ['appendSent', 'beginSend'] },
        ],
        'user.resumeQueue': [
          { guard: 'canRestoreAgain', target: 'idle.restoring' },
          { guard: 'hasQueue', target: 'running', actions: ['appendQueued', 'beginQueued'] },
        ],
        'user.reload': { guard: 'canReload', target: 'running', actions: 'beginReload' },
        'user.edit': { guard: 'canEdit', target: 'running', actions: ['appendEdited', 'beginEdit'] },
        'user.retry': [
          { guard: 'canRestoreAgain', target: 'idle.restoring', actions: 'beginRestore' },
          { guard: 'canRetry', target: 'running', actions: ['forkRun', 'beginRetry'] },
        ],
        'user.clear': { target: 'idle', actions: ['clear', 'forgetTurn'] },
        'user.setMessages': { target: 'idle', actions: ['replaceMessages', 'forgetTurn'] },
        'user.selectBranch': { guard: 'canSelect', actions: 'selectBranch' },
        'thread.changed': [
          { guard: 'isFollowed', target: 'running', actions: ['adoptThread', 'followRun'] },
          { target: 'idle', actions: ['adoptThread', 'forgetTurn', 'resumeTurnSoon'] },
        ],
      },
    },

    stopped: {
      on: {
        'user.send': [
          { guard: 'isRefused', actions: 'refuseSend' },
          { guard: 'hasQueue', target: 'running', actions: ['enqueue', 'appendQueued', 'beginQueued'] },
          { target: 'running', actions: ['appendSent', 'beginSend'] },
        ],
        'user.resumeQueue': { guard: 'hasQueue', target: 'running', actions: ['appendQueued', 'beginQueued'] },
        'user.reload': { guard: 'canReload', target: 'running', actions: 'beginReload' },
        'user.edit': { guard: 'canEdit', target: 'running', actions: ['appendEdited', 'beginEdit'] },
        'user.retry': { guard: 'canRetry', target: 'running', actions: ['forkRun', 'beginRetry'] },
        'user.clear': { target: 'idle', actions: ['clear', 'forgetTurn'] },
        'user.setMessages': { target: 'idle', actions: ['replaceMessages', 'forgetTurn'] },
        'user.selectBranch': { guard: 'canSelect', actions: 'selectBranch' },
        'thread.changed': [
          { guard: 'isFollowed', target: 'running', actions: ['adoptThread', 'followRun'] },
          { target: 'idle', actions: ['adoptThread', 'forgetTurn', 'resumeTurnSoon'] },
        ],
      },
    },
  },
})
