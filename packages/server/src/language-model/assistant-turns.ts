import type { WireMessage, WireToolCall } from '@statechat/core/wire'
import type { Version } from './model.ts'
import type { FileReader } from './prompt-file.ts'
import type { ApprovalResponsePart, AssistantPart, PromptMessage, ToolResultPart } from './prompt-part.ts'
import { optionsIn, saidIn, type Seal, unseal, withOptions } from './seal.ts'
import { textsOf } from './sealed-texts.ts'
import { toolOutput } from './tool-output.ts'
import { answerOf } from './wire-ids.ts'

type Wire<R extends WireMessage['role']> = Extract<WireMessage, { role: R }>

/** One answer of the model, and the results of its calls. */
interface Turn {
  answer: string
  content: AssistantPart[]
  results: (ToolResultPart | ApprovalResponsePart)[]
  options: ReturnType<typeof withOptions>
}

/** What depends on the model that reads the prompt. */
export interface PromptContext {
  files: FileReader
  version: Version
}

export interface AssistantTurns {
  /** Adds to the turn; returns the one before if this is another. */
  say(message: Wire<'reasoning' | 'assistant'>): Promise<PromptMessage[]>
  answer(message: Wire<'tool'>): Promise<void>
  /** The turn so far, which is over. */
  end(): PromptMessage[]
}

/** Gathers the wire messages of each answer: its thoughts, texts and calls in their order, then all results. */
export function assistantTurns({ files, version }: PromptContext): AssistantTurns {
  let turn: Turn | undefined
  const calls = new Map<string, { name: string; seal: Seal; call: WireToolCall }>()

  function end(): PromptMessage[] {
    if (turn === undefined) return []
    const { content, results, options } = turn
    turn = undefined
    // A thought alone is no answer: it was cut off before there was one, and providers refuse it unsigned.
    if (!content.some((part) => part.type !== 'reasoning' || part.providerOptions)) return []
    const assistant: PromptMessage = { role: 'assistant', content, ...options }
    return results.length === 0 ? [assistant] : [assistant, { role: 'tool', content: results }]
  }

  /** A turn goes on until somebody else spoke, or a result came; the messages of one answer belong together all the same. */
  function turnOf(id: string): { before: PromptMessage[]; to: Turn } {
    const answer = answerOf(id)
    const isAnother = turn !== undefined && turn.answer !== answer && turn.results.length > 0
    const before = isAnother ? end() : []
    turn ??= { answer, content: [], results: [], options: {} }
    turn.answer = answer
    return { before, to: turn }
  }

  return {
    async say(message) {
      const { before, to } = turnOf(message.id)
      const sealed = sealOf(message)
      if (message.role === 'reasoning') {
        const options = withOptions(sealed.providerMetadata, optionsIn(message.metadata))
        if (sealed.kind === undefined) to.content.push({ type: 'reasoning', text: message.content, ...options })
        else if (version === 'v4') to.content.push({ type: 'custom', kind: sealed.kind, ...options })
        return before
      }
      to.content.push(...textsOf(message.content ?? '', sealed))
      for (const call of message.toolCalls ?? []) {
        const seal = sealOf(call)
        calls.set(call.id, { name: call.function.name, seal, call })
        to.content.push(toolCall(call, seal))
      }
      to.options = withOptions(to.options.providerOptions, optionsIn(message.metadata))
      return before
    },
    async answer(message) {
      const known = calls.get(message.toolCallId)
      if (turn === undefined || known === undefined) return
      const { name, seal } = known
      if (seal.approvalId !== undefined && !seal.result) {
        turn.results.push(approvalResponse(seal.approvalId, known.call, message))
        return
      }
      // A provider that has not answered yet will; the error that stands in for its answer would only confuse it.
      if (seal.providerExecuted && !seal.result && message.error !== undefined) return
      const result: ToolResultPart = {
        type: 'tool-result',
        toolCallId: message.toolCallId,
        toolName: name,
        output: await toolOutput(message, { files, isProviders: seal.providerExecuted === true }),
        ...withOptions(seal.result ? seal.result.providerMetadata : seal.providerMetadata, optionsIn(message.metadata)),
      }
      if (seal.providerExecuted) turn.content.push(result)
      else turn.results.push(result)
    },
    end,
  }
}

/** Other servers say the same in the open. */
function sealOf({ encryptedValue, metadata }: Pick<WireMessage, 'encryptedValue' | 'metadata'>): Seal {
  const seal = unseal(encryptedValue)
  const providerExecuted = seal.providerExecuted || metadata?.['providerExecuted'] === true
  return { ...seal, providerExecuted, providerMetadata: seal.providerMetadata ?? saidIn(metadata) }
}

const toolCall = ({ id, function: called, metadata }: WireToolCall, { providerExecuted, providerMetadata }: Seal): AssistantPart => ({
  type: 'tool-call',
  toolCallId: id,
  toolName: called.name,
  input: inputOf(called.arguments),
  ...(providerExecuted && { providerExecuted }),
  ...withOptions(providerMetadata, optionsIn(metadata)),
})

/** Providers want a value. Arguments that broke off have none. */
function inputOf(json: string): unknown {
  try {
    return json.trim() === '' ? {} : JSON.parse(json)
  } catch {
    return {}
  }
}

/** Only a clear yes is one. */
function approvalResponse(approvalId: string, { metadata }: WireToolCall, { error }: Wire<'tool'>): ApprovalResponsePart {
  const approval = metadata?.['approval'] as { approved?: unknown; reason?: unknown } | undefined
  if (approval?.approved === true) return { type: 'tool-approval-response', approvalId, approved: true }
  const reason = typeof approval?.reason === 'string' ? approval.reason : error
  return { type: 'tool-approval-response', approvalId, approved: false, ...(reason !== undefined && { reason }) }
}
