import { onTestFinished, vi } from 'vitest'
import type { Chat, ChatOptions } from '../src/chat.ts'
import { createChat } from '../src/create-chat.ts'
import { show } from '../src/session/test-kit.ts'
import { syncScheduler } from '../src/view/scheduler.ts'
import { manualConnection, type ManualConnection, type ManualConnectionOptions, settled, SimulatedClock, text } from '../testing/index.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import { manualNetwork, type ManualNetwork } from './model/manual-network.ts'

export { show, user, assistant } from '../src/session/test-kit.ts'

export const STARTED: Chunk = { type: 'RUN_STARTED', threadId: 'thread', runId: 'run' }
export const FINISHED: Chunk = { type: 'RUN_FINISHED', threadId: 'thread', runId: 'run' }
export const delta = (messageId: string, content: string): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: content })
export const opening = (messageId: string, ...deltas: string[]): Chunk[] => [STARTED, ...text(messageId, ...deltas).slice(0, -1)]

export interface ChatTest {
  chat: Chat
  connection: ManualConnection
  clock: SimulatedClock
  network: ManualNetwork
  /** Callbacks of the user, in order, each with the status at that time. */
  log: string[]
  /** What a person sees: `Q1 A1…`. */
  shown(): string
  /** `status/phase`. */
  where(): string
  /** Sends, and waits until the request is out. */
  ask(question: string): Promise<void>
  /** Pushes a whole answer, closed. */
  answer(messageId: string, ...deltas: string[]): Promise<void>
}

/** A chat on a connection pushed by hand, on a simulated clock, shown at once; disposed of after the test. */
export function chatTest({ ignoresAbort = false, joins, cancels, ...options }: Partial<ChatOptions> & ManualConnectionOptions = {}): ChatTest {
  const connection = manualConnection({ ignoresAbort, joins, cancels })
  const network = manualNetwork()
  const clock = new SimulatedClock()
  const log: string[] = []
  let ids = 0
  const note = (what: string) => log.push(`${what} (${chat.getSnapshot().status})`)
  const chat: Chat = createChat({
    connection,
    clock: clock as never,
    network,
    scheduler: syncScheduler,
    random: () => 0.5,
    generateId: () => `id-${++ids}`,
    onFinish: (message) => note(`onFinish ${message ? show([message]) : 'nothing'}`),
    onError: ({ code }) => note(`onError ${code}`),
    onWarning: ({ code }) => note(`onWarning ${code}`),
    ...options,
  })
  onTestFinished(() => chat.dispose())
  return {
    chat,
    connection,
    clock,
    network,
    log,
    shown: () => show(chat.getSnapshot().messages),
    where() {
      const { status, phase } = chat.getSnapshot()
      return phase === null ? status : `${status}/${phase}`
    },
    async ask(question) {
      void chat.sendMessage({ content: question, id: question })
      await settled()
    },
    async answer(messageId, ...deltas) {
      await connection.run.push(STARTED, ...text(messageId, ...deltas), FINISHED)
      await connection.run.close()
    },
  }
}

/** Whether a promise has settled by now. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void promise.then(
    () => (isDone = true),
    () => (isDone = true),
  )
  await settled()
  return isDone
}

/** Macrotasks started from here on wait until `run()`; what they throw is collected, as `window.onerror` would. */
export function macrotasks(): { readonly due: number; run(): unknown[] } {
  let tasks: (() => void)[] = []
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((task: () => void) => tasks.push(task)) as never)
  onTestFinished(() => spy.mockRestore())
  return {
    get due() {
      return tasks.length
    },
    run() {
      const thrown: unknown[] = []
      const now = tasks
      tasks = []
      for (const task of now) {
        try {
          task()
        } catch (error) {
          thrown.push(error)
        }
      }
      return thrown
    },
  }
}
