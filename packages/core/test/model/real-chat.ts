import type { Chat } from '../../src/chat.ts'
import { createChat } from '../../src/create-chat.ts'
import * as threadCode from '../../src/session/thread-code.ts'
import type { UIMessage } from '../../src/transcript/message.ts'
import type { ChatSnapshot } from '../../src/view/snapshot.ts'
import { syncScheduler } from '../../src/view/scheduler.ts'
import { manualConnection, type ManualConnection, SimulatedClock } from '../../testing/index.ts'
import type { Coverage } from './coverage.ts'
import { clientTools, type Given, STORED } from './given.ts'
import { type ManualNetwork, manualNetwork } from './manual-network.ts'
import { type Seen, seenOf } from './seen.ts'

/** A tool that is executing. */
interface Work {
  readonly toolCallId: string
  end(output: unknown): void
  fail(error: Error): void
  emit(progress: unknown): void
}

/** The chat as a user has it, and what is outside of it. */
export interface RealChat {
  readonly chat: Chat
  readonly connection: ManualConnection
  readonly clock: SimulatedClock
  readonly network: ManualNetwork
  readonly working: Work[]
  /** Reads of the stored messages. */
  readonly reads: { resolve(): void; reject(error: Error): void }[]
  /** The snapshot that the last notification brought. */
  readonly snapshot: ChatSnapshot
  readonly seen: Seen
  /** Something was done that no chat does. */
  isByHand: boolean
}

/** A chat in which nothing has happened; `coverage` hears what its machine does. */
export function createRealChat({ messages, stored = STORED, resume, whileBusy, maxSteps }: Given, coverage: Coverage): RealChat {
  const connection = manualConnection({ joins: resume, cancels: true })
  const network = manualNetwork()
  const clock = new SimulatedClock()
  const working: Work[] = []
  const reads: RealChat['reads'] = []
  let ids = 0
  const chat = createChat({
    connection,
    threadId: 'thread',
    generateId: () => `id-${++ids}`,
    random: () => 0.5,
    now: () => 0,
    network,
    clock: clock as never,
    scheduler: syncScheduler,
    tools: clientTools((_, { toolCallId, emit }) => new Promise((end, fail) => working.push({ toolCallId, end, fail, emit }))),
    initialMessages:
      messages === 'later'
        ? () => new Promise<readonly UIMessage[]>((resolve, reject) => reads.push({ resolve: () => resolve(stored), reject }))
        : messages,
    resume,
    whileBusy,
    maxSteps,
  })
  chat.actor.getSnapshot().context.host.threadCode = threadCode
  coverage.follow(chat.actor, () => real.isByHand)
  let snapshot = chat.getSnapshot()
  chat.subscribe(() => (snapshot = chat.getSnapshot()))
  const real: RealChat = {
    chat,
    connection,
    clock,
    network,
    working,
    reads,
    get snapshot() {
      return snapshot
    },
    get seen() {
      return seenOf({ ...snapshot, value: chat.actor.getSnapshot().value, cancelled: connection.cancelled })
    },
    isByHand: false,
  }
  return real
}
