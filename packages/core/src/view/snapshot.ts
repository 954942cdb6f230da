import type { ChatError } from '../errors.ts'
import type { TokenUsage } from '../protocol/chunk.ts'
import { type ChatContext, EMPTY_QUEUE } from '../session/context.ts'
import type { ChatEvent, QueuedMessage } from '../session/events.ts'
import type { ChatHost } from '../session/host.ts'
import { EMPTY_LEDGER } from '../session/ledger.ts'
import { reloadTip } from '../session/reload.ts'
import type { ChatTypes, DeepPartial, InterruptPart, UIMessage } from '../transcript/message.ts'

/** What the chat is doing: exactly one of five. */
export type ChatStatus = 'idle' | 'streaming' | 'tool-calling' | 'error' | 'stopped'

/** The finer state below a status; `error` and `stopped` have none. */
export type ChatPhase = 'restoring' | 'ready' | 'connecting' | 'replaying' | 'receiving' | 'reconnecting' | 'remote' | 'local' | null

/** Everything about a chat at one moment. Immutable; the same object until something changes. */
export interface ChatSnapshot<Types extends ChatTypes = ChatTypes> {
  readonly threadId: string
  /** Id of the current or last run. */
  readonly runId: string | null
  readonly status: ChatStatus
  readonly phase: ChatPhase
  /** A turn is in flight: `status` is `streaming` or `tool-calling`. */
  readonly isLoading: boolean
  /** What is shown was said before the chat joined the run: nothing to animate. */
  readonly isReplaying: boolean
  /** Set exactly while `status` is `error`. */
  readonly error: ChatError | null
  /** The visible path, oldest first. */
  readonly messages: readonly UIMessage<Types>[]
  /** Questions of the server that wait for `resolveInterrupt`; approvals of calls are with the calls. */
  readonly interrupts: readonly InterruptPart[]
  /** The structured answer of the last message as far as it has come; null when there is none. */
  readonly partial: DeepPartial<Types['output']> | null
  /** The structured answer of the last message, whole and valid; null until then. */
  readonly final: Types['output'] | null
  /** What agent and application share; undefined until one of them has said something. */
  readonly state: Types['state']
  /** Messages that wait for their turn. */
  readonly queue: readonly QueuedMessage[]
  /** Tokens of the current or last turn, one entry per provider and model. */
  readonly usage: readonly TokenUsage[]
  readonly canSend: boolean
  readonly canStop: boolean
  readonly canReload: boolean
  readonly canRetry: boolean
}

/** The machine's state value: nested objects of state names. */
export type StateValue = string | { [state: string]: StateValue | undefined }

/** `status` and `phase` are read off the state value, and nowhere else. */
export function statusOf(value: StateValue): Pick<ChatSnapshot, 'status' | 'phase'> {
  if (typeof value === 'string') return { status: value as ChatStatus, phase: null }
  const [name, child] = Object.entries(value)[0]!
  if (name === 'running') return statusOf(child!)
  return { status: name as ChatStatus, phase: (typeof child === 'string' ? child : Object.keys(child!)[0]) as ChatPhase }
}

/** What is read of the machine; absent while its actor does not exist yet. */
export interface MachineSnapshot {
  value: StateValue
  context: Pick<ChatContext, 'runId' | 'error' | 'queue' | 'ledger'>
  can(event: ChatEvent): boolean
}

/** The snapshot after `before`; the same object if nothing in it is different. */
export function readSnapshot(machine: MachineSnapshot | null, host: ChatHost, before: ChatSnapshot | null): ChatSnapshot {
  const messages = host.transcript.messages()
  const { status, phase } = machine ? statusOf(machine.value) : ({ status: 'idle', phase: 'ready' } as const)
  const isLoading = status === 'streaming' || status === 'tool-calling'
  const { runId = null, error = null, queue = EMPTY_QUEUE, ledger = EMPTY_LEDGER } = machine?.context ?? {}
  const next: ChatSnapshot = {
    threadId: host.threadId,
    runId,
    status,
    phase,
    isLoading,
    isReplaying: phase === 'replaying',
    error,
    messages,
    ...lastOf(messages, before),
    state: host.transcript.state(),
    queue,
    usage: ledger.usage,
    ...capabilities(machine, host, before, { status, phase, isLoading, queue, messages }),
  }
  return before && isSame(before, next) ? before : next
}

function isSame(before: ChatSnapshot, next: ChatSnapshot): boolean {
  for (const key in next) if (!Object.is(before[key as keyof ChatSnapshot], next[key as keyof ChatSnapshot])) return false
  return true
}

/** What the last message asks and gives. */
function lastOf(messages: readonly UIMessage[], before: ChatSnapshot | null): Pick<ChatSnapshot, 'interrupts' | 'partial' | 'final'> {
  const last = messages.at(-1)
  if (before && last === before.messages.at(-1)) return { interrupts: before.interrupts, partial: before.partial, final: before.final }
  if (last?.role !== 'assistant') return { interrupts: NO_INTERRUPTS, partial: null, final: null }
  const interrupts = last.parts.filter((part) => part.type === 'interrupt').filter(({ state }) => state === 'open')
  const isSame = before && interrupts.length === before.interrupts.length && interrupts.every((part, i) => part === before.interrupts[i])
  const output = last.parts.findLast((part) => part.type === 'structured-output')
  return {
    interrupts: isSame ? before.interrupts : interrupts.length === 0 ? NO_INTERRUPTS : interrupts,
    partial: output?.partial ?? null,
    final: output?.status === 'complete' ? output.data : null,
  }
}
const NO_INTERRUPTS: readonly InterruptPart[] = []

type Capabilities = Pick<ChatSnapshot, 'canSend' | 'canStop' | 'canReload' | 'canRetry'>

/**
 * Asked of the machine, but not for every delta: a longer answer changes none of them, and another message no more than `canReload`.
 * Commands are handled by `running` as a whole, so that its phases do not change them either.
 */
function capabilities(
  machine: MachineSnapshot | null,
  host: ChatHost,
  before: ChatSnapshot | null,
  now: Pick<ChatSnapshot, 'status' | 'phase' | 'isLoading' | 'queue' | 'messages'>,
): Capabilities {
  if (!machine) return { canSend: true, canStop: false, canReload: reloadTip({ host }, undefined) !== undefined, canRetry: false }
  const isSameState = before?.queue === now.queue && (now.isLoading ? before.isLoading : before.status === now.status && before.phase === now.phase)
  const hasSameEnd = before?.messages.length === now.messages.length && before.messages.at(-1)?.id === now.messages.at(-1)?.id
  const turnId = ''
  return {
    canSend: isSameState ? before.canSend : machine.can({ type: 'user.send', turnId, message: { id: turnId, role: 'user', parts: [] } }),
    canStop: isSameState ? before.canStop : machine.can({ type: 'user.stop' }),
    canReload: isSameState && hasSameEnd ? before.canReload : machine.can({ type: 'user.reload', turnId }),
    canRetry: isSameState ? before.canRetry : machine.can({ type: 'user.retry', turnId }),
  }
}
