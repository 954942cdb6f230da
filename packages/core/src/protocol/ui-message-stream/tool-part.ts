import { isObject } from '../../json.ts'
import type { Metadata } from '../chunk.ts'
import type { ToolCallPart, ToolResultPart } from '../../transcript/message.ts'
import type { AiSdkApproval, AiSdkToolPart } from './ai-sdk-message.ts'
import { defined, fromProviderMetadata, providerMetadataIn, toProviderMetadata } from './provider-metadata.ts'

const CANCELLED = 'The call was cancelled before it had a result.'
const DENIED = 'The user denied this call.'

/** Metadata of a call that their part has fields for. */
const PLACED = ['dynamic', 'title', 'toolMetadata', 'providerExecuted', 'inputEncoding', 'rawInput', 'approval']

/** A call of ours and its answer, if it has one, as their one tool part. */
export function toToolPart(call: ToolCallPart, answer: ToolResultPart | undefined): AiSdkToolPart {
  const { metadata = {}, encryptedValue } = call
  const said = answer?.metadata ?? {}
  return defined<AiSdkToolPart>({
    type: metadata['dynamic'] === true ? 'dynamic-tool' : `tool-${call.name}`,
    toolName: metadata['dynamic'] === true ? call.name : undefined,
    toolCallId: call.id,
    ...stateOf(call, answer),
    approval: approvalOf(call),
    title: metadata['title'] as string | undefined,
    toolMetadata: (said['toolMetadata'] ?? metadata['toolMetadata']) as Metadata | undefined,
    providerExecuted: (said['providerExecuted'] ?? metadata['providerExecuted']) as boolean | undefined,
    callProviderMetadata: toProviderMetadata(metadata, { placed: PLACED, encryptedValue }),
    resultProviderMetadata: providerMetadataIn(said),
  })
}

type State = Pick<AiSdkToolPart, 'state' | 'input' | 'output' | 'errorText' | 'rawInput' | 'preliminary' | 'inputEncoding'>

function stateOf(call: ToolCallPart, answer: ToolResultPart | undefined): State {
  const { input } = call
  switch (call.state) {
    case 'awaiting-input':
    case 'input-streaming':
      return streaming(call)
    case 'input-complete':
    case 'executing':
      // Their word for progress is a result that is preliminary.
      if (call.progress !== undefined) return { state: 'output-available', input, output: call.progress, preliminary: true }
      return { state: 'input-available', input }
    case 'approval-requested':
    case 'approval-responded':
      return { state: call.state, input }
    case 'complete':
      return {
        state: 'output-available',
        input,
        output: call.output ?? null,
        ...(answer?.metadata?.['preliminary'] === true && { preliminary: true }),
      }
    case 'error':
      if (call.approval?.approved === false) return { state: 'output-denied', input }
      return {
        state: 'output-error',
        input: input === undefined ? unreadable(call) : input,
        rawInput: call.metadata?.['rawInput'],
        errorText: call.error,
      }
    case 'cancelled':
      // Answered: the server has heard of the denial. Else it goes to the server with this request.
      if (call.approval?.approved === false) return { state: answer ? 'output-denied' : 'approval-responded', input }
      // What broke off is nothing that a model should see; what is whole must have an answer.
      return input === undefined ? streaming(call) : { state: 'output-error', input, errorText: call.error ?? CANCELLED }
  }
}

function streaming({ input, arguments: args, metadata }: ToolCallPart): State {
  const inputEncoding = metadata?.['inputEncoding'] as 'json' | 'text' | undefined
  return { state: 'input-streaming', input, ...(args !== '' && { rawInput: args }), ...(inputEncoding && { inputEncoding }) }
}

/** Arguments that are no JSON: their form of a failed call has them as its input. */
function unreadable({ arguments: args }: ToolCallPart): string | undefined {
  return args === '' || isJson(args) ? undefined : args
}

function approvalOf({ approval, metadata }: ToolCallPart): AiSdkApproval | undefined {
  if (approval === undefined) return undefined
  const more = isObject(metadata?.['approval']) ? metadata['approval'] : {}
  return defined<AiSdkApproval>({ ...more, id: approval.id, approved: approval.approved, reason: approval.reason })
}

/** Their tool part as our call and, if there is an answer, our result; `step` is the wire message that it belongs to. */
export function fromToolPart(part: AiSdkToolPart, step: string | undefined): (ToolCallPart | ToolResultPart)[] {
  const { toolCallId: id, type, toolName, title, toolMetadata, providerExecuted, inputEncoding, rawInput, approval } = part
  const { id: _, approved, reason, ...more } = approval ?? {}
  // What is settled, the server knows of.
  const isDelivered = part.state.startsWith('output-') ? true : undefined
  const { metadata, sealed } = fromProviderMetadata(part.callProviderMetadata, {
    dynamic: type === 'dynamic-tool' ? true : undefined,
    title,
    toolMetadata,
    providerExecuted,
    inputEncoding: part.state === 'input-streaming' ? inputEncoding : undefined,
    rawInput: part.state === 'output-error' ? rawInput : undefined,
    approval: Object.keys(more).length > 0 ? more : undefined,
  })
  // A provider may seal a call with its result.
  const said = fromProviderMetadata(part.resultProviderMetadata)
  const base = {
    type: 'tool-call' as const,
    id,
    name: type === 'dynamic-tool' ? (toolName ?? '') : type.slice('tool-'.length),
    arguments: argumentsOf(part),
    ...(approval && { approval: defined({ id: approval.id, needsApproval: true, approved, reason, askedBy: 'server' as const, isDelivered }) }),
    ...(step !== undefined && { messageId: step }),
    ...sealed,
    ...said.sealed,
    ...(metadata && { metadata }),
  }
  const result = { type: 'tool-result' as const, toolCallId: id, ...(said.metadata && { metadata: said.metadata }) }
  const { input, output = null, errorText = '' } = part

  switch (part.state) {
    case 'input-streaming':
      return [base.arguments === '' && input === undefined ? { ...base, state: 'awaiting-input' } : { ...base, state: 'input-streaming', input }]
    case 'input-available':
      return [{ ...base, state: 'input-complete', input }]
    case 'approval-requested':
      return [{ ...base, state: 'approval-requested', input }]
    case 'approval-responded':
      return [approved === false ? { ...base, state: 'cancelled', input, error: reason ?? DENIED } : { ...base, state: 'approval-responded', input }]
    case 'output-available':
      if (part.preliminary === true) return [{ ...base, state: 'input-complete', input, progress: output }]
      return [
        { ...base, state: 'complete', input, output },
        { ...result, state: 'complete', content: toContent(output) },
      ]
    case 'output-error':
      return [
        { ...base, state: 'error', error: errorText, ...(input !== undefined && !isUnreadable(part) && { input }) },
        { ...result, state: 'error', content: errorText, error: errorText },
      ]
    case 'output-denied':
      return [
        { ...base, state: 'cancelled', input, error: reason ?? DENIED },
        { ...result, state: 'error', content: reason ?? DENIED, error: reason ?? DENIED },
      ]
  }
}

function argumentsOf(part: AiSdkToolPart): string {
  if (part.state === 'input-streaming') return typeof part.rawInput === 'string' ? part.rawInput : ''
  if (isUnreadable(part)) return part.input as string
  return JSON.stringify(part.input) ?? ''
}

const isUnreadable = ({ state, input }: AiSdkToolPart): boolean =>
  state === 'output-error' && typeof input === 'string' && input !== '' && !isJson(input)

/** A result as text that says, parsed where it can be parsed, exactly `output`. */
export function toContent(output: unknown): string {
  return typeof output === 'string' && !isJson(output) ? output : (JSON.stringify(output) ?? 'null')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
