import fc from 'fast-check'
import { createChat, type Chat } from '../src/chat.ts'
import { ChatError } from '../src/errors.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import type { WhileBusy } from '../src/session/options.ts'
import type { ToolCallPart, UIMessage } from '../src/transcript/message.ts'
import { syncScheduler } from '../src/view/scheduler.ts'
import { manualConnection, type ManualRun, settled, SimulatedClock, toolCall, toolResult } from '../testing/index.ts'
import { FINISHED, STARTED } from './chat-kit.ts'

const weights = {
  // A person
  send: 12,
  reload: 3,
  retry: 4,
  edit: 2,
  stop: 2,
  clear: 1,
  setMessages: 1,
  select: 2,
  resumeQueue: 3,
  unqueue: 1,
  answerTool: 8,
  approve: 4,
  deny: 2,
  answerQuestion: 3,
  // A tool of the client
  endTool: 6,
  failTool: 2,
  // The network
  text: 12,
  twoTexts: 4,
  think: 3,
  call: 5,
  cutCall: 2,
  result: 4,
  finish: 5,
  close: 4,
  drop: 2,
  fail: 1,
  serverError: 1,
  cursor: 3,
  late: 3,
  /** A call that the client is to answer, and the end of the run. */
  askClient: 6,
  /** Calls of a tool that runs here, one of them after a person agrees, and the end of the run. */
  askTools: 5,
  /** The server asks for an approval and for something else, and ends its run. */
  interrupt: 4,
  /** A run that can be resumed, and its drop. */
  dropResumable: 4,
  // The clock
  wait: 6,
} as const
export type Step = keyof typeof weights
const step = fc.oneof(...Object.entries(weights).map(([name, weight]) => ({ arbitrary: fc.constant(name as Step), weight })))
/** A connection that obeys its abort signal or one that does not, and what happens to it. */
export const setups = fc.record({
  ignoresAbort: fc.boolean(),
  whileBusy: fc.constantFrom<WhileBusy>('queue', 'queue', 'interrupt', 'drop'),
  steps: fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
})

/** A clock that knows what is scheduled on it. */
function countingClock() {
  const clock = new SimulatedClock()
  const due = new Set<unknown>()
  return {
    due,
    increment: (ms: number) => clock.increment(ms),
    setTimeout(task: () => void, ms: number): unknown {
      const id = clock.setTimeout(() => {
        due.delete(id)
        task()
      }, ms)
      due.add(id)
      return id
    },
    clearTimeout(id: unknown) {
      due.delete(id)
      clock.clearTimeout(id as never)
    },
  }
}

export interface World {
  chat: Chat
  clock: ReturnType<typeof countingClock>
  runs: readonly ManualRun[]
  act(step: Step): Promise<void>
  /** Text pushed to each run while it was the one being read. */
  delivered: Map<ManualRun, string>
  promises: { promise: Promise<unknown>; isSettled: boolean }[]
  /** Tools that run here: how often each call began, and which have not ended. */
  executed: ReadonlyMap<string, number>
  working: readonly { signal: AbortSignal }[]
}

/** A chat on which random steps are played; `delivered` remembers what was pushed. */
export function world({ ignoresAbort, whileBusy }: { ignoresAbort: boolean; whileBusy: WhileBusy }): World {
  const connection = manualConnection({ ignoresAbort })
  const clock = countingClock()
  let ids = 0
  const chat = createChat({
    connection,
    clock,
    scheduler: syncScheduler,
    whileBusy,
    maxSteps: 2,
    random: () => 0.5,
    generateId: () => `id-${++ids}`,
    tools: [
      { name: 'ask' },
      {
        name: 'look',
        needsApproval: ({ careful }: { careful?: boolean }) => careful === true,
        timeoutMs: 25_000,
        execute: (_, { toolCallId, signal, emit }) =>
          new Promise((end, fail) => {
            executed.set(toolCallId, (executed.get(toolCallId) ?? 0) + 1)
            working.push({ signal, end, fail, emit })
          }),
      },
    ],
  })
  const executed = new Map<string, number>()
  const working: { signal: AbortSignal; end: (output: unknown) => void; fail: (error: Error) => void; emit: (progress: unknown) => void }[] = []
  const delivered = new Map<ManualRun, string>()
  const closed = new Set<ManualRun>()
  const open = new Map<ManualRun, { text: string | null; calls: string[]; began: boolean }>()
  const promises: World['promises'] = []
  let names = 0

  function track(promise: Promise<unknown>) {
    const entry = { promise, isSettled: false }
    promises.push(entry)
    void promise.then(() => (entry.isSettled = true))
  }
  const live = () => {
    const run = connection.runs.at(-1)
    return run && !run.signal.aborted && !closed.has(run) ? run : undefined
  }
  const stateOf = (run: ManualRun) => {
    if (!open.has(run)) open.set(run, { text: null, calls: [], began: false })
    return open.get(run)!
  }
  async function push(run: ManualRun, ...chunks: Chunk[]) {
    const state = stateOf(run)
    const all = state.began ? chunks : [STARTED, ...chunks]
    state.began = true
    await run.push(...all)
  }
  async function write(content: string) {
    const run = live()
    if (!run) return
    const state = stateOf(run)
    const id = state.text ?? `text-${++names}`
    const start: Chunk[] = state.text === null ? [{ type: 'TEXT_MESSAGE_START', messageId: id }] : []
    state.text = id
    delivered.set(run, (delivered.get(run) ?? '') + content)
    await push(run, ...start, { type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta: content })
  }
  async function call(tool: string, input: unknown = { n: 1 }) {
    const run = live()
    if (!run) return undefined
    const id = `call-${++names}`
    stateOf(run).calls.push(id)
    await push(run, ...toolCall(id, tool, input))
    return id
  }
  async function finish(end: Chunk = FINISHED) {
    const run = live()
    if (!run) return
    stateOf(run).text = null
    await push(run, end)
    stateOf(run).began = false
  }
  const drop = () => end((run) => run.fail(new ChatError('network', 'The connection broke.')))
  async function end(how: (run: ManualRun) => Promise<void>) {
    const run = live()
    if (!run) return
    closed.add(run)
    await how(run)
  }
  const lastCall = (state: ToolCallPart['state']) =>
    last('assistant')?.parts.find((part) => part.type === 'tool-call' && part.state === state) as ToolCallPart | undefined
  const last = (role: UIMessage['role']) => chat.getSnapshot().messages.findLast((message) => message.role === role)

  const acts: Record<Step, () => unknown> = {
    send: () => track(chat.sendMessage(`Q${++names}`)),
    reload: () => track(chat.reload()),
    retry: () => track(chat.retry()),
    edit: () => track(chat.edit(last('user')?.id ?? 'nobody', `E${++names}`)),
    stop: () => chat.stop(),
    clear: () => chat.clear(),
    resumeQueue: () => chat.resumeQueue(),
    unqueue: () => chat.unqueue(chat.getSnapshot().queue[0]?.id ?? 'nobody'),
    setMessages: () => chat.setMessages((messages) => messages.slice(0, -1)),
    select() {
      const branches = chat.branches(last('assistant')?.id ?? 'nobody')
      if (branches[0]) chat.selectBranch(branches[0].id)
    },
    answerTool() {
      const call = lastCall('input-complete')
      if (call) chat.addToolResult({ toolCallId: call.id, output: 1 })
    },
    approve: () => chat.approve(lastCall('approval-requested')?.id ?? 'nobody', names % 2 ? {} : { editedInput: { n: 2 } }),
    deny: () => chat.deny(lastCall('approval-requested')?.id ?? 'nobody', 'no'),
    answerQuestion() {
      const id = chat.getSnapshot().interrupts[0]?.id ?? 'nobody'
      return names % 2 ? chat.resolveInterrupt(id, true) : chat.cancelInterrupt(id)
    },
    endTool() {
      const tool = working.shift()
      tool?.emit(0.5)
      tool?.end('seen')
    },
    failTool: () => working.shift()?.fail(new Error('no')),
    wait: () => clock.increment(10_000),
    text: () => write(`t${++names} `),
    async twoTexts() {
      await write(`t${++names} `)
      await write(`t${++names} `)
    },
    async think() {
      const run = live()
      if (run)
        await push(
          run,
          { type: 'REASONING_MESSAGE_START', messageId: `r${++names}`, role: 'reasoning' },
          { type: 'REASONING_MESSAGE_CONTENT', messageId: `r${names}`, delta: 'hm' },
        )
    },
    call: () => call(++names % 2 ? 'ask' : 'theirs'),
    async cutCall() {
      const run = live()
      if (run)
        await push(
          run,
          { type: 'TOOL_CALL_START', toolCallId: `cut-${++names}`, toolCallName: 'ask' },
          { type: 'TOOL_CALL_ARGS', toolCallId: `cut-${names}`, delta: '{"n":' },
        )
    },
    async result() {
      const run = live()
      const id = run && stateOf(run).calls.pop()
      if (run && id) await push(run, toolResult(id, 1))
    },
    finish: () => finish(),
    close: () => end((run) => run.close()),
    drop,
    async askClient() {
      await call('ask')
      await finish()
      await end((run) => run.close())
    },
    async askTools() {
      await call('look')
      await call('look', { careful: true })
      await finish()
      await end((run) => run.close())
    },
    async interrupt() {
      const toolCallId = await call('theirs')
      if (toolCallId === undefined) return
      const interrupts = [
        { id: `approval_${toolCallId}`, reason: 'tool_call', toolCallId },
        { id: `question-${++names}`, reason: 'confirmation' },
      ]
      await finish({ ...FINISHED, outcome: { type: 'interrupt', interrupts } } as Chunk)
      await end((run) => run.close())
    },
    async dropResumable() {
      live()?.context.onCursor(`cursor-${++names}`)
      await write(`t${++names} `)
      await drop()
    },
    fail: () => end((run) => run.fail(new ChatError('http', '500', { status: 500 }))),
    async serverError() {
      const run = live()
      if (run) await push(run, { type: 'RUN_ERROR', message: 'no' })
    },
    cursor: () => live()?.context.onCursor(`cursor-${++names}`),
    // A rude connection goes on talking after it was aborted.
    late: () =>
      connection.runs
        .filter(({ signal }) => signal.aborted)
        .at(-1)
        ?.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'late', delta: 'LATE' }),
  }
  return {
    chat,
    clock,
    runs: connection.runs,
    delivered,
    promises,
    executed,
    working,
    async act(step) {
      await acts[step]()
      await settled()
    },
  }
}
