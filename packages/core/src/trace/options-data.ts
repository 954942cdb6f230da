import { needsRestoring } from '../session/guards.ts'
import type { ChatHost } from '../session/host.ts'
import { maxSteps } from '../session/options.ts'
import type { ChatTool } from '../tool/tool.ts'
import type { TraceOptions, TraceTool } from './trace.ts'

/** The options as far as the machine's next step depends on them; no function of them, and nothing of the connection. */
export const toOptionsData = (host: ChatHost): TraceOptions => ({
  whileBusy: host.options.whileBusy ?? 'queue',
  maxSteps: maxSteps(host.options),
  tools: (host.options.tools ?? []).map(toToolData),
  structured: host.options.outputSchema !== undefined,
  joins: host.joins && 'join' in host.options.connection,
  restores: needsRestoring({ context: { host } } as never),
})

function toToolData(tool: ChatTool): TraceTool {
  const { name, side = 'client' } = tool
  if (tool.side === 'server') return { name, side, isActive: false }
  const { execute, needsApproval, inputSchema, timeoutMs } = tool
  const isActive = execute !== undefined || Boolean(needsApproval) || inputSchema !== undefined
  return { name, side, isActive, ...(timeoutMs !== undefined && { timeoutMs }) }
}

export const isSameOptions = (a: TraceOptions, b: TraceOptions): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Tools that are called as those were, and say nothing by themselves. */
export const fromToolsData = (tools: readonly TraceTool[]): ChatTool[] =>
  tools.map(({ name, side, isActive, timeoutMs }) =>
    side === 'server' ? { name, side } : { name, ...(isActive && { execute: () => undefined }), ...(timeoutMs !== undefined && { timeoutMs }) },
  )
