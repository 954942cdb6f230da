import { type AnyActorRef, createActor, fromCallback, type NonReducibleUnknown, SimulatedClock } from 'xstate'
import type { JoinedRun } from '../../src/connection/connection.ts'
import type { Chunk } from '../../src/protocol/chunk.ts'
import type { ChatEvent, NetworkEvent } from '../../src/session/events.ts'
import { ChatHost } from '../../src/session/host.ts'
import { chatMachine } from '../../src/session/machine.ts'
import * as threadCode from '../../src/session/thread-code.ts'
import type { UIMessage } from '../../src/transcript/message.ts'
import { manualConnection } from '../../testing/index.ts'
import { clientTools, type Given, STORED } from './given.ts'
import { isRefused } from './refusal.ts'
import { phaseOf, type Seen, seenOf } from './seen.ts'

type Snapshot = ReturnType<ReturnType<typeof actorOf>['getSnapshot']>

/** The real machine with actors that do nothing: what they would report, the moves say. */
const inert = <Input>() => fromCallback<{ type: string }, Input & NonReducibleUnknown>(() => {})
const machine = chatMachine.provide({
  actors: { readRun: inert(), runTool: inert(), restoreMessages: inert(), watchNetwork: inert() },
  guards: { isRefused },
})

const actorOf = (host: ChatHost, clock: SimulatedClock) => createActor(machine, { input: { host }, clock })

/** The chat without its outside: no request, no task, no time but what the moves make. */
export interface Model {
  readonly snapshot: Snapshot
  /** The innermost state. */
  readonly phase: string
  readonly host: Snapshot['context']['host']
  /** Sends an event, and does what is deferred until then. */
  send(event: ChatEvent): void
  can(event: ChatEvent): boolean
  /** The run that is being read, if there is one. */
  readonly run: AnyActorRef | undefined
  /** The actor of the stored messages, while they are read. */
  readonly isReading: boolean
  /** What a reading that succeeds brings. */
  readonly stored: readonly UIMessage[]
  /** A dropped run waits for the network to say something. */
  readonly isWatching: boolean
  readonly isOffline: boolean
  /** The network says something, if anybody watches it. */
  tell(type: NetworkEvent['type']): void
  /** One network read, as the actor of the run reports it; `found`: the first of a run that was going on. */
  read(chunks: readonly Chunk[], cursor?: string, found?: JoinedRun): void
  /** Tools at work here, by the ids of their calls. */
  readonly working: readonly string[]
  wait(ms: number): void
  readonly seen: Seen
}

export function createModel(given: Given): Model {
  let ids = 0
  const effects: (() => void)[] = []
  const cancelled: string[] = []
  const host = new ChatHost({
    connection: manualConnection({ joins: given.resume }),
    threadId: 'thread',
    generateId: () => `id-${++ids}`,
    random: () => 0.5,
    now: () => 0,
    tools: clientTools(() => new Promise(() => {})),
    initialMessages: given.messages === 'later' ? () => [] : given.messages,
    resume: given.resume,
    whileBusy: given.whileBusy,
    maxSteps: given.maxSteps,
  })
  host.defer = (effect) => effects.push(effect)
  host.cancel = (runId) => cancelled.push(runId)
  host.threadCode = threadCode
  const clock = new SimulatedClock()
  const actor = actorOf(host, clock).start()
  const opened = new Set<AnyActorRef>()
  const started = new Set<AnyActorRef>()
  let isOffline = false

  const children = (prefix: string) =>
    Object.entries<AnyActorRef | undefined>(actor.getSnapshot().children).flatMap(([id, ref]) => (ref && id.startsWith(prefix) ? [ref] : []))
  const run = () => children('run:')[0]
  const idOf = (tool: AnyActorRef) => tool.id.split(':').slice(2).join(':')

  /** A tool reports as soon as it is started: that it needs a yes, or that it is at work. */
  function startTool(tool: AnyActorRef) {
    started.add(tool)
    const toolCallId = idOf(tool)
    const call = host.transcript.call(toolCallId)
    const isCareful = call?.state === 'input-complete' && call.name === 'mail'
    actor.send({ type: isCareful ? 'tool.asks' : 'tool.started', toolCallId })
  }
  /** Whoever begins to watch the network hears at once that there is none. */
  function startWatching(watcher: AnyActorRef) {
    started.add(watcher)
    if (isOffline) actor.send({ type: 'network.offline' })
  }
  function settle() {
    for (let todo = true; todo;) {
      const watcher = children('network').find((each) => !started.has(each))
      const effect = watcher ? undefined : effects.shift()
      const tool = children('tool:').find((each) => !started.has(each))
      if (watcher) startWatching(watcher)
      else if (effect) effect()
      else if (tool) startTool(tool)
      else todo = false
    }
  }
  function send(event: ChatEvent) {
    actor.send(event)
    settle()
  }
  return {
    get snapshot() {
      return actor.getSnapshot()
    },
    get phase() {
      return phaseOf(actor.getSnapshot().value)
    },
    host,
    send,
    can: (event) => actor.getSnapshot().can(event),
    get run() {
      return run()
    },
    get isReading() {
      return children('restore').length > 0
    },
    get isWatching() {
      return children('network').length > 0
    },
    get isOffline() {
      return isOffline
    },
    tell(type) {
      if (type !== 'page.visible') isOffline = type === 'network.offline'
      if (children('network').length > 0) send({ type })
    },
    stored: given.stored ?? STORED,
    read(chunks, cursor, found) {
      const live = run()
      if (!live) return
      const { runId } = actor.getSnapshot().context
      if (!opened.has(live)) actor.send({ type: 'run.opened', runId: runId!, ...(found && { joined: found.runId, isReplay: found.isReplay }) })
      opened.add(live)
      // A run without positions cannot be asked for again.
      const isTakenBack = cursor === undefined && actor.getSnapshot().context.cursor === ''
      send({ type: 'run.chunks', runId: runId!, chunks, cursor: isTakenBack ? null : cursor })
    },
    get working() {
      return children('tool:').flatMap((tool) => (host.transcript.call(idOf(tool))?.state === 'executing' ? idOf(tool) : []))
    },
    wait(ms) {
      clock.increment(ms)
      settle()
    },
    get seen() {
      const { value, context } = actor.getSnapshot()
      return seenOf({ value, ...context, messages: host.transcript.messages(), cancelled })
    },
  }
}
