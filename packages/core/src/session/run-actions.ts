import { assertEvent } from 'xstate'
import { rich } from '../transcript/rich.ts'
import { ANSWERS } from './answers.ts'
import { isCancelled, isTruncated } from './guards.ts'
import { advance, EMPTY_LEDGER } from './ledger.ts'
import type { Args } from './args.ts'
import { assign, spawnChild, stopChild } from './types.ts'

const newRun = assign(({ context: { host, ledger, turn } }) => ({
  runId: turn?.runId ?? host.generateId(),
  ledger: { ...EMPTY_LEDGER, usage: ledger.usage },
  cursor: null,
  joinedId: null,
  attempt: 0,
}))
/** The run that was looked for has a name. */
const noteJoined = assign(({ event }) => {
  assertEvent(event, 'run.opened')
  return { joinedId: event.joined ?? null }
})
const openRun = ({ context: { host, turn, runId } }: Args) =>
  host.transcript.beginRun(turn?.tip ?? null, turn?.mode ?? 'reply', {
    structured: host.options.outputSchema !== undefined,
    runId: runId ?? undefined,
    keep: turn?.sought?.start,
    generateId: host.tab?.idsOf(runId ?? ''),
  })
/** Sends the request, or, with a cursor, rejoins the run that dropped. */
const startRun = spawnChild('readRun', {
  id: ({ context }) => `run:${context.runId}`,
  input: ({ context: { host, runId, joinedId, parentRunId, turn, cursor } }) => ({
    host,
    runId: runId ?? '',
    joinedId,
    parentRunId: parentRunId ?? undefined,
    tip: turn?.tip ?? null,
    options: turn?.options ?? {},
    mode: turn?.mode ?? 'reply',
    soughtId: turn?.sought?.runId,
    trigger: turn?.trigger,
    messageId: turn?.messageId,
    cursor: cursor ?? undefined,
  }),
})
const stopRun = stopChild(({ context }) => `run:${context.runId}`)
/** Closing the connection does not end a run that can be resumed: the server is asked to. One that said that it is over needs no asking. */
const cancelRun = ({ context: { host, runId, joinedId, cursor, ledger } }: Args) => {
  if (cursor !== null && runId !== null && ledger.terminal === null) host.cancel(joinedId ?? runId)
}

const noteChunks = assign(({ context, event }) => {
  assertEvent(event, 'run.chunks')
  return {
    ledger: advance(context.ledger, event.chunks),
    cursor: event.cursor === undefined ? context.cursor : event.cursor,
    attempt: event.chunks.length > 0 ? 0 : context.attempt,
  }
})
/** The server has the request, and with it the answers to what it asked. */
const deliverAnswers = ({ context: { host } }: Args) => host.transcript.deliver()
const writeChunks = ({ context: { host }, event }: Args) => {
  assertEvent(event, 'run.chunks')
  host.transcript.apply(event.chunks)
  if (host.hears('onChunk')) for (const chunk of event.chunks) host.tell('onChunk', chunk)
  const more = rich.get()
  if (!more || !host.hears('onData')) return
  for (const chunk of event.chunks) if (chunk.type === 'CUSTOM' && more.isData(chunk)) host.tell('onData', more.toDataPart(chunk))
}
const countAttempt = assign(({ context }) => ({ attempt: context.attempt + 1 }))
const countStray = assign(({ context, event }) => {
  assertEvent(event, 'run.chunks')
  return { strays: context.strays + event.chunks.length }
})
const warnStray = ({ context, event }: Args) => {
  assertEvent(event, 'run.chunks')
  const message = `${event.chunks.length} chunks of run ${event.runId} came after it had ended and were dropped.`
  context.host.warn({ code: 'stray_chunk', message, seen: event.chunks })
}

/** Once, however the turn is left: no part stays open outside `running`. */
const closeParts = (args: Args) => args.context.host.transcript.endRun(isEnd(args) ? 'finished' : 'stopped')
/** The run ended by itself, or the answer to its last call is yet to be written. */
function isEnd(args: Args): boolean {
  const { type } = args.event
  return type === 'run.closed' ? !isTruncated(args) && !isCancelled(args) : (ANSWERS as readonly string[]).includes(type)
}
/** The run is over, the turn goes on with the client's answers. */
const closeRunParts = ({ context }: Args) => context.host.transcript.endRun('finished')
const cancelParts = ({ context }: Args) => context.host.transcript.endRun('stopped')

export const runActions = {
  newRun,
  noteJoined,
  openRun,
  startRun,
  stopRun,
  cancelRun,
  noteChunks,
  deliverAnswers,
  writeChunks,
  countAttempt,
  countStray,
  warnStray,
  closeParts,
  closeRunParts,
  cancelParts,
}
