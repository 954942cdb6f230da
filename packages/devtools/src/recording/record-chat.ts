import type { Chat, Inspector } from '@statechat/core'
import { createAttempts, type Mark } from './attempts.ts'
import { createBoundedList } from './bounded-list.ts'
import { type Entry, type Row, rowsOf } from './entry.ts'
import type { MachineEvent } from './machine-event.ts'
import { createMomentReader } from './moment.ts'
import type { Recording } from './recording.ts'

export interface RecordOptions {
  /** Milliseconds of a clock that only goes forward. Default: `performance.now`. */
  now?: (() => number) | undefined
  /** How many lines of the timeline are remembered. Default 10,000. */
  limit?: number | undefined
  /** The chat's machine is watched from here on; again, when a chat that was disposed of has another. */
  onStart?: (() => void) | undefined
}

/** Requests are few; this is hours of a busy chat. */
const MAX_ATTEMPTS = 500

type InspectionEvent = Parameters<Extract<Inspector, (...args: never) => unknown>>[0]

/**
 * Records what happens in a chat from here on. An event costs one entry and a line for each of its chunks, and nothing is
 * serialised: events, chunks and messages are immutable, and kept as they are.
 */
export function recordChat(chat: Chat, { now = () => performance.now(), limit = 10_000, onStart }: RecordOptions = {}): Recording {
  const entries = createBoundedList<Entry>(limit)
  const rows = createBoundedList<Row>(limit)
  const attempts = createAttempts(MAX_ATTEMPTS)
  const listeners = new Set<() => void>()
  const readMoment = createMomentReader()
  const began = now()
  const mark = (): Mark => ({ entry: entries.end, at: now() - began })
  let leave = () => {}

  function add(event: MachineEvent, actor: Chat['actor']) {
    const before = entries.last()
    const moment = readMoment(event, actor.getSnapshot())
    const from = before?.moment.path ?? moment.path
    const transition = from === moment.path ? (before?.transition ?? null) : { event: event.type, from, to: moment.path }
    const entry: Entry = { number: entries.end, row: rows.end, at: now() - began, event, transition, moment }
    entries.push(entry)
    for (const row of rowsOf(entry)) rows.push(row)
    const oldest = rows.at(rows.first)
    if (oldest) entries.dropBefore(oldest.entry.number)
    for (const listener of listeners) listener()
  }

  /** Joins the chat's machine, until that ends: a chat that was disposed of and is used again has another. */
  function follow() {
    const actor = actorOf(chat)
    if (!actor) return
    leave()
    const watching = actor.system.inspect((event) => isolated(() => inspect(event, actor)))
    const living = actor.subscribe({ complete: waitForNext })
    leave = () => {
      watching.unsubscribe()
      living.unsubscribe()
    }
    add({ type: 'record.start' }, actor)
    onStart?.()
  }

  function waitForNext() {
    leave()
    leave = chat.subscribe(follow)
  }

  function inspect(event: InspectionEvent, actor: Chat['actor']) {
    const isRoot = event.actorRef === actor
    const runId = isRoot ? undefined : runIdOf(event.actorRef)
    switch (event.type) {
      case '@xstate.actor':
        if (runId !== undefined) attempts.start(runId, mark())
        break
      case '@xstate.event':
        if (isRoot) attempts.note(event.event, mark())
        break
      case '@xstate.snapshot':
        if (isRoot) add(event.event, actor)
        else if (runId !== undefined && event.snapshot.status === 'stopped') attempts.abort(runId, mark())
        break
    }
  }

  waitForNext()
  follow()
  return {
    entries,
    rows,
    attempts: attempts.all,
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    stop() {
      leave()
      listeners.clear()
    },
  }
}

/** The machine's actor; undefined while the chat is disposed of. */
function actorOf(chat: Chat): Chat['actor'] | undefined {
  try {
    return chat.actor
  } catch {
    return undefined
  }
}

/** What an inspector throws would wedge the machine for ever. */
function isolated(run: () => void) {
  try {
    run()
  } catch (error) {
    setTimeout(() => {
      throw error
    })
  }
}

/** The run that this is the actor of. */
function runIdOf(actorRef: InspectionEvent['actorRef']): string | undefined {
  const { id = '' } = actorRef as { id?: string }
  return id.startsWith('run:') ? id.slice('run:'.length) : undefined
}
