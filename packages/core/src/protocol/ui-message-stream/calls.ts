import type { WarningSink } from '../../errors.ts'
import type { Chunk, Metadata, ToolCallEnd } from '../chunk.ts'
import type { Order } from '../order.ts'
import type { UiChunk } from './known-chunks.ts'
import { defined } from './provider-metadata.ts'
import type { Steps } from './steps.ts'
import { toContent } from './tool-part.ts'

interface Call {
  name: string
  step: string | undefined
  /** Arguments as they streamed in. */
  streamed: string
  /** Input that is no JSON comes whole, at its end. */
  isText: boolean
  isOpen: boolean
  input: unknown
  /** Somebody else than the client answers it. */
  isServers: boolean
  isAsked: boolean
  isAnswered: boolean
}

const DENIED = 'The call was denied.'

/** Tool calls: their input, the question whether they may run, and what came of it. */
export function createCalls(steps: Steps, order: Order, onWarning: WarningSink) {
  /** A Map, since ids come from the wire. */
  const calls = new Map<string, Call>()
  /** Approvals that nobody is asked for, and which call they are about. */
  const approvals = new Map<string, { toolCallId: string; metadata: Metadata }>()

  const ignore = (chunk: UiChunk, why: string): void =>
    onWarning({ code: 'orphan', message: `${chunk.type} came for ${why}; it was ignored.`, seen: chunk })

  const start = (id: string, chunk: UiChunk, out: Chunk[]): Call => {
    const { parentMessageId, step } = steps.callParent()
    const call: Call = {
      name: chunk['toolName'] as string,
      step: steps.current(),
      streamed: '',
      isText: chunk['inputEncoding'] === 'text',
      isOpen: true,
      input: undefined,
      isServers: false,
      isAsked: false,
      isAnswered: false,
    }
    calls.set(id, call)
    const metadata = defined({ ...said(chunk), step })
    order.accept({ type: 'TOOL_CALL_START', toolCallId: id, toolCallName: call.name, parentMessageId, ...some(metadata) }, out)
    return call
  }

  const append = (id: string, call: Call, delta: string, out: Chunk[]): void => {
    call.streamed += delta
    if (!call.isText && delta !== '') order.accept({ type: 'TOOL_CALL_ARGS', toolCallId: id, delta }, out)
  }

  /** The input is complete. */
  const complete = (id: string, chunk: UiChunk, out: Chunk[]): Call => {
    const known = calls.get(id)
    const call = known?.isOpen === true ? known : start(id, chunk, out)
    const { input } = chunk
    if (call.isText || call.streamed === '') {
      const text = chunk.type === 'tool-input-error' && typeof input === 'string' ? input : JSON.stringify(input)
      if (text !== undefined) order.accept({ type: 'TOOL_CALL_ARGS', toolCallId: id, delta: text }, out)
    }
    call.isOpen = false
    call.input = input
    call.isServers ||= chunk['providerExecuted'] === true
    const end: ToolCallEnd = { type: 'TOOL_CALL_END', toolCallId: id, ...some(said(chunk)) }
    // The server may have changed what the model wrote, e.g. filled in defaults.
    if (chunk.type === 'tool-input-available' && !call.isText && call.streamed !== '' && !says(call.streamed, input)) end.input = input
    order.accept(end, out)
    return call
  }

  const answer = (id: string, content: string, metadata: Metadata, out: Chunk[]): void => {
    const call = calls.get(id)
    if (call) call.isAnswered = true
    order.accept({ type: 'TOOL_CALL_RESULT', messageId: `${id}-result`, toolCallId: id, content, ...some(metadata) }, out)
  }

  /** A preliminary result: the tool runs, and says how far it is. */
  const report = (id: string, progress: unknown, out: Chunk[]): void => {
    const call = calls.get(id)
    if (call) call.isServers = true
    order.accept({ type: 'CUSTOM', name: 'tool-progress', value: { toolCallId: id, progress } }, out)
  }

  const request = (id: string, chunk: UiChunk, out: Chunk[]): void => {
    const call = calls.get(id)
    if (call === undefined || call.isOpen) return ignore(chunk, 'a tool call that is not there')
    const approvalId = chunk['approvalId'] as string
    const { approvalDescriptor: descriptor, reason: requestReason, isAutomatic, signature, inputSchemaInput } = chunk
    const more = defined({
      descriptor: descriptor ?? undefined,
      requestReason: requestReason ?? undefined,
      isAutomatic: isAutomatic === true ? true : undefined,
      signature: signature ?? undefined,
      inputSchemaInput,
    })
    const metadata = some(Object.keys(more).length > 0 ? { approval: more } : {})
    approvals.set(approvalId, { toolCallId: id, metadata: metadata.metadata ?? {} })
    // The server decides by itself: nobody is to be asked.
    if (isAutomatic === true) return
    call.isAsked = true
    const value = { toolCallId: id, toolName: call.name, input: call.input, approval: { id: approvalId, needsApproval: true } }
    order.accept({ type: 'CUSTOM', name: 'approval-requested', value, ...metadata }, out)
  }

  const respond = (chunk: UiChunk, out: Chunk[]): void => {
    const { approvalId, approved, reason } = chunk
    const { toolCallId, metadata } = approvals.get(approvalId as string) ?? {}
    const approval = defined({ id: approvalId, needsApproval: true, approved, reason: reason ?? undefined })
    const value = defined({ toolCallId, approval })
    order.accept({ type: 'CUSTOM', name: 'approval-responded', value, ...some({ ...metadata, ...said(chunk) }) }, out)
  }

  return {
    accept(chunk: UiChunk, out: Chunk[]): void {
      const id = chunk['toolCallId'] as string
      switch (chunk.type) {
        case 'tool-input-start':
          start(id, chunk, out)
          return
        case 'tool-input-delta': {
          const call = calls.get(id)
          if (call?.isOpen !== true) return ignore(chunk, 'a tool call that is not open')
          return append(id, call, chunk['inputTextDelta'] as string, out)
        }
        case 'tool-input-available':
          complete(id, chunk, out)
          return
        case 'tool-input-error':
          complete(id, chunk, out)
          return answer(id, chunk['errorText'] as string, { error: chunk['errorText'] }, out)
        case 'tool-approval-request':
          return request(id, chunk, out)
        case 'tool-approval-response':
          return respond(chunk, out)
        case 'tool-output-available':
          if (chunk['preliminary'] === true) return report(id, chunk['output'] ?? null, out)
          return answer(id, toContent(chunk['output'] ?? null), said(chunk), out)
        case 'tool-output-error':
          return answer(id, chunk['errorText'] as string, { ...said(chunk), error: chunk['errorText'] }, out)
        default:
          return answer(id, DENIED, { error: DENIED, denied: true }, out)
      }
    },
    /** Calls that the server has left to the client: to run, or to decide about. */
    pending: (): string[] => [...calls].flatMap(([id, call]) => (isClients(call) ? [id] : [])),
    /** No call of the current step counts; gives their ids. */
    giveUp(out: Chunk[]): string[] {
      const given = [...calls].filter(([, call]) => call.step === steps.current())
      for (const [id, call] of given) {
        if (call.isOpen) order.accept({ type: 'TOOL_CALL_END', toolCallId: id, metadata: { incomplete: true } }, out)
        calls.delete(id)
      }
      return given.map(([id]) => id)
    },
  }
}

const isClients = ({ isOpen, isAnswered, isServers, isAsked }: Call): boolean => !isOpen && !isAnswered && (!isServers || isAsked)

/** What a chunk says about a call besides its input and output. */
function said({ providerMetadata, toolMetadata, providerExecuted, dynamic, title, inputEncoding }: UiChunk): Metadata {
  return defined({
    providerMetadata: providerMetadata ?? undefined,
    toolMetadata: toolMetadata ?? undefined,
    providerExecuted: providerExecuted ?? undefined,
    dynamic: dynamic ?? undefined,
    title: title ?? undefined,
    inputEncoding: inputEncoding ?? undefined,
  })
}

const some = (metadata: Metadata): { metadata?: Metadata } => (Object.keys(metadata).length > 0 ? { metadata } : {})

function says(json: string, input: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(json)) === JSON.stringify(input)
  } catch {
    return false
  }
}
