import type { Chat } from '../src/chat.ts'
import { createChat } from '../src/create-chat.ts'
import type { Connection } from '../src/connection/connection.ts'
import type { ChatCallbacks } from '../src/session/options.ts'
import type { ClientTool } from '../src/tool/tool.ts'
import type { UIMessage } from '../src/transcript/message.ts'
import { syncScheduler } from '../src/view/scheduler.ts'
import type { ChatSnapshot } from '../src/view/snapshot.ts'
import { manualConnection, type ManualRun, manualScheduler, settled } from '../testing/index.ts'
import { countingClock, type CountingClock } from './model/counting-clock.ts'
import { createCancels, type Cancels } from './model/cancels.ts'
import { createEndings, type Endings } from './model/endings.ts'
import { networkActs } from './model/network-acts.ts'
import { manualNetwork, type ManualNetwork } from './model/manual-network.ts'
import { optionActs } from './model/option-acts.ts'
import type { Setup, Step } from './model/schedule.ts'
import type { Stage, Tracked, Work } from './model/stage.ts'
import { conversation, questions } from './model/stored.ts'
import { userActs } from './model/user-acts.ts'

export { setups } from './model/schedule.ts'

export interface World {
  chat: Chat
  clock: CountingClock
  runs: readonly ManualRun[]
  act(step: Step): Promise<void>
  /** Text pushed to each run, by its id, while it was the one being read. */
  delivered: ReadonlyMap<string, string>
  /** The arguments of each call, as far as they were pushed. */
  deliveredArguments: ReadonlyMap<string, string>
  /** Every command that began a turn, or tried to. */
  promises: readonly Tracked[]
  /** Tools that run here: how often each call began, and which have not ended. */
  executed: ReadonlyMap<string, number>
  working: readonly { signal: AbortSignal }[]
  endings: Endings
  network: ManualNetwork
  /** Runs that the server was asked to stop. */
  cancelled: readonly string[]
  cancels: Cancels
  /** What a listener saw, if there is one, since somebody looked here. */
  notified: ChatSnapshot[]
  /** How often `onFinish` was called. */
  readonly finished: number
  /** How many frames the chat waits for. */
  readonly framesDue: number
  /** Ends the chat, and waits until everything has settled. */
  dispose(): Promise<void>
}

/** A chat on which random steps are played. */
export function world({ ignoresAbort, whileBusy, stored = 'nothing', resumes = false, hasFrames = false }: Setup): World {
  const runs: ManualRun[] = []
  const connection = (): Connection => {
    const manual = manualConnection({ ignoresAbort, joins: resumes })
    const noted = <T>(reads: T): T => {
      runs.push(manual.run)
      return reads
    }
    return {
      connect: (...call) => noted(manual.connect(...call)),
      cancel: async ({ runId }) => void cancelled.push(runId),
      ...(resumes && { join: (...call) => noted(manual.join!(...call)) }),
    }
  }
  const connections = [connection(), connection()]
  const cancelled: string[] = []
  const clock = countingClock()
  const network = manualNetwork()
  const frames = hasFrames ? manualScheduler() : null
  const executed = new Map<string, number>()
  const working: Work[] = []
  const promises: Tracked[] = []
  const endings = createEndings()
  const cancels = createCancels()
  const reads: Stage['reads'] = []
  const notified: ChatSnapshot[] = []
  let ids = 0
  let names = 0
  let finished = 0

  const readLater = () =>
    new Promise<readonly UIMessage[]>((load, fail) =>
      reads.push({ load: () => load(stored === 'questions later' ? questions : conversation), fail: () => fail(new Error('no')) }),
    )
  const tools: readonly ClientTool[] = [
    { name: 'ask' },
    {
      name: 'look',
      needsApproval: ((input: { careful?: boolean }) => input.careful === true) as never,
      timeoutMs: 25_000,
      execute: (_, { toolCallId, signal, emit }) =>
        new Promise((end, fail) => {
          executed.set(toolCallId, (executed.get(toolCallId) ?? 0) + 1)
          working.push({ signal, end, fail, emit })
        }),
    },
  ]
  const heard: ChatCallbacks = { onFinish: () => finished++ }
  const chat = createChat({
    connection: connections[0]!,
    clock,
    scheduler: frames ?? syncScheduler,
    whileBusy,
    maxSteps: 2,
    random: () => 0.5,
    network,
    generateId: () => `id-${++ids}`,
    tools,
    initialMessages: { nothing: [], conversation, questions, 'conversation later': readLater, 'questions later': readLater }[stored],
    resume: resumes,
    ...heard,
  }) as unknown as Chat
  follow()

  const stage: Stage = {
    chat,
    connections,
    clock,
    frames,
    network,
    runs,
    delivered: new Map(),
    deliveredArguments: new Map(),
    reads,
    working,
    count: () => ++names,
    get counted() {
      return names
    },
    track(turnId, promise) {
      const tracked: Tracked = { turnId, outcome: null }
      promises.push(tracked)
      void promise.then(
        (result) => (tracked.outcome = (result as { outcome: string }).outcome),
        (error: unknown) => (tracked.outcome = `rejected: ${String(error)}`),
      )
    },
    nextId: () => `id-${ids + 1}`,
  }
  function follow() {
    endings.follow(chat.actor)
    cancels.follow(chat.actor)
  }
  function dispose() {
    chat.dispose()
    endings.lose()
  }
  const acts: Record<Step, () => unknown> = {
    ...userActs(stage),
    ...networkActs(stage),
    ...optionActs(stage, tools, heard),
    remount() {
      dispose()
      chat.attach()
      follow()
    },
  }
  // Nobody waits for a frame who does not listen.
  if (hasFrames) chat.subscribe(() => notified.push(chat.getSnapshot()))

  return {
    chat,
    clock,
    runs,
    delivered: stage.delivered,
    deliveredArguments: stage.deliveredArguments,
    promises,
    executed,
    working,
    endings,
    network,
    cancelled,
    cancels,
    notified,
    get finished() {
      return finished
    },
    get framesDue() {
      return frames?.due ?? 0
    },
    async act(step) {
      await acts[step]()
      await settled()
    },
    async dispose() {
      dispose()
      await settled()
    },
  }
}
