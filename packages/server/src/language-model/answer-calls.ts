import type { WireMessage, WireToolCall } from '@statechat/core/wire'
import type { ModelChunk } from '../adapter.ts'
import type { ProviderData, ToolCall, ToolInputStart, ToolPart, ToolResult } from './model.ts'
import { seal, type Seal, unseal } from './seal.ts'

interface Call {
  id: string
  name: string
  /** The arguments that were streamed; `undefined` where what streams is not JSON. */
  streamed: string | undefined
  input: string
  state: 'streaming' | 'called' | 'answered'
  seal: Seal
}

export interface AnswerCalls {
  accept(part: ToolPart): Iterable<ModelChunk>
  /** Whether there are calls for which the provider does not answer. */
  any(): boolean
}

interface CallsContext {
  messages: readonly WireMessage[]
  generateId: () => string
  /** Makes room for the next call, and returns the id of its wire message. */
  parentOfCall: () => Generator<ModelChunk, string, undefined>
}

/** Tool calls of one answer, and the results of those that the provider ran itself. */
export function answerCalls({ messages, generateId, parentOfCall }: CallsContext): AnswerCalls {
  /** By the provider's id; ours differs where that one is taken: some count from zero in every answer. */
  const calls = new Map<string, Call>()
  const earlier = new Map(
    messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : [])).map((call) => [call.id, call]),
  )
  const taken = new Set(earlier.keys())

  function newId(given: string): string {
    const id = given !== '' && !taken.has(given) ? given : `call_${generateId()}`
    taken.add(id)
    return id
  }

  function* start(given: string, part: ToolInputStart | ToolCall): Generator<ModelChunk, Call, undefined> {
    const isText = part.type === 'tool-input-start' && part.inputEncoding === 'text'
    const id = newId(given)
    const call: Call = { id, name: part.toolName, streamed: isText ? undefined : '', input: '', state: 'streaming', seal: {} }
    calls.set(given, call)
    const metadata = callMetadata(part)
    const parentMessageId = yield* parentOfCall()
    yield { type: 'TOOL_CALL_START', toolCallId: id, toolCallName: call.name, parentMessageId, ...(metadata && { metadata }) }
    return call
  }

  function* end(call: Call, part: ToolCall): Generator<ModelChunk, void, undefined> {
    const { streamed = '' } = call
    const rest = part.input.startsWith(streamed) ? part.input.slice(streamed.length) : ''
    call.state = 'called'
    call.input = part.input
    // Only some providers say it at the start already.
    const metadata = callMetadata(part)
    yield { type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta: rest }
    yield { type: 'TOOL_CALL_END', toolCallId: call.id, ...(metadata && { metadata }) }
    yield* sealed(call, {
      providerMetadata: part.providerMetadata ?? call.seal.providerMetadata,
      ...(part.providerExecuted && { providerExecuted: true }),
    })
  }

  function* answer(part: ToolResult): Generator<ModelChunk, void, undefined> {
    const call = calls.get(part.toolCallId) ?? earlierCall(earlier.get(part.toolCallId), part)
    const content = typeof part.result === 'string' ? part.result : (JSON.stringify(part.result) ?? 'null')
    if (part.preliminary) {
      yield { type: 'CUSTOM', name: 'tool-progress', value: { toolCallId: call.id, progress: part.result } }
      return
    }
    call.state = 'answered'
    yield {
      type: 'TOOL_CALL_RESULT',
      messageId: generateId(),
      toolCallId: call.id,
      content,
      ...(part.isError && { metadata: { error: content } }),
    }
    yield* sealed(call, { ...call.seal, providerExecuted: true, result: resultSeal(part.providerMetadata) })
  }

  return {
    *accept(part) {
      switch (part.type) {
        case 'tool-input-start': {
          const call = yield* start(part.id, part)
          call.seal = { providerMetadata: part.providerMetadata }
          break
        }
        case 'tool-input-delta': {
          const call = calls.get(part.id)
          if (call?.state !== 'streaming' || call.streamed === undefined) break
          call.streamed += part.delta
          yield { type: 'TOOL_CALL_ARGS', toolCallId: call.id, delta: part.delta }
          break
        }
        case 'tool-input-end': {
          const call = calls.get(part.id)
          if (call && part.providerMetadata) call.seal = { providerMetadata: part.providerMetadata }
          break
        }
        case 'tool-call': {
          const known = calls.get(part.toolCallId)
          yield* end(known?.state === 'streaming' ? known : yield* start(part.toolCallId, part), part)
          break
        }
        case 'tool-result':
          yield* answer(part)
          break
        case 'tool-approval-request': {
          const call = calls.get(part.toolCallId)
          if (!call) break
          const approval = { id: part.approvalId, needsApproval: true }
          yield* sealed(call, { ...call.seal, providerExecuted: true, approvalId: part.approvalId })
          yield {
            type: 'CUSTOM',
            name: 'approval-requested',
            value: { toolCallId: call.id, toolName: call.name, input: parsed(call.input), approval },
          }
          break
        }
      }
    },
    any: () => [...calls.values()].some((call) => !call.seal.providerExecuted),
  }
}

/** A result may come an answer later than its call. */
const earlierCall = (call: WireToolCall | undefined, { toolCallId, toolName }: ToolResult): Call => ({
  id: toolCallId,
  name: toolName,
  streamed: '',
  input: '',
  state: 'called',
  seal: unseal(call?.encryptedValue),
})

function* sealed(call: Call, value: Seal): Generator<ModelChunk, void, undefined> {
  call.seal = value
  if (value.providerMetadata || value.providerExecuted)
    yield { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'tool-call', entityId: call.id, encryptedValue: seal(value) }
}

const resultSeal = (providerMetadata: ProviderData | undefined): Seal['result'] => ({ ...(providerMetadata && { providerMetadata }) })

/** What a UI may want to know about a call. */
function callMetadata(part: ToolInputStart | ToolCall): Record<string, unknown> | undefined {
  const { providerExecuted, dynamic } = part
  const title = part.type === 'tool-input-start' ? part.title : undefined
  if (!providerExecuted && !dynamic && title === undefined) return undefined
  return { ...(providerExecuted && { providerExecuted }), ...(dynamic && { dynamic }), ...(title !== undefined && { title }) }
}

function parsed(json: string): unknown {
  try {
    return json.trim() === '' ? {} : JSON.parse(json)
  } catch {
    return {}
  }
}
