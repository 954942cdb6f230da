import { assertEvent } from 'xstate'
import { turnOf } from './turn.ts'
import type { Args } from './args.ts'
import { assign } from './types.ts'

/** The conversation as another tab has it. */
const adoptThread = ({ context: { host }, event }: Args) => {
  assertEvent(event, 'thread.changed')
  if (event.messages) {
    host.transcript.replace(event.messages, { head: event.head })
    host.transcript.setState(event.state)
  }
  host.restore = null
}

/** The turn of another tab is this one's, too. */
const followRun = assign(({ context, event }) => {
  assertEvent(event, 'thread.changed')
  if (!event.run) return {}
  const { parentRunId, ...run } = event.run
  return { ...turnOf({ id: context.host.generateId(), ...run }), parentRunId }
})

/** The turn goes on, and whoever waits for its end goes on waiting. */
const followOn = assign(({ context: { host, turn }, event }) => {
  assertEvent(event, 'thread.changed')
  if (!event.run) return {}
  const { parentRunId, ...run } = event.run
  return { turn: { id: turn?.id ?? host.generateId(), options: turn?.options ?? {}, ...run }, parentRunId }
})

/** The question that this tab was about to ask when another one was first. */
function ownQuestion({ context: { host, turn }, event }: Args) {
  assertEvent(event, 'thread.changed')
  const message = host.transcript.get(turn?.tip ?? '')
  const isNew = event.messages !== null && message?.role === 'user' && !event.messages.some(({ id }) => id === message.id)
  return isNew ? message : undefined
}

/** It waits until the other one is answered. */
const yieldTurn = assign((args) => {
  const { turn, queue } = args.context
  const message = ownQuestion(args)
  return turn && message ? { queue: [{ id: turn.id, message, options: turn.options }, ...queue] } : {}
})
/** An answer that was to be made again is not: the conversation has gone on. */
const settleYielded = (args: Args) => {
  const { turn, host } = args.context
  if (turn && !ownQuestion(args)) host.settle(turn.id, { outcome: 'stopped' })
}

export const threadActions = { adoptThread, followRun, followOn, yieldTurn, settleYielded }
