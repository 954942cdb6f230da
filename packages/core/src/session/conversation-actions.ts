import { assertEvent } from 'xstate'
import { EMPTY_LEDGER } from './ledger.ts'
import type { Args } from './args.ts'
import type { Restored } from './events.ts'
import { assign } from './types.ts'

const clear = ({ context }: Args) => {
  context.host.transcript.replace([], 'path')
  context.host.restore = null
}
const replaceMessages = ({ context, event }: Args) => {
  assertEvent(event, ['user.setMessages', 'restore.done'])
  if (event.messages) context.host.transcript.replace(event.messages, event.type === 'restore.done' ? shapeOf(event) : 'path')
  context.host.restore = null
}
const shapeOf = ({ head }: Restored) => (head === undefined ? 'tree' : { head })
/** No run writes the answer that was to be made again: the one there was is shown. */
const showAnswer = ({ context: { host } }: Pick<Args, 'context'>) => {
  const head = host.transcript.head()
  if (head !== null) host.transcript.select(head)
}
/** What was stored besides the messages. */
const restoreRest = ({ context, event }: Args) => {
  assertEvent(event, 'restore.done')
  const { host } = context
  if (event.state !== undefined) host.transcript.setState(event.state)
  if (event.runId === undefined) return showAnswer({ context })
  host.joins = true
  host.sought = { runId: event.runId, start: event.runStart }
}
/** Nothing of it goes out by itself: the turn that it waited for has not finished. */
const restoreQueue = assign(({ context, event }) => {
  assertEvent(event, 'restore.done')
  return event.queue ? { queue: [...event.queue, ...context.queue] } : {}
})
const forgetTurn = assign({ turn: null, ledger: EMPTY_LEDGER })
const setState = ({ context, event }: Args) => {
  assertEvent(event, 'user.setState')
  context.host.transcript.setState(event.state)
}
const selectBranch = ({ context, event }: Args) => {
  assertEvent(event, 'user.selectBranch')
  context.host.transcript.select(event.messageId)
}
const countView = assign(({ context }) => ({ views: context.views + 1 }))
const uncountView = assign(({ context }) => ({ views: Math.max(0, context.views - 1) }))

export const conversationActions = {
  clear,
  replaceMessages,
  showAnswer,
  restoreRest,
  restoreQueue,
  forgetTurn,
  setState,
  selectBranch,
  countView,
  uncountView,
}
