import { type ChatTool, type ClientToolOptions, type NeedsApproval, type Schema, toolDefinition, type ToolOptions } from '@statechat/core'

/** One call of a {@link manualTool}, ended by hand. It goes on after its signal was aborted, as rude ones do. */
interface ManualCall {
  readonly input: unknown
  readonly signal: AbortSignal
  emit(progress: unknown): void
  end(output: unknown): void
  fail(cause: unknown): void
}

export interface ManualTool {
  readonly tool: ChatTool
  /** Every call so far, oldest first. */
  readonly calls: readonly ManualCall[]
  /** The latest call; throws if there is none. */
  readonly call: ManualCall
}

type Options = Partial<Omit<ToolOptions<string, Schema, Schema>, 'needsApproval'>> & ClientToolOptions & { needsApproval?: NeedsApproval<any> }

/** A tool of the client whose calls a test ends by hand. */
export function manualTool(name: string, { timeoutMs, ...options }: Options = {}): ManualTool {
  const calls: ManualCall[] = []
  const execute = (input: unknown, { signal, emit }: { signal: AbortSignal; emit(progress: unknown): void }) =>
    new Promise((end, fail) => calls.push({ input, signal, emit, end, fail }))
  return {
    tool: toolDefinition({ name, ...options }).client(execute, { timeoutMs }),
    calls,
    get call() {
      const call = calls.at(-1)
      if (!call) throw new Error(`${name} was not called yet.`)
      return call
    },
  }
}
