import { type AnyActorRef, assertEvent } from 'xstate'
import { isLoaded, loadMore } from './answering.ts'
import { reloadTip } from './reload.ts'
import { turnOf } from './turn.ts'
import type { Args } from './args.ts'
import { assign } from './types.ts'

const beginSend = assign(({ event }) => {
  assertEvent(event, 'user.send')
  return turnOf({ id: event.turnId, tip: event.message.id, options: event.options ?? {} })
})
const appendSent = ({ context, event }: Args) => {
  assertEvent(event, 'user.send')
  context.host.transcript.append(event.message)
}

/** The turn never begins. An application that asks a person first puts its own in this place. */
const refuseSend = ({ context: { host }, event }: Args) => {
  assertEvent(event, 'user.send')
  host.warn({ code: 'ignored_event', message: `The message ${event.message.id} was not sent: the guard isRefused has refused it.`, seen: event })
  host.settle(event.turnId, { outcome: 'dropped' })
}

const enqueue = assign(({ context, event }) => {
  assertEvent(event, 'user.send')
  const { turnId: id, message, options = {} } = event
  return { queue: [...context.queue, { id, message, options }] }
})
const appendQueued = ({ context }: Args) => {
  const [next] = context.queue
  if (next) context.host.transcript.append(next.message)
}
const beginQueued = assign(({ context }) => {
  const [next, ...queue] = context.queue
  return next ? { ...turnOf({ id: next.id, tip: next.message.id, options: next.options }), queue } : {}
})
const unqueue = assign(({ context, event }) => {
  assertEvent(event, 'user.unqueue')
  return { queue: context.queue.filter(({ id }) => id !== event.id) }
})
const settleUnqueued = ({ context, event }: Args) => {
  assertEvent(event, 'user.unqueue')
  context.host.settle(event.id, { outcome: 'dropped' })
}
/** After the callbacks of the turn that made room, unless one of them has done away with the conversation. */
const resumeQueueSoon = ({ context, self }: Args & { self: AnyActorRef }) => {
  // What a callback sends to a chat that is idle does not wait.
  if (context.queue.length === 0) return
  context.host.defer(() => {
    const { status, context: now } = self.getSnapshot()
    if (status === 'active' && now.turn === context.turn) self.send({ type: 'user.resumeQueue' })
  })
}

/** The messages may end with questions; they come before what was sent meanwhile. Those of another tab may need code that is not here yet. */
const resumeTurnSoon = ({ context: { host }, self }: Args & { self: AnyActorRef }) => {
  const resume = () => {
    if (self.getSnapshot().status === 'active') self.send({ type: 'restore.resume' })
  }
  host.defer(resume)
  // Whoever answers a question loads it again, and hears if it is not to be had.
  if (!isLoaded() && host.transcript.hasRich()) void loadMore().then(resume, () => {})
}

/** A run of the thread may be going on: it is shown from its start, in the place of what was stored of it. */
const beginJoin = assign(({ context }) => {
  const { transcript, generateId, sought } = context.host
  return turnOf({ id: generateId(), tip: transcript.head(), mode: 'join', ...(sought && { sought }) })
})

/** Looking once is enough. */
const noteJoin = ({ context }: Args) => {
  context.host.joins = false
  context.host.sought = null
}

const beginReload = assign(({ context, event }) => {
  assertEvent(event, 'user.reload')
  const { transcript } = context.host
  const tip = reloadTip(context, event.messageId) ?? transcript.head()
  const again = event.messageId === undefined ? transcript.messages().at(-1) : transcript.get(event.messageId)
  const messageId = again?.role === 'assistant' ? again.id : undefined
  return turnOf({ id: event.turnId, tip, fallback: transcript.head(), options: event.options ?? {}, trigger: 'regenerate', messageId })
})

const appendEdited = ({ context, event }: Args) => {
  assertEvent(event, 'user.edit')
  const { transcript } = context.host
  transcript.append(event.message, transcript.parentOf(event.messageId))
}
const beginEdit = assign(({ event }) => {
  assertEvent(event, 'user.edit')
  return turnOf({ id: event.turnId, tip: event.message.id, options: event.options ?? {}, messageId: event.messageId })
})

const forkRun = ({ context }: Args) => context.host.transcript.forkRun()
const beginRetry = assign(({ context, event }) => {
  assertEvent(event, 'user.retry')
  const { turn, parentRunId, host } = context
  if (!turn) return {}
  // A run that was joined and broke off is asked for anew; one that was looked for in vain is looked for again.
  const question = turn.mode === 'join' && host.transcript.runMessage() ? reloadTip(context, turn.tip ?? undefined) : undefined
  const again = question === undefined ? turn : { ...turn, tip: question, mode: 'reply' as const }
  // What was said is shown again if this run says nothing.
  const said = again.mode === 'reply' && !again.trigger ? host.transcript.runMessage()?.id : undefined
  return { ...turnOf({ ...again, fallback: said ?? again.fallback, id: event.turnId, steps: 0, runId: undefined }), parentRunId }
})

const continueTurn = assign(({ context: { turn, host, runId, joinedId } }) => {
  if (!turn) return {}
  const tip = host.transcript.runMessage()?.id ?? turn.tip
  const next = { ...turn, tip, mode: 'continue' as const, steps: turn.steps + 1, trigger: undefined, messageId: undefined, runId: undefined }
  return { turn: next, parentRunId: joinedId ?? runId }
})

export const turnActions = {
  beginSend,
  appendSent,
  refuseSend,
  enqueue,
  appendQueued,
  beginQueued,
  unqueue,
  settleUnqueued,
  resumeQueueSoon,
  resumeTurnSoon,
  beginJoin,
  noteJoin,
  beginReload,
  appendEdited,
  beginEdit,
  forkRun,
  beginRetry,
  continueTurn,
}
