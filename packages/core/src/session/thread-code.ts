import { assertEvent } from 'xstate'
import type { UIMessage } from '../transcript/message.ts'
import type { Args } from './args.ts'
import type { ChatContext } from './context.ts'
import { turnOf } from './turn.ts'

// What a chat does with the thread as another tab has it. Only chats that share it bring this along.

/** The conversation as another tab has it. */
export function adopt({ context: { host }, event }: Args): void {
  assertEvent(event, 'thread.changed')
  if (event.messages) {
    host.transcript.replace(event.messages, { head: event.head })
    host.transcript.setState(event.state)
  }
  host.restore = null
}

/** The turn of another tab is this one's, too. */
export function follow({ context, event }: Args): Partial<ChatContext> {
  assertEvent(event, 'thread.changed')
  if (!event.run) return {}
  const { parentRunId, ...run } = event.run
  return { ...turnOf({ id: context.host.generateId(), ...run }), parentRunId }
}

/** The turn goes on, and whoever waits for its end goes on waiting. */
export function followOn({ context: { host, turn }, event }: Args): Partial<ChatContext> {
  assertEvent(event, 'thread.changed')
  if (!event.run) return {}
  const { parentRunId, ...run } = event.run
  return { turn: { id: turn?.id ?? host.generateId(), options: turn?.options ?? {}, ...run }, parentRunId }
}

/** The question that this tab was about to ask when another one was first waits until the other one is answered. */
export function yieldTurn(args: Args): Partial<ChatContext> {
  const { turn, queue } = args.context
  const message = ownQuestion(args)
  return turn && message ? { queue: [{ id: turn.id, message, options: turn.options }, ...queue] } : {}
}

/** An answer that was to be made again is not: the conversation has gone on. */
export function settleYielded(args: Args): void {
  const { turn, host } = args.context
  if (turn && !ownQuestion(args)) host.settle(turn.id, { outcome: 'stopped' })
}

function ownQuestion({ context: { host, turn }, event }: Args): UIMessage | undefined {
  assertEvent(event, 'thread.changed')
  const message = host.transcript.get(turn?.tip ?? '')
  const isNew = event.messages !== null && message?.role === 'user' && !event.messages.some(({ id }) => id === message.id)
  return isNew ? message : undefined
}
