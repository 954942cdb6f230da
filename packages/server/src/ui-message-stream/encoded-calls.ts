import type { Custom, ToolCallArgs, ToolCallEnd, ToolCallResult, ToolCallStart } from '@statechat/core/wire'
import { isObject } from '../shape.ts'
import { type Encoding, providerMetadataOf, type UiChunk } from './encoding.ts'

interface Call {
  name: string
  args: string
  metadata: Record<string, unknown>
  sealed: Record<string, unknown> | undefined
}

/** Tool calls: their input, the question whether they may run, and their results. */
export function createEncodedCalls({ push, openStep, noteAnswer }: Encoding) {
  const calls = new Map<string, Call>()
  const asked = new Set<string>()
  /** An input or a result waits for the next chunk: the value that a provider seals after it belongs to it. */
  let held: { id: string; chunk: UiChunk; metadata: Record<string, unknown> | undefined; sealed?: Record<string, unknown> | undefined } | undefined

  const release = () => {
    if (held === undefined) return
    const { chunk, metadata, sealed } = held
    held = undefined
    push({ ...chunk, providerMetadata: providerMetadataOf(metadata, sealed) })
  }

  const start = (id: string, name: string, metadata: Record<string, unknown> = {}, parent?: string) => {
    openStep(parent)
    calls.set(id, { name, args: '', metadata, sealed: undefined })
    push({ type: 'tool-input-start', toolCallId: id, toolName: name, ...about(metadata), providerMetadata: providerMetadataOf(metadata) })
  }

  const end = ({ toolCallId: id, metadata }: Pick<ToolCallEnd, 'toolCallId' | 'metadata'>) => {
    const call = calls.get(id)
    // What broke off is not the input: such a call stays as it is.
    if (call === undefined || metadata?.['incomplete'] === true) return
    call.metadata = { ...call.metadata, ...metadata }
    const common = { toolCallId: id, toolName: call.name, ...about(call.metadata) }
    const input = parsed(call.args.trim() === '' ? '{}' : call.args)
    const chunk =
      input === undefined
        ? { type: 'tool-input-error', ...common, input: call.args, errorText: `The arguments of ${call.name} are not valid JSON.` }
        : { type: 'tool-input-available', ...common, input: input.value }
    held = { id, chunk, metadata: call.metadata, sealed: call.sealed }
  }

  const result = ({ toolCallId, content, metadata }: ToolCallResult) => {
    const common = { toolCallId, ...about(metadata ?? {}) }
    const error = metadata?.error
    noteAnswer()
    if (metadata?.['denied'] === true) return push({ type: 'tool-output-denied', toolCallId })
    const chunk =
      typeof error === 'string'
        ? { type: 'tool-output-error', ...common, errorText: error }
        : { type: 'tool-output-available', ...common, output: typeof content === 'string' ? (parsed(content) ?? { value: content }).value : content }
    held = { id: toolCallId, chunk, metadata }
  }

  /** Once for each call, however often it is said. */
  const ask = (approvalId: string, toolCallId: string, reason: string | undefined, more?: unknown) => {
    release()
    if (asked.has(toolCallId)) return
    asked.add(toolCallId)
    const { signature, descriptor, requestReason } = isObject(more) ? more : {}
    push({ type: 'tool-approval-request', approvalId, toolCallId, approvalDescriptor: descriptor, reason: reason ?? requestReason, signature })
  }

  return {
    accept(chunk: ToolCallStart | ToolCallArgs | ToolCallEnd | ToolCallResult): void {
      switch (chunk.type) {
        case 'TOOL_CALL_START':
          return start(chunk.toolCallId, chunk.toolCallName, chunk.metadata, chunk.parentMessageId)
        case 'TOOL_CALL_ARGS': {
          const call = calls.get(chunk.toolCallId)
          if (call === undefined) return
          call.args += chunk.delta
          return push({ type: 'tool-input-delta', toolCallId: chunk.toolCallId, inputTextDelta: chunk.delta })
        }
        case 'TOOL_CALL_END':
          return end(chunk)
        case 'TOOL_CALL_RESULT':
          return result(chunk)
      }
    },
    /** CUSTOM events that are about a call: whether it was one. */
    acceptCustom({ name, value, metadata }: Custom): boolean {
      if (!isObject(value) || typeof value['toolCallId'] !== 'string') return false
      const { toolCallId, toolName, input, approval, progress } = value
      if (name === 'tool-progress') {
        push({ type: 'tool-output-available', toolCallId, output: progress ?? null, preliminary: true })
        return true
      }
      if (name !== 'approval-requested' || !isObject(approval) || typeof approval['id'] !== 'string') return false
      if (!calls.has(toolCallId) && typeof toolName === 'string') {
        start(toolCallId, toolName)
        calls.get(toolCallId)!.args = JSON.stringify(input) ?? ''
        end({ toolCallId })
      }
      ask(approval['id'], toolCallId, undefined, metadata?.['approval'])
      return true
    },
    ask,
    seal(id: string, value: string): void {
      const sealed = { encryptedValue: value }
      const call = calls.get(id)
      if (held?.id === id) held.sealed = sealed
      else if (call) call.sealed = sealed
    },
    release,
  }
}

/** Fields of a call that have a place in each of its chunks. */
function about({ dynamic, title, providerExecuted, toolMetadata }: Record<string, unknown>) {
  return { dynamic, title, providerExecuted, toolMetadata }
}

function parsed(json: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(json) as unknown }
  } catch {
    return undefined
  }
}
