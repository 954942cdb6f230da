import type { Chat } from '../chat.ts'
import { isolate } from '../session/host.ts'
import type { ChatTypes } from '../transcript/message.ts'
import { statusOf } from '../view/snapshot.ts'
import { toEventData } from './event-data.ts'
import { isSameOptions, toOptionsData } from './options-data.ts'
import { toStartData } from './start-data.ts'
import { type Redact, toData } from './to-data.ts'
import type { Trace, TraceEnd, TraceOptions, TraceStart, TraceStep } from './trace.ts'
import { type Arrival, watchRoot } from './watch-root.ts'

export interface RecordOptions {
  /**
   * Changes or hides what is written down: called as the replacer of `JSON.stringify`, with the whole path into the trace, e.g.
   * `['steps', 3, 'event', 'message', 'parts', 0, 'content']`. `undefined` leaves the value out; a value it throws for is hidden. A trace
   * whose ids or types were changed cannot be played. Default: nothing is changed.
   */
  redact?: Redact | undefined
  /** The most characters of JSON; then recording ends (`end: 'full'`): a replay needs the beginning. Default 16 Mi. */
  maxBytes?: number | undefined
  /** The most steps. Default 100,000. */
  maxSteps?: number | undefined
}

export interface TraceRecorder {
  /** `waiting`: a turn is in flight, or has failed or was stopped; recording begins when the chat is next `idle` and its queue empty. */
  readonly state: 'waiting' | 'recording' | 'ended'
  /** What was recorded so far; the same object until there is more. */
  trace(): Trace
  /** Calls back when there is another step, or the state is another one; returns the function that ends it. */
  subscribe(onChange: () => void): () => void
  /** Ends recording, and gives what was recorded. */
  stop(): Trace
}

/**
 * Writes down everything that happens to a chat from here on, so that `replayTrace` can make it happen again: every event of its machine with its
 * time, and the ids that were made. Begin when the chat is made; until its first run, a chat that has had others has their `runId` and
 * `usage` in its snapshot, which a replay does not know. Costs nothing when it has ended.
 *
 * Throws `ChatError` `misuse` for a chat that was disposed of.
 *
 * @example
 * const recorder = recordTrace(chat)
 * await chat.sendMessage('Hello!')
 * const file = new Blob([JSON.stringify(recorder.stop())], { type: 'application/json' })
 */
export function recordTrace<Types extends ChatTypes>(chat: Chat<Types>, options: RecordOptions = {}): TraceRecorder {
  const { redact, maxBytes = 16 * 2 ** 20, maxSteps = 100_000 } = options
  const { actor, threadId } = chat
  const { host } = actor.getSnapshot().context
  const listeners = new Set<() => void>()
  const steps: TraceStep[] = []
  let state: TraceRecorder['state'] = 'waiting'
  let end: TraceEnd = 'open'
  let bytes = 0
  let began: Pick<Trace, 'startedAt' | 'options' | 'initial'> | null = null
  let last: TraceOptions | null = null
  /** As far as they are written down. */
  let known: TraceOptions | null = null
  let written: Trace | null = null

  const watched = watchRoot(actor, { onArrival: () => optionsNow(), onDone: note, onStop: () => finish('disposed') })
  if (isAtRest()) begin()

  function isAtRest() {
    const snapshot = actor.getSnapshot()
    return snapshot.matches({ idle: 'ready' }) && snapshot.context.queue.length === 0
  }

  function beginning() {
    const initial = toData(toStartData(host), redact, ['initial']) as TraceStart
    return { startedAt: host.now(), options: toOptionsData(host), initial }
  }

  function begin() {
    began = beginning()
    last = known = began.options
    bytes = JSON.stringify(began).length
    state = 'recording'
    changed()
    if (bytes > maxBytes) finish('full')
  }

  /** The same object as long as they are the same. */
  function optionsNow(): TraceOptions {
    const now = toOptionsData(host)
    if (!last || !isSameOptions(last, now)) last = now
    return last
  }

  function note({ event, actorId, options: given, at }: Arrival<TraceOptions>, ids: readonly string[]) {
    if (state === 'waiting' && isAtRest()) return begin()
    if (state !== 'recording' || !began) return
    const data = toEventData(event)
    if (!data) return
    const step = {
      at: Math.max(0, at - began.startedAt),
      event: toData(data, redact, ['steps', steps.length, 'event']),
      ...(actorId !== undefined && { actor: actorId }),
      ...(ids.length > 0 && { ids }),
      ...(given !== known && { options: given }),
      ...statusOf(actor.getSnapshot().value),
    } as TraceStep
    bytes += JSON.stringify(step).length
    if (bytes > maxBytes || steps.length >= maxSteps) return finish('full')
    steps.push(step)
    known = given
    changed()
  }

  function finish(how: TraceEnd) {
    if (state === 'ended') return
    watched.stop()
    end = how
    state = 'ended'
    changed()
  }

  function changed() {
    written = null
    for (const listener of [...listeners]) isolate(listener)
  }

  function trace(): Trace {
    return (written ??= { format: 'statechat.trace', version: 1, threadId, ...(began ?? beginning()), steps: [...steps], end })
  }

  return {
    get state() {
      return state
    },
    trace,
    subscribe(onChange) {
      const listener = () => onChange()
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop() {
      finish('stopped')
      return trace()
    },
  }
}
