import { assertEvent } from 'xstate'
import type { ClientTool } from '../tool/tool.ts'
import { askForCall } from '../transcript/approval.ts'
import { executeCall, reportProgress } from '../transcript/tool-call.ts'
import { keepCalls } from './ledger-calls.ts'
import { clientTools } from './options.ts'
import { owedCalls } from './owed.ts'
import { failure } from './run-tool.ts'
import type { Args, Enqueueing } from './args.ts'

const toolActorId = (name: string, callId: string) => `tool:${name}:${callId}`

/** A tool of which nothing is known but its name waits for `addToolResult` by itself. */
const hasWork = ({ execute, needsApproval, inputSchema }: ClientTool) => execute !== undefined || needsApproval || inputSchema !== undefined

/** Each call of a tool that we know gets an actor of its own. */
export const startTools = ({ context, enqueue }: Enqueueing) => {
  const { host } = context
  const known = new Set(clientTools(host.options).flatMap((tool) => (hasWork(tool) ? tool.name : [])))
  const owed = owedCalls(context)
  const calls = owed.flatMap((id) => host.transcript.call(id) ?? [])
  const started = calls.filter(({ name, state }) => known.has(name) && state !== 'approval-requested')
  for (const { id, name } of started) enqueue.spawnChild('runTool', { id: toolActorId(name, id), input: { host, toolCallId: id } })
  enqueue.assign({ tools: started.map(({ id, name }) => toolActorId(name, id)), ledger: keepCalls(context.ledger, owed) })
}
export const tellCalls = ({ context }: Args) => {
  const { host } = context
  for (const id of owedCalls(context)) {
    const call = host.transcript.call(id)
    if (call?.state !== 'input-complete') continue
    host.tell('onToolCall', call)
    const { tools } = host.options
    if (!tools?.length || tools.some(({ name }) => name === call.name)) continue
    const message = `This client is to answer a call of ${call.name}, which is none of its \`tools\`. The turn waits for addToolResult({ toolCallId: ${JSON.stringify(id)}, … }).`
    host.warn({ code: 'unanswered_call', message, seen: call })
  }
}
/** A person agreed: the call that was asked for goes on. */
export const startTool = ({ context, event, enqueue }: Enqueueing) => {
  assertEvent(event, 'tool.approval')
  const { host, tools } = context
  const { toolCallId } = event
  const id = toolActorId(host.transcript.call(toolCallId)?.name ?? '', toolCallId)
  enqueue.stopChild(id)
  enqueue.spawnChild('runTool', { id, input: { host, toolCallId } })
  enqueue.assign({ tools: [...tools.filter((tool) => tool !== id), id] })
}
export const stopTools = ({ context, enqueue }: Enqueueing) => {
  for (const id of context.tools) {
    enqueue.stopChild(id)
    enqueue.cancel(id)
  }
  enqueue.assign({ tools: [] })
}
/** The call has its answer, whoever gave it. */
export const stopTool = ({ context, event, enqueue }: Enqueueing) => {
  assertEvent(event, 'tool.result')
  const { toolCallId } = event.result
  const id = toolActorId(context.host.transcript.call(toolCallId)?.name ?? '', toolCallId)
  if (!context.tools.includes(id)) return
  enqueue.stopChild(id)
  enqueue.cancel(id)
  enqueue.assign({ tools: context.tools.filter((tool) => tool !== id) })
}
export const writeTool = ({ context: { host }, event }: Args) => {
  assertEvent(event, ['tool.asks', 'tool.started', 'tool.progressed'])
  const { toolCallId: callId } = event
  host.transcript.edit({ callId }, (message) => {
    switch (event.type) {
      case 'tool.asks':
        return askForCall(message, callId)
      case 'tool.started':
        return executeCall(message, callId)
      case 'tool.progressed':
        return reportProgress(message, callId, event.progress)
    }
  })
}
export const limitTool = ({ context: { host }, event, enqueue }: Enqueueing) => {
  assertEvent(event, 'tool.started')
  const { toolCallId } = event
  const name = host.transcript.call(toolCallId)?.name ?? ''
  const delay = clientTools(host.options).find((tool) => tool.name === name)?.timeoutMs
  if (delay !== undefined) enqueue.raise({ type: 'tool.timedOut', toolCallId }, { delay, id: toolActorId(name, toolCallId) })
}
export const failTool = ({ event, enqueue }: Enqueueing) => {
  assertEvent(event, 'tool.timedOut')
  enqueue.raise(failure(event.toolCallId, 'The tool took too long and was aborted.'))
}
