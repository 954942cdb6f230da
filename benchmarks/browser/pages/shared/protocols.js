/** The events of one answer, by protocol: what comes before the deltas, one per word, what comes after. `turn` makes its ids unique. */
export const agUi = (words, turn) => ({
  before: [
    { type: 'RUN_STARTED', threadId: 'thread', runId: `run-${turn}` },
    { type: 'TEXT_MESSAGE_START', messageId: `answer-${turn}`, role: 'assistant' },
  ],
  deltas: words.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: `answer-${turn}`, delta })),
  after: [
    { type: 'TEXT_MESSAGE_END', messageId: `answer-${turn}` },
    { type: 'RUN_FINISHED', threadId: 'thread', runId: `run-${turn}` },
  ],
})

/** The AI SDK's UI message stream. */
export const uiMessageStream = (words, turn) => ({
  before: [{ type: 'start', messageId: `answer-${turn}` }, { type: 'start-step' }, { type: 'text-start', id: 'text' }],
  deltas: words.map((delta) => ({ type: 'text-delta', id: 'text', delta })),
  after: [{ type: 'text-end', id: 'text' }, { type: 'finish-step' }, { type: 'finish' }],
})
