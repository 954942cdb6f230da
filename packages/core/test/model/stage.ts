import type { Chat } from '../../src/chat.ts'
import type { Connection } from '../../src/connection/connection.ts'
import type { ToolCallPart, UIMessage } from '../../src/transcript/message.ts'
import type { ManualRun, ManualScheduler } from '../../testing/index.ts'
import type { ManualNetwork } from './manual-network.ts'
import type { CountingClock } from './counting-clock.ts'

/** A tool that is executing. */
export interface Work {
  readonly signal: AbortSignal
  end(output: unknown): void
  fail(error: Error): void
  emit(progress: unknown): void
}

/** A promise of a command, and the turn that it is about. */
export interface Tracked {
  readonly turnId: string
  /** How it ended: an outcome, or `rejected: …`; null while it waits. */
  outcome: string | null
}

/** What the acts of a schedule share. */
export interface Stage {
  readonly chat: Chat
  readonly connections: readonly Connection[]
  readonly clock: CountingClock
  readonly frames: ManualScheduler | null
  readonly network: ManualNetwork
  /** Every run of both connections, oldest first. */
  readonly runs: readonly ManualRun[]
  /** Text pushed to each run, by its id, while it was the one being read. */
  readonly delivered: Map<string, string>
  /** The arguments of each call, as far as they were pushed. */
  readonly deliveredArguments: Map<string, string>
  /** Reads of the stored messages that wait. */
  readonly reads: { load(): void; fail(): void }[]
  readonly working: Work[]
  /** Another number each time. */
  count(): number
  /** The last number. */
  readonly counted: number
  /** Calls a command that begins a turn, and follows its promise. */
  track(turnId: string, promise: Promise<unknown>): void
  /** The id that the chat will make next. */
  nextId(): string
}

export const messageOf = ({ chat }: Stage, role: UIMessage['role'], which: 'first' | 'last'): UIMessage | undefined => {
  const { messages } = chat.getSnapshot()
  return which === 'last' ? messages.findLast((message) => message.role === role) : messages.find((message) => message.role === role)
}

export const lastCall = (stage: Stage, state: ToolCallPart['state']) =>
  messageOf(stage, 'assistant', 'last')?.parts.find((part): part is ToolCallPart => part.type === 'tool-call' && part.state === state)
