import type { Chunk, ToolCallResult, ToolContext, WireToolCall } from '@statechat/core/wire'
import { ABORTED } from '../abortable.ts'
import type { CallOutcome } from './run-call.ts'

/** A call, and how to run it. `run` never rejects. */
export interface CallTask {
  call: WireToolCall
  run(context: ToolContext): CallOutcome | Promise<CallOutcome>
}

/** A call that somebody else has to answer, or agree to. */
export interface WaitingCall {
  call: WireToolCall
  for: 'client' | 'approval'
  input: unknown
}

/**
 * Runs calls in parallel: progress and results come in the order in which they are ready, the waiting calls in that of the calls.
 * An abort ends it at once; a tool that ignores its signal is not waited for.
 */
export async function* runCalls(
  tasks: readonly CallTask[],
  { signal, generateId }: { signal: AbortSignal; generateId: () => string },
): AsyncGenerator<Chunk, WaitingCall[] | typeof ABORTED, undefined> {
  const ready: Chunk[] = []
  const waiting: (WaitingCall | undefined)[] = tasks.map(() => undefined)
  let running = tasks.length
  let wake = () => {}
  const onAbort = () => wake()

  async function start({ call, run }: CallTask, index: number): Promise<void> {
    const { id: toolCallId } = call
    let isOver = false
    const emit = (progress: unknown) => {
      // Checked here, where the tool's own stack is; a copy, since a tool may go on to change it.
      const value: unknown = JSON.parse(JSON.stringify(progress ?? null))
      if (isOver) return
      ready.push({ type: 'CUSTOM', name: 'tool-progress', value: { toolCallId, progress: value } })
      wake()
    }
    const outcome = await run({ signal, toolCallId, emit })
    isOver = true
    running -= 1
    if (outcome.type === 'answered' || outcome.type === 'failed') ready.push(resultOf(toolCallId, generateId(), outcome))
    else waiting[index] = { call, for: outcome.type === 'needs-approval' ? 'approval' : 'client', input: outcome.input }
    wake()
  }

  signal.addEventListener('abort', onAbort)
  try {
    if (!signal.aborted) tasks.forEach((task, index) => void start(task, index))
    for (;;) {
      if (signal.aborted) return ABORTED
      const chunk = ready.shift()
      if (chunk) yield chunk
      else if (running === 0) return waiting.filter((call) => call !== undefined)
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A failed call says why twice: in the content for the model, in the metadata for the client, which also learns that a person refused. */
function resultOf(
  toolCallId: string,
  messageId: string,
  outcome: { content: string } | { error: string; denied?: true | undefined },
): ToolCallResult {
  const base = { type: 'TOOL_CALL_RESULT', messageId, toolCallId, role: 'tool' } as const
  if ('content' in outcome) return { ...base, content: outcome.content }
  const { error, denied } = outcome
  return { ...base, content: error, metadata: { error, ...(denied && { denied }) } }
}
