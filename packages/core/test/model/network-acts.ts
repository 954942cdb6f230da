import { ChatError } from '../../src/errors.ts'
import type { Chunk } from '../../src/protocol/chunk.ts'
import { type ManualRun, toolCall, toolResult } from '../../testing/index.ts'
import { FINISHED, STARTED } from '../chat-kit.ts'
import type { Stage } from './stage.ts'

/** What the server says and what the network does. */
export function networkActs(stage: Stage) {
  const { runs, delivered, deliveredArguments, network, count } = stage
  const closed = new Set<ManualRun>()
  /** Calls of which the arguments are not whole, by the id of the run. */
  const cut = new Map<string, string>()
  const open = new Map<ManualRun, { text: string | null; calls: string[]; began: boolean }>()

  /** What the chat calls a run that was found; a connection that rejoins it is told the server's id. */
  const names = new Map<string, string>()
  const idOf = ({ context: { runId } }: ManualRun) => names.get(runId) ?? runId
  /** Runs of which a chunk came. */
  const begun = new Set<ManualRun>()

  const live = () => {
    const run = runs.at(-1)
    return run && !run.signal.aborted && !closed.has(run) ? run : undefined
  }
  const stateOf = (run: ManualRun) => {
    if (!open.has(run)) open.set(run, { text: null, calls: [], began: false })
    return open.get(run)!
  }
  const isLooking = (run: ManualRun | undefined): run is ManualRun => run?.kind === 'join' && !begun.has(run) && run.context.cursor === undefined
  async function push(run: ManualRun, ...chunks: Chunk[]) {
    const state = stateOf(run)
    const all = state.began ? chunks : [STARTED, ...chunks]
    state.began = true
    begun.add(run)
    await run.push(...all)
  }
  async function write(content: string) {
    const run = live()
    if (!run) return
    const state = stateOf(run)
    const id = state.text ?? `text-${count()}`
    const start: Chunk[] = state.text === null ? [{ type: 'TEXT_MESSAGE_START', messageId: id }] : []
    state.text = id
    delivered.set(idOf(run), (delivered.get(idOf(run)) ?? '') + content)
    await push(run, ...start, { type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta: content })
  }
  async function call(tool: string, input: unknown = { n: 1 }) {
    const run = live()
    if (!run) return undefined
    const id = `call-${count()}`
    stateOf(run).calls.push(id)
    deliveredArguments.set(id, JSON.stringify(input))
    await push(run, ...toolCall(id, tool, input))
    return id
  }
  async function finish(end: Chunk = FINISHED) {
    const run = live()
    if (!run) return
    stateOf(run).text = null
    cut.delete(idOf(run))
    await push(run, end)
    stateOf(run).began = false
  }
  async function end(how: (run: ManualRun) => Promise<void>) {
    const run = live()
    if (!run) return
    closed.add(run)
    await how(run)
  }
  /** Some questions have an end: two or three waits from now. */
  const expiry = () => (count() % 2 ? { expiresAt: new Date(Date.now() + 25_000).toISOString() } : {})
  const drop = () => end((run) => run.fail(new ChatError('network', 'The connection broke.')))
  const close = () => end((run) => run.close())

  return {
    text: () => write(`t${count()} `),
    async twoTexts() {
      await write(`t${count()} `)
      await write(`t${count()} `)
    },
    async think() {
      const run = live()
      const messageId = `r${count()}`
      if (run)
        await push(
          run,
          { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
          { type: 'REASONING_MESSAGE_CONTENT', messageId, delta: 'hm' },
        )
    },
    call: () => call(count() % 2 ? 'ask' : 'theirs'),
    async cutCall() {
      const run = live()
      const toolCallId = `cut-${count()}`
      if (!run) return
      cut.set(idOf(run), toolCallId)
      deliveredArguments.set(toolCallId, '{"n":')
      await push(run, { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'ask' }, { type: 'TOOL_CALL_ARGS', toolCallId, delta: '{"n":' })
    },
    /** Perhaps on another connection than its beginning. */
    async endCall() {
      const run = live()
      const toolCallId = run && cut.get(idOf(run))
      if (toolCallId === undefined) return
      cut.delete(idOf(run!))
      deliveredArguments.set(toolCallId, '{"n":1}')
      await push(run!, { type: 'TOOL_CALL_ARGS', toolCallId, delta: '1}' }, { type: 'TOOL_CALL_END', toolCallId })
    },
    async result() {
      const run = live()
      const id = run && stateOf(run).calls.pop()
      if (run && id) await push(run, toolResult(id, 1))
    },
    finish: () => finish(),
    close,
    drop,
    async askClient() {
      await call('ask')
      await finish()
      await close()
    },
    async askTools() {
      await call('look')
      await call('look', { careful: true })
      await finish()
      await close()
    },
    async cancelled() {
      await finish({ ...FINISHED, outcome: { type: 'cancelled' } } as Chunk)
      await close()
    },
    async interrupt() {
      const toolCallId = await call('theirs')
      if (toolCallId === undefined) return
      const interrupts = [
        { id: `approval_${toolCallId}`, reason: 'tool_call', toolCallId, ...expiry() },
        { id: `question-${count()}`, reason: 'confirmation', ...expiry() },
      ]
      await finish({ ...FINISHED, outcome: { type: 'interrupt', interrupts } } as Chunk)
      await close()
    },
    async dropResumable() {
      live()?.context.onCursor(`cursor-${count()}`)
      await write(`t${count()} `)
      await drop()
    },
    start() {
      const run = live()
      if (run && !begun.has(run) && run.context.cursor === undefined) run.context.onCursor('')
    },
    offline: () => network.tell('network.offline'),
    online: () => network.tell('network.online'),
    visible: () => network.tell('page.visible'),
    async lookInVain() {
      if (isLooking(live())) await drop()
    },
    async replay() {
      const run = live()
      if (!isLooking(run)) return
      const runId = `theirs-${count()}`
      names.set(runId, run.context.runId)
      run.context.onJoin?.({ runId, isReplay: true })
      await write(`t${count()} `)
    },
    async caughtUp() {
      live()?.context.onCaughtUp?.()
      await write(`t${count()} `)
    },
    fail: () => end((run) => run.fail(new ChatError('http', '500', { status: 500 }))),
    async serverError() {
      const run = live()
      if (run) await push(run, { type: 'RUN_ERROR', message: 'no' })
    },
    cursor: () => live()?.context.onCursor(`cursor-${count()}`),
    /** A rude connection goes on talking after it was aborted. */
    late: () =>
      runs
        .filter(({ signal }) => signal.aborted)
        .at(-1)
        ?.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'late', delta: 'LATE' }),
  }
}
