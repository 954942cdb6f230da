import { initialTransition, type SnapshotFrom, transition } from 'xstate'
import type { ChatWarning } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { MessagePart, UIMessage } from '../transcript/message.ts'
import type { ChatEvent } from './events.ts'
import { ChatHost } from './host.ts'
import { chatMachine } from './machine.ts'
import type { ChatMachineInput } from './options.ts'
import * as threadCode from './thread-code.ts'

type Snapshot = SnapshotFrom<typeof chatMachine>

/** A leaf of the machine. */
export type Phase =
  | 'loading'
  | 'joining'
  | 'ready'
  | 'connecting'
  | 'replaying'
  | 'receiving'
  | 'waiting'
  | 'offline'
  | 'rejoining'
  | 'remote'
  | 'local'
  | 'error'
  | 'stopped'

/** The machine stepped by pure `transition()`: no actor, no clock, no request. Its effects on the transcript are run by hand. */
export interface Machine {
  readonly host: ChatHost
  readonly snapshot: Snapshot
  readonly phase: Phase
  /** Names of the actions that the last step asked for. */
  readonly actions: readonly string[]
  readonly warnings: readonly ChatWarning[]
  /** `turnId outcome`, in order. */
  readonly outcomes: string[]
  /** Callbacks of the user, in order. */
  readonly calls: readonly string[]
  /** Runs that the server was asked to stop, by the ids it was given. */
  readonly cancelled: string[]
  send(...events: ChatEvent[]): Machine
  /** Sends run events with the id of the current run. */
  run: {
    opened(found?: { joined: string; isReplay: boolean }): Machine
    chunks(...chunks: Chunk[]): Machine
    chunksAt(cursor: string, ...chunks: Chunk[]): Machine
    closed(): Machine
  }
}

export function drive(options: Partial<ChatMachineInput> = {}): Machine {
  let ids = 0
  const warnings: ChatWarning[] = []
  const outcomes: string[] = []
  const calls: string[] = []
  const cancelled: string[] = []
  const host = new ChatHost({
    connection: { connect: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }) },
    generateId: () => `id-${++ids}`,
    random: () => 0.5,
    onWarning: (warning) => warnings.push(warning),
    onFinish: () => calls.push('onFinish'),
    onError: ({ code }) => calls.push(`onError ${code}`),
    ...options,
  })
  Object.assign(host, {
    threadCode,
    defer: (effect: () => void) => effect(),
    cancel: (runId: string) => cancelled.push(runId),
    settle: (turnId: string, { outcome }: { outcome: string }) => outcomes.push(`${turnId} ${outcome}`),
  })
  let [snapshot] = initialTransition(chatMachine, { host })
  let actions: string[] = []

  function step(event: ChatEvent) {
    const [next, effects] = transition(chatMachine, snapshot, event)
    snapshot = next
    actions = effects.map(({ type }) => type)
    // The resumption of the queue is an event to oneself; a test sends it by hand.
    for (const { type, exec, info, params } of effects)
      if (!type.startsWith('xstate.') && type !== 'resumeQueueSoon' && type !== 'resumeTurnSoon') exec?.(info as never, params as never)
  }
  const runId = () => snapshot.context.runId ?? ''

  const machine: Machine = {
    host,
    get snapshot() {
      return snapshot
    },
    get phase() {
      return leaf(snapshot.value)
    },
    get actions() {
      return actions
    },
    warnings,
    outcomes,
    calls,
    cancelled,
    send(...events) {
      events.forEach(step)
      return machine
    },
    run: {
      opened: (found) => machine.send({ type: 'run.opened', runId: runId(), ...found }),
      chunks: (...chunks) => machine.send({ type: 'run.chunks', runId: runId(), chunks }),
      chunksAt: (cursor, ...chunks) => machine.send({ type: 'run.chunks', runId: runId(), chunks, cursor }),
      closed: () => machine.send({ type: 'run.closed', runId: runId() }),
    },
  }
  return machine
}

type Value = string | { [name: string]: Value | undefined }

function leaf(value: Value): Phase {
  return typeof value === 'string' ? (value as Phase) : leaf(Object.values(value)[0]!)
}

export const user = (text: string): UIMessage => ({ id: text, role: 'user', parts: [{ type: 'text', content: text }] })
export const assistant = (id: string, ...parts: MessagePart[]): UIMessage => ({
  id,
  role: 'assistant',
  parts: parts.length > 0 ? parts : [{ type: 'text', content: id }],
})

export const send = (text: string): ChatEvent => ({ type: 'user.send', turnId: text, message: user(text) })

/** What a person sees: `Q1 A1`, open parts with `…`, calls as `{name:state}`. */
export const show = (messages: readonly UIMessage[]): string => messages.map((message) => message.parts.map(showPart).join('')).join(' ')

function showPart(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return part.content + (part.state === 'streaming' ? '…' : '')
    case 'thinking':
      return `(${part.content}${part.state === 'streaming' ? '…' : ''})`
    case 'tool-call':
      return `{${part.name}:${part.state}${part.progress === undefined ? '' : ` ${String(part.progress)}`}}`
    case 'interrupt':
      return `<interrupt ${part.state}>`
    case 'tool-result':
      return ''
    default:
      return `<${part.type}>`
  }
}
