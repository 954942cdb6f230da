import { createAgUiDecoder, type Chunk, type FinishReason, type Interrupt, type RunFinished, type RunStarted } from '@statechat/core/wire'
import { compact } from '../shape.ts'
import { encodeCustom } from './encode-custom.ts'
import { createEncodedCalls } from './encoded-calls.ts'
import { createEncodedProse } from './encoded-prose.ts'
import type { Encoding, UiChunk } from './encoding.ts'

export interface EncoderOptions {
  /** Id of the message that the answer becomes. Without one the client makes it, and goes on with its last answer where it has to. */
  messageId?: string | undefined
  /** Metadata of the message, asked for when a run starts and when it ends; merged by the client. */
  messageMetadata?: ((chunk: RunStarted | RunFinished) => Record<string, unknown> | undefined) | undefined
}

export interface UiMessageEncoder {
  /** What a chunk is in the UI message stream; often one chunk, sometimes none. */
  encode(chunk: { readonly type: string }): UiChunk[]
  /** The source has ended well. */
  end(): UiChunk[]
}

/**
 * Chunks → the UI message stream, v1: one message, each model call a step. Several runs in one stream, as an agent loop sends them,
 * are steps of one message. State, activities, subagents and raw events have no form there and are left out.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export function createUiMessageEncoder({ messageId, messageMetadata }: EncoderOptions = {}): UiMessageEncoder {
  let out: UiChunk[] = []
  let hasStarted = false
  let step: { messageId: string | undefined; isAnswered: boolean } | undefined
  let isCancelled = false
  let finish: RunFinished | undefined

  const push = (chunk: UiChunk) => void out.push(compact(chunk))
  const closeStep = () => {
    if (step !== undefined) push({ type: 'finish-step' })
    step = undefined
  }
  const encoding: Encoding = {
    push,
    openStep(id) {
      if (step?.isAnswered === true && (id === undefined || id !== step.messageId)) closeStep()
      if (step === undefined) push({ type: 'start-step' })
      step = { messageId: step?.messageId ?? id, isAnswered: step?.isAnswered ?? false }
    },
    noteAnswer() {
      if (step !== undefined) step.isAnswered = true
    },
  }
  const prose = createEncodedProse(encoding)
  const calls = createEncodedCalls(encoding)
  /** What came in order stays in order, what was only a shorthand is written out. */
  const decoder = createAgUiDecoder('tolerant', { threadId: '', runId: '', source: 'in-process', onWarning: () => {} })

  const start = (chunk?: RunStarted) => {
    if (hasStarted) return
    hasStarted = true
    const said = chunk?.metadata?.['messageId']
    push({ type: 'start', messageId: messageId ?? (typeof said === 'string' ? said : undefined), messageMetadata: chunk && messageMetadata?.(chunk) })
  }

  const endRun = (chunk: RunFinished) => {
    finish = chunk
    const { outcome } = chunk
    if (outcome?.type === 'interrupt') outcome.interrupts.forEach(ask)
    closeStep()
    if (outcome?.type === 'cancelled') {
      isCancelled = true
      push({ type: 'abort' })
    }
  }
  const ask = (interrupt: Interrupt) => {
    if (interrupt.toolCallId === undefined) push({ type: 'data-interrupt', id: interrupt.id, data: interrupt })
    else calls.ask(interrupt.id, interrupt.toolCallId, interrupt.message)
  }

  const encodeOne = (chunk: Chunk) => {
    start(chunk.type === 'RUN_STARTED' ? chunk : undefined)
    prose.releaseBefore(chunk)
    if (chunk.type !== 'REASONING_ENCRYPTED_VALUE') calls.release()
    switch (chunk.type) {
      case 'TEXT_MESSAGE_START':
      case 'TEXT_MESSAGE_CONTENT':
      case 'TEXT_MESSAGE_END':
      case 'REASONING_MESSAGE_START':
      case 'REASONING_MESSAGE_CONTENT':
      case 'REASONING_MESSAGE_END':
        return prose.accept(chunk)
      case 'REASONING_ENCRYPTED_VALUE':
        return chunk.subtype === 'message' ? prose.seal(chunk.entityId, chunk.encryptedValue) : calls.seal(chunk.entityId, chunk.encryptedValue)
      case 'TOOL_CALL_START':
      case 'TOOL_CALL_ARGS':
      case 'TOOL_CALL_END':
      case 'TOOL_CALL_RESULT':
        return calls.accept(chunk)
      case 'CUSTOM':
        return calls.acceptCustom(chunk) ? undefined : encodeCustom(chunk).forEach(push)
      case 'RUN_FINISHED':
        return endRun(chunk)
      case 'RUN_ERROR':
        return push({ type: 'error', errorText: chunk.message })
      default:
        return undefined
    }
  }
  const take = (): UiChunk[] => {
    const taken = out
    out = []
    return taken
  }

  return {
    encode(chunk) {
      const chunks: Chunk[] = []
      decoder.decode(chunk, chunks)
      chunks.forEach(encodeOne)
      return take()
    },
    end() {
      if (!isCancelled && finish !== undefined) {
        const { metadata, outcome } = finish
        const reason = metadata?.finishReason ?? (outcome?.type === 'interrupt' ? 'tool_calls' : undefined)
        push({ type: 'finish', finishReason: reason && FINISH_REASONS[reason], messageMetadata: messageMetadata?.(finish) })
      }
      return take()
    },
  }
}

const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
  other: 'other',
}
