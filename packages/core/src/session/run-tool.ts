import { messageOf } from '../errors.ts'
import type { UIMessage } from '../transcript/message.ts'
import { callIndex } from '../transcript/parts.ts'
import { issuesText, validate } from '../tool/schema.ts'
import type { ClientTool, NeedsApproval } from '../tool/tool.ts'
import type { ToolEvent, UserEvent } from './events.ts'
import type { ChatHost } from './host.ts'
import { clientTools } from './options.ts'
import { toContent } from './tool-content.ts'

export interface ToolInput {
  host: ChatHost
  toolCallId: string
}

export type Reported = ToolEvent | Extract<UserEvent, { type: 'tool.result' }>

/**
 * One call of a client tool: checks its input, asks whether a person has to agree, runs it once, checks its output.
 * Gives the function that aborts the tool; what it does afterwards is not heard.
 */
export function startCall(input: ToolInput, sendBack: (event: Reported) => void): () => void {
  const abort = new AbortController()
  const report = (event: Reported) => {
    if (!abort.signal.aborted) sendBack(event)
  }
  void perform(input, abort.signal, report).catch((cause: unknown) => report(failure(input.toolCallId, messageOf(cause))))
  return () => abort.abort()
}

async function perform({ host, toolCallId }: ToolInput, signal: AbortSignal, report: (event: Reported) => void): Promise<void> {
  const call = host.transcript.call(toolCallId)
  const tool = clientTools(host.options).find(({ name }) => name === call?.name)
  if (!call || !tool) return
  const { execute, inputSchema, outputSchema } = tool
  const fail = (error: string) => report(failure(toolCallId, error))

  const input = inputSchema ? await validate(inputSchema, call.input) : { value: call.input }
  if (signal.aborted) return
  if (input.issues) return fail(`Invalid input: ${issuesText(input.issues)}`)
  if (call.state === 'input-complete' && (await needsApproval(tool, input.value))) return report({ type: 'tool.asks', toolCallId })
  // Others answer with addToolResult().
  if (!execute) return
  const claim = !signal.aborted && (await host.claim(callKey(host.transcript.messageOf(toolCallId), toolCallId), signal))
  if (!claim || signal.aborted) return
  if (claim === 'left' || call.state === 'executing') return fail('The page was closed while this tool was running; what it did is not known.')

  report({ type: 'tool.started', toolCallId })
  const given: unknown = await execute(input.value, {
    signal,
    toolCallId,
    emit: (progress) => report({ type: 'tool.progressed', toolCallId, progress }),
  })
  const output = outputSchema && !signal.aborted ? await validate(outputSchema, given) : { value: given }
  if (signal.aborted) return
  if (output.issues) {
    const error = `The tool ${tool.name} gave what its output schema refuses: ${issuesText(output.issues)}`
    host.warn({ code: 'tool_failed', message: error, seen: given })
    return fail(error)
  }
  report({
    type: 'tool.result',
    result: { type: 'tool-result', toolCallId, content: toContent(output.value), state: 'complete' },
    output: output.value ?? null,
  })
}

/** What tells a call from every other of the conversation, in every tab: servers are known to use a call id again. */
const callKey = (message: UIMessage | undefined, id: string): string => (message ? `${message.id}/${callIndex(message, id)}` : id)

async function needsApproval({ needsApproval }: ClientTool, input: unknown): Promise<boolean> {
  return typeof needsApproval === 'function' ? await (needsApproval as Exclude<NeedsApproval<unknown>, boolean>)(input) : needsApproval === true
}

export const failure = (toolCallId: string, error: string): Extract<UserEvent, { type: 'tool.result' }> => ({
  type: 'tool.result',
  result: { type: 'tool-result', toolCallId, content: error, state: 'error', error },
})
