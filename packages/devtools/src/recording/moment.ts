import type { Chat, ChatError, QueuedMessage, TokenUsage } from '@statechat/core'
import { chunksOf, type MachineEvent } from './machine-event.ts'
import { createMessageHistory, type PastMessages } from './message-history.ts'
import { statePath } from './state-path.ts'

/** What a chat was at one point of its life. Cheap: a record holds thousands of them. */
export interface Moment {
  /** The active states, `running.streaming.receiving`. */
  readonly path: string
  readonly runId: string | null
  readonly error: ChatError | null
  readonly queue: readonly QueuedMessage[]
  readonly usage: readonly TokenUsage[]
  /** What agent and application share. */
  readonly state: unknown
  /** Where the run can be rejoined. */
  readonly cursor: string | null
  /** Attempts to rejoin since the last chunk. */
  readonly attempt: number
  /** Chunks of other runs that were dropped. */
  readonly strays: number
  readonly messages: PastMessages
}

/** Most chunks: they make the message that is being written longer, and do nothing else. */
const GROWTH: ReadonlySet<string> = new Set(['TEXT_MESSAGE_CONTENT', 'REASONING_MESSAGE_CONTENT', 'TOOL_CALL_ARGS'])

const isGrowth = (event: MachineEvent): boolean => event.type === 'run.chunks' && chunksOf(event).every(({ type }) => GROWTH.has(type))

/** Reads moments off a chat's machine, one after each event. */
export function createMomentReader(): (event: MachineEvent, snapshot: ReturnType<Chat['actor']['getSnapshot']>) => Moment {
  const history = createMessageHistory()
  return (event, { value, context }) => {
    const { host, runId, error, queue, ledger, cursor, attempt, strays } = context
    const { transcript } = host
    const written = isGrowth(event) ? transcript.runMessage() : undefined
    // The transcript makes its list anew for whoever reads it: 0.3 ms for each token after 10,000 messages.
    const messages = (written && history.grow(written)) ?? history.keep(transcript.messages())
    return {
      path: statePath(value),
      runId,
      error,
      queue,
      usage: ledger.usage,
      state: transcript.state(),
      cursor,
      attempt,
      strays,
      messages,
    }
  }
}
