import { assertEvent } from 'xstate'
import { EMPTY_LEDGER } from './ledger.ts'
import type { Args } from './args.ts'
import { assign } from './types.ts'

export const clear = ({ context }: Args) => {
  context.host.transcript.replace([], 'path')
  context.host.restore = null
}
export const replaceMessages = ({ context, event }: Args) => {
  assertEvent(event, ['user.setMessages', 'restore.done'])
  if (event.messages) context.host.transcript.replace(event.messages, event.type === 'restore.done' ? 'tree' : 'path')
  context.host.restore = null
}
export const forgetTurn = assign({ turn: null, ledger: EMPTY_LEDGER })
export const setState = ({ context, event }: Args) => {
  assertEvent(event, 'user.setState')
  context.host.transcript.setState(event.state)
}
export const selectBranch = ({ context, event }: Args) => {
  assertEvent(event, 'user.selectBranch')
  context.host.transcript.select(event.messageId)
}
export const countView = assign(({ context }) => ({ views: context.views + 1 }))
export const uncountView = assign(({ context }) => ({ views: Math.max(0, context.views - 1) }))
