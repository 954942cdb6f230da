import type { Chat, Clock, Inspector } from '../chat.ts'
import { createChat } from '../create-chat.ts'
import type { Network } from '../session/options.ts'
import * as threadCode from '../session/thread-code.ts'
import { syncScheduler, type Scheduler } from '../view/scheduler.ts'
import { fromEventData, fromMessageData } from './event-data.ts'
import { fromToolsData } from './options-data.ts'
import type { Trace, TraceOptions, TraceStep } from './trace.ts'

/** How a replay is seen. */
export interface View {
  inspect?: Inspector | undefined
  scheduler?: Scheduler | undefined
}

export interface ReplayedChat {
  readonly chat: Chat
  /** False if the machine made something else of the event than it did then. */
  apply(step: TraceStep): boolean
  dispose(): void
}

/** Nothing happens in a replay but what is in the trace: whatever the machine waits for does not come. */
const never = () => new Promise<never>(() => {})
const NO_CLOCK: Clock = { setTimeout: () => undefined, clearTimeout() {} }
const NOTHING = () => {}
const NO_NETWORK: Network = { watch: () => NOTHING }

/**
 * A chat as it was when its recording began, whose machine gets the events of the trace. Its runs and tools are actors as they were then, but they
 * never get to say anything: what they said is in the trace, as are the ends of waits.
 */
export function createReplayedChat({ threadId, startedAt, options, initial }: Trace, view: View): ReplayedChat {
  let now = startedAt
  let ids: string[] = []
  let made = 0
  const { inspect, scheduler = syncScheduler } = view
  const chat = createChat({
    threadId,
    connection: { connect: never as never, join: never as never },
    // A run asks for it before it does anything else.
    data: never,
    initialMessages: initial.messages.map(fromMessageData),
    initialState: initial.state,
    clock: NO_CLOCK,
    network: NO_NETWORK,
    scheduler,
    inspect,
    now: () => now,
    generateId: () => ids.shift() ?? `replay-${++made}`,
  })
  const { host } = chat.actor.getSnapshot().context
  host.claim = never
  host.threadCode = threadCode
  // Callbacks have been called; and what the machine sent itself afterwards is in the trace.
  host.defer = NOTHING
  if (initial.head !== null) host.transcript.select(initial.head)
  use(options)

  function use({ whileBusy, maxSteps, tools, structured, joins, restores }: TraceOptions) {
    chat.updateOptions({ whileBusy, maxSteps, tools: fromToolsData(tools), outputSchema: structured ? {} : undefined })
    host.joins = joins
    host.restore = restores ? never : null
  }

  return {
    // Whoever shows it must not add events of his own.
    chat: Object.assign(chat, { attach: NOTHING, detach: NOTHING, retain: () => NOTHING }),
    apply(step) {
      if (step.options) use(step.options)
      now = startedAt + step.at
      ids = [...(step.ids ?? [])]
      const before = made
      chat.actor.send(fromEventData(step.event))
      const { status, phase } = chat.getSnapshot()
      return status === step.status && phase === step.phase && ids.length === 0 && made === before
    },
    dispose: chat.dispose,
  }
}
