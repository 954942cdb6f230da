import { type AnyActorRef, assertEvent } from 'xstate'
import { ChatError } from '../errors.ts'
import { answerApproval, askForCall, expireApproval } from '../transcript/approval.ts'
import { isData, toDataPart } from '../transcript/data.ts'
import { answerInterrupt } from '../transcript/interrupt.ts'
import { executeCall, reportProgress } from '../transcript/tool-call.ts'
import type { Outcome } from './host.ts'
import type { ChatContext, Turn } from './context.ts'
import type { ClientTool } from '../tool/tool.ts'
import type { ExpiryEvent } from './events.ts'
import { isCancelled, isTruncated } from './guards.ts'
import { advance, answer, answerQuestion, EMPTY_LEDGER, keepCalls } from './ledger.ts'
import { clientTools, maxSteps } from './options.ts'
import { openQuestions, owedCalls, waitsForApproval, waitsForAnswer } from './owed.ts'
import { reloadTip } from './reload.ts'
import { failure } from './run-tool.ts'
import { type Args, assign, enqueueActions, spawnChild, stopChild } from './types.ts'

// Turns

const turnOf = (turn: Pick<Turn, 'id' | 'tip'> & Partial<Turn>): Partial<ChatContext> => ({
  turn: { mode: 'reply', fallback: null, options: {}, steps: 0, ...turn },
  ledger: EMPTY_LEDGER,
  parentRunId: null,
})

export const beginSend = assign(({ event }) => {
  assertEvent(event, 'user.send')
  return turnOf({ id: event.turnId, tip: event.message.id, options: event.options ?? {} })
})
export const appendSent = ({ context, event }: Args) => {
  assertEvent(event, 'user.send')
  context.host.transcript.append(event.message)
}

export const enqueue = assign(({ context, event }) => {
  assertEvent(event, 'user.send')
  const { turnId: id, message, options = {} } = event
  return { queue: [...context.queue, { id, message, options }] }
})
export const appendQueued = ({ context }: Args) => {
  const [next] = context.queue
  if (next) context.host.transcript.append(next.message)
}
export const beginQueued = assign(({ context }) => {
  const [next, ...queue] = context.queue
  return next ? { ...turnOf({ id: next.id, tip: next.message.id, options: next.options }), queue } : {}
})
export const unqueue = assign(({ context, event }) => {
  assertEvent(event, 'user.unqueue')
  return { queue: context.queue.filter(({ id }) => id !== event.id) }
})
export const settleUnqueued = ({ context, event }: Args) => {
  assertEvent(event, 'user.unqueue')
  context.host.settle(event.id, { outcome: 'dropped' })
}
/** After the callbacks of the turn that made room, unless one of them has done away with the conversation. */
export const resumeQueueSoon = ({ context, self }: Args & { self: AnyActorRef }) =>
  context.host.defer(() => {
    const { status, context: now } = self.getSnapshot()
    if (status === 'active' && now.turn === context.turn) self.send({ type: 'user.resumeQueue' })
  })

/** The stored messages may end with questions; they come before what was sent meanwhile. */
export const resumeTurnSoon = ({ context, self }: Args & { self: AnyActorRef }) => {
  context.host.defer(() => {
    if (self.getSnapshot().status === 'active') self.send({ type: 'restore.resume' })
  })
}

/** A run of the thread may be going on: it is shown from its start, in the place of what was stored of it. */
export const beginJoin = assign(({ context }) => {
  const { transcript, generateId } = context.host
  context.host.joins = false
  return turnOf({ id: generateId(), tip: transcript.head(), mode: 'join' })
})

export const beginReload = assign(({ context, event }) => {
  assertEvent(event, 'user.reload')
  const { transcript } = context.host
  const tip = reloadTip(context, event.messageId) ?? transcript.head()
  const again = event.messageId === undefined ? transcript.messages().at(-1) : transcript.get(event.messageId)
  const messageId = again?.role === 'assistant' ? again.id : undefined
  return turnOf({ id: event.turnId, tip, fallback: transcript.head(), options: event.options ?? {}, trigger: 'regenerate', messageId })
})

export const appendEdited = ({ context, event }: Args) => {
  assertEvent(event, 'user.edit')
  const { transcript } = context.host
  transcript.append(event.message, transcript.parentOf(event.messageId))
}
export const beginEdit = assign(({ event }) => {
  assertEvent(event, 'user.edit')
  return turnOf({ id: event.turnId, tip: event.message.id, options: event.options ?? {}, messageId: event.messageId })
})

export const forkRun = ({ context }: Args) => context.host.transcript.forkRun()
export const beginRetry = assign(({ context: { turn, parentRunId }, event }) => {
  assertEvent(event, 'user.retry')
  return turn ? { ...turnOf({ ...turn, id: event.turnId, steps: 0 }), parentRunId } : {}
})

export const continueTurn = assign(({ context: { turn, host, runId } }) => {
  const tip = host.transcript.runMessage()?.id ?? turn?.tip ?? null
  return turn ? { turn: { ...turn, tip, mode: 'continue', steps: turn.steps + 1, trigger: undefined, messageId: undefined }, parentRunId: runId } : {}
})

// Runs

export const newRun = assign(({ context: { host, ledger } }) => ({
  runId: host.generateId(),
  ledger: { ...EMPTY_LEDGER, usage: ledger.usage },
  cursor: null,
  attempt: 0,
}))
export const openRun = ({ context: { host, turn, runId } }: Args) =>
  host.transcript.beginRun(turn?.tip ?? null, turn?.mode ?? 'reply', {
    structured: host.options.outputSchema !== undefined,
    runId: runId ?? undefined,
  })
/** Sends the request, or, with a cursor, rejoins the run that dropped. */
export const startRun = spawnChild('readRun', {
  id: ({ context }) => `run:${context.runId}`,
  input: ({ context: { host, runId, parentRunId, turn, cursor } }) => ({
    host,
    runId: runId ?? '',
    parentRunId: parentRunId ?? undefined,
    tip: turn?.tip ?? null,
    options: turn?.options ?? {},
    mode: turn?.mode ?? 'reply',
    trigger: turn?.trigger,
    messageId: turn?.messageId,
    cursor: cursor ?? undefined,
  }),
})
export const stopRun = stopChild(({ context }) => `run:${context.runId}`)

export const noteChunks = assign(({ context, event }) => {
  assertEvent(event, 'run.chunks')
  return {
    ledger: advance(context.ledger, event.chunks),
    cursor: event.cursor ?? context.cursor,
    attempt: event.chunks.length > 0 ? 0 : context.attempt,
  }
})
/** The server has the request, and with it the answers to what it asked. */
export const deliverAnswers = ({ context: { host } }: Args) => host.transcript.deliver()
export const writeChunks = ({ context: { host }, event }: Args) => {
  assertEvent(event, 'run.chunks')
  host.transcript.apply(event.chunks)
  if (host.hears('onChunk')) for (const chunk of event.chunks) host.tell('onChunk', chunk)
  if (host.hears('onData')) for (const chunk of event.chunks) if (chunk.type === 'CUSTOM' && isData(chunk)) host.tell('onData', toDataPart(chunk))
}
export const countAttempt = assign(({ context }) => ({ attempt: context.attempt + 1 }))
export const countStray = assign(({ context, event }) => {
  assertEvent(event, 'run.chunks')
  return { strays: context.strays + event.chunks.length }
})
export const warnStray = ({ context, event }: Args) => {
  assertEvent(event, 'run.chunks')
  const message = `${event.chunks.length} chunks of run ${event.runId} came after it had ended and were dropped.`
  context.host.warn({ code: 'stray_chunk', message, seen: event.chunks })
}

/** Once, however the turn is left: no part stays open outside `running`. */
export const closeParts = (args: Args) => args.context.host.transcript.endRun(isEnd(args) ? 'finished' : 'stopped')
/** The run ended by itself, or the answer to its last call is yet to be written. */
function isEnd(args: Args): boolean {
  const { type } = args.event
  return type === 'run.closed' ? !isTruncated(args) && !isCancelled(args) : (ANSWERS as readonly string[]).includes(type)
}
/** The run is over, the turn goes on with the client's answers. */
export const closeRunParts = ({ context }: Args) => context.host.transcript.endRun('finished')
export const cancelParts = ({ context }: Args) => context.host.transcript.endRun('stopped')

// Ends

function settle({ host, turn, error }: ChatContext, outcome: Outcome) {
  if (!turn) return
  const message = host.transcript.runMessage()
  host.settle(turn.id, { outcome, ...(message && { message }), ...(outcome === 'failed' && error && { error }) })
}

export function finishTurn({ context }: Args) {
  const { host, ledger, runId } = context
  for (const [id, { name }] of ledger.calls) {
    const message = `The run ended without an answer to the call of ${name || id}. Declare the tool in \`tools\` if this client answers it.`
    host.warn({ code: 'unanswered_call', message, seen: id })
  }
  const answer = host.transcript.runMessage()
  const info = { finishReason: ledger.finishReason, usage: ledger.usage, runId: runId ?? '', threadId: host.threadId }
  host.tell('onFinish', answer, info)
  settle(context, 'finished')
}

/** A reload that was stopped before it said anything gives way to the answer there was. */
export function stopTurn({ context }: Args) {
  const { host, turn } = context
  if (turn?.fallback != null && !host.transcript.runMessage()) host.transcript.select(turn.fallback)
  settle(context, 'stopped')
}

/** A reload that failed gives way to the answer there was; what it said is kept as a sibling. */
export function failTurn({ context }: Args) {
  const { host, turn } = context
  settle(context, 'failed')
  if (turn?.fallback != null) host.transcript.select(turn.fallback)
}

export const beginRestore = assign(({ event }) => {
  assertEvent(event, 'user.retry')
  return turnOf({ id: event.turnId, tip: null })
})
/** Whoever retried the reading hears of its end. */
export function settleRestore({ context, event }: Args) {
  if (event.type === 'restore.failed') settle({ ...context, error: event.error }, 'failed')
  else settle(context, event.type === 'restore.done' ? 'finished' : 'stopped')
}

export const recordError = assign(({ event }) => {
  assertEvent(event, ['run.failed', 'run.dropped', 'restore.failed'])
  return { error: event.error }
})
export const recordServerError = assign(({ context }) => ({ error: context.ledger.failure }))
export const recordTruncation = assign(({ context: { ledger } }) => {
  const what = ledger.terminal === null ? 'before it said that the run was over' : 'after tool calls, without the answer they were made for'
  return { error: new ChatError('truncated', `The stream ended ${what}. The answer so far is kept; retry() sends the request again.`) }
})
export const recordMaxSteps = assign(({ context }) => ({
  error: new ChatError(
    'max_steps',
    `The model called client tools ${maxSteps(context.host.options)} times in a row; raise \`maxSteps\` if it is meant to. retry() goes on.`,
  ),
}))
export const clearError = assign({ error: null })
export const reportError = ({ context: { host, error } }: Args) => {
  if (error) host.tell('onError', error)
}

// Answers of the client

const ANSWERS = ['tool.result', 'tool.approval', 'approval.expired', 'interrupt.answer', 'interrupt.expired'] as const

export const noteAnswer = assign(({ context, event }) => {
  assertEvent(event, ANSWERS)
  switch (event.type) {
    case 'tool.result':
      return { ledger: answer(context.ledger, event.result.toolCallId) }
    case 'tool.approval':
    case 'approval.expired':
      return { ledger: answer(context.ledger, event.toolCallId) }
    default:
      return { ledger: answerQuestion(context.ledger, event.id, context.host.transcript.interrupt(event.id)?.toolCallId) }
  }
})
export const writeAnswer = ({ context: { host }, event }: Args) => {
  assertEvent(event, ANSWERS)
  const { transcript } = host
  switch (event.type) {
    case 'tool.result':
      return transcript.answer(event.result, event.output)
    case 'tool.approval':
      return transcript.edit({ callId: event.toolCallId }, (message) => answerApproval(message, event))
    case 'approval.expired':
      return transcript.edit({ callId: event.toolCallId }, (message) => expireApproval(message, event.toolCallId))
    case 'interrupt.answer':
      return transcript.edit({ interruptId: event.id }, (message) => answerInterrupt(message, event))
    case 'interrupt.expired':
      return transcript.edit({ interruptId: event.id }, (message) => answerInterrupt(message, { id: event.id, status: 'cancelled' }))
  }
}
export const warnNotOwed = ({ context, event }: Args) => {
  assertEvent(event, ['tool.result', 'tool.approval', 'interrupt.answer'])
  const { transcript } = context.host
  const id = event.type === 'tool.result' ? event.result.toolCallId : event.type === 'tool.approval' ? event.toolCallId : event.id
  const what = event.type === 'interrupt.answer' ? 'interrupt' : 'call'
  const state = (event.type === 'interrupt.answer' ? transcript.interrupt(id) : transcript.call(id))?.state
  const why = state === undefined ? `there is no such ${what}` : `the ${what} is ${state}`
  context.host.warn({ code: 'ignored_event', message: `An answer to the ${what} ${id} was ignored: ${why}.`, seen: event })
}

/** A stored conversation ends with questions: they are asked again, and the turn goes on when they are answered. */
export const resumeTurn = assign(({ context }) => {
  const open = openQuestions(context)
  if (!open) return {}
  const { message, ...owed } = open
  return { ...turnOf({ id: context.host.generateId(), tip: message.id, mode: 'continue' }), runId: null, ledger: { ...EMPTY_LEDGER, ...owed } }
})

// Tools of the client

const toolActorId = (name: string, callId: string) => `tool:${name}:${callId}`

/** A tool of which nothing is known but its name waits for `addToolResult` by itself. */
const hasWork = ({ execute, needsApproval, inputSchema }: ClientTool) => execute !== undefined || needsApproval || inputSchema !== undefined

/** Each call of a tool that we know gets an actor of its own. */
export const startTools = enqueueActions(({ context, enqueue }) => {
  const { host } = context
  const known = new Set(clientTools(host.options).flatMap((tool) => (hasWork(tool) ? tool.name : [])))
  const owed = owedCalls(context)
  const calls = owed.flatMap((id) => host.transcript.call(id) ?? [])
  const started = calls.filter(({ name, state }) => known.has(name) && state !== 'approval-requested')
  for (const { id, name } of started) enqueue.spawnChild('runTool', { id: toolActorId(name, id), input: { host, toolCallId: id } })
  enqueue.assign({ tools: started.map(({ id, name }) => toolActorId(name, id)), ledger: keepCalls(context.ledger, owed) })
})
export const tellCalls = ({ context }: Args) => {
  const { host } = context
  for (const id of owedCalls(context)) {
    const call = host.transcript.call(id)
    if (call?.state === 'input-complete') host.tell('onToolCall', call)
  }
}
/** A person agreed: the call that was asked for goes on. */
export const startTool = enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'tool.approval')
  const { host, tools } = context
  const { toolCallId } = event
  const id = toolActorId(host.transcript.call(toolCallId)?.name ?? '', toolCallId)
  enqueue.stopChild(id)
  enqueue.spawnChild('runTool', { id, input: { host, toolCallId } })
  enqueue.assign({ tools: [...tools.filter((tool) => tool !== id), id] })
})
export const stopTools = enqueueActions(({ context, enqueue }) => {
  for (const id of context.tools) {
    enqueue.stopChild(id)
    enqueue.cancel(id)
  }
  enqueue.assign({ tools: [] })
})
/** The call has its answer, whoever gave it. */
export const stopTool = enqueueActions(({ context, event, enqueue }) => {
  assertEvent(event, 'tool.result')
  const { toolCallId } = event.result
  const id = toolActorId(context.host.transcript.call(toolCallId)?.name ?? '', toolCallId)
  if (!context.tools.includes(id)) return
  enqueue.stopChild(id)
  enqueue.cancel(id)
  enqueue.assign({ tools: context.tools.filter((tool) => tool !== id) })
})
export const writeTool = ({ context: { host }, event }: Args) => {
  assertEvent(event, ['tool.asks', 'tool.started', 'tool.progressed'])
  const { toolCallId: callId } = event
  host.transcript.edit({ callId }, (message) => {
    switch (event.type) {
      case 'tool.asks':
        return askForCall(message, callId)
      case 'tool.started':
        return executeCall(message, callId)
      case 'tool.progressed':
        return reportProgress(message, callId, event.progress)
    }
  })
}
export const limitTool = enqueueActions(({ context: { host }, event, enqueue }) => {
  assertEvent(event, 'tool.started')
  const { toolCallId } = event
  const name = host.transcript.call(toolCallId)?.name ?? ''
  const delay = clientTools(host.options).find((tool) => tool.name === name)?.timeoutMs
  if (delay !== undefined) enqueue.raise({ type: 'tool.timedOut', toolCallId }, { delay, id: toolActorId(name, toolCallId) })
})
export const failTool = enqueueActions(({ event, enqueue }) => {
  assertEvent(event, 'tool.timedOut')
  enqueue.raise(failure(event.toolCallId, 'The tool took too long and was aborted.'))
})

// Questions that expire

/** setTimeout takes no more: 25 days. */
const LONGEST_DELAY = 2 ** 31 - 1

/** For each open question that has an end, an event at that time. */
export const scheduleExpiry = enqueueActions(({ context, enqueue }) => {
  const { host, ledger } = context
  const timers: string[] = []
  const expire = (event: ExpiryEvent, id: string, expiresAt: string | undefined) => {
    const at = expiresAt === undefined ? NaN : Date.parse(expiresAt)
    const delay = Math.max(at - host.now(), 0)
    if (!(delay <= LONGEST_DELAY)) return
    timers.push(`expiry:${id}`)
    enqueue.raise(event, { delay, id: `expiry:${id}` })
  }
  for (const toolCallId of owedCalls(context)) {
    if (!waitsForApproval(context, toolCallId)) continue
    expire({ type: 'approval.expired', toolCallId }, toolCallId, host.transcript.call(toolCallId)?.approval?.expiresAt)
  }
  for (const id of ledger.questions)
    if (waitsForAnswer(context, id)) expire({ type: 'interrupt.expired', id }, id, host.transcript.interrupt(id)?.expiresAt)
  enqueue.assign({ timers })
})
export const cancelExpiry = enqueueActions(({ context, enqueue }) => {
  for (const id of context.timers) enqueue.cancel(id)
  enqueue.assign({ timers: [] })
})

// The conversation as a whole

export const clear = ({ context }: Args) => {
  context.host.transcript.replace([], 'path')
  context.host.restore = null
}
export const replaceMessages = ({ context, event }: Args) => {
  assertEvent(event, ['user.setMessages', 'restore.done'])
  context.host.transcript.replace(event.messages, event.type === 'restore.done' ? 'tree' : 'path')
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
