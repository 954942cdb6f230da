import type { Chunk, Metadata } from '../chunk.ts'
import { toFinishReason } from '../finish-reason.ts'
import { isObject } from '../../json.ts'
import { createOrder } from '../order.ts'
import { once } from '../once.ts'
import type { ChunkDecoder, DecoderOptions } from '../protocol.ts'
import { createCalls } from './calls.ts'
import { isForeignType, keepForeign } from './foreign-part.ts'
import { toUiChunk, type UiChunk } from './known-chunks.ts'
import { defined } from './provider-metadata.ts'
import { createProse } from './prose.ts'
import { createSteps } from './steps.ts'

/** How a stream came to its end. */
export interface Ending {
  /** It said so itself, with `[DONE]`: then nothing is missing, also where the server sent no `finish`. */
  isMarked?: boolean | undefined
}

export interface UiMessageStreamDecoder extends ChunkDecoder {
  end(out: Chunk[], ending?: Ending): void
}

/**
 * Chunks of a UI message stream → the vocabulary, one run each stream. What the AI SDK's own reader would throw away the answer for
 * (a delta of a text that was never opened, a result of a call that nobody made) is a warning here.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export function createUiMessageStreamDecoder(options: DecoderOptions): UiMessageStreamDecoder {
  const { threadId, runId, onWarning } = options
  const order = createOrder({ ...options, profile: 'tolerant' })
  const reportOnce = once(onWarning)
  const steps = createSteps(runId, order)
  const prose = createProse(steps, order, onWarning)
  const calls = createCalls(steps, order, onWarning)
  let isOver = false

  const startRun = (out: Chunk[], metadata?: Metadata): void => {
    if (order.hasStarted()) return
    order.accept({ type: 'RUN_STARTED', threadId, runId, ...(metadata && { metadata }) }, out)
  }
  const custom = (name: string, value: unknown, out: Chunk[]): void => order.accept({ type: 'CUSTOM', name, value }, out)

  const messageMetadata = (chunk: UiChunk, out: Chunk[]): void => {
    const metadata = chunk['messageMetadata']
    if (isObject(metadata)) custom('message-metadata', metadata, out)
    else if (metadata !== undefined && metadata !== null) {
      onWarning({ code: 'ignored_event', message: 'Message metadata that is not an object was ignored.', seen: chunk })
    }
  }

  const finish = (reason: unknown, out: Chunk[]): void => {
    prose.closeAll(out)
    steps.closeAll(out)
    const finishReason = toFinishReason(reason)
    order.accept(
      {
        type: 'RUN_FINISHED',
        threadId,
        runId,
        // Always listed, also when it is empty: what is not in it is the server's, and it has done with it.
        outcome: { type: 'success', pendingToolCallIds: calls.pending() },
        ...(finishReason && { metadata: { finishReason } }),
      },
      out,
    )
  }

  const abort = ({ reason }: UiChunk, out: Chunk[]): void => {
    isOver = true
    prose.closeAll(out)
    steps.closeAll(out)
    order.accept(
      { type: 'RUN_FINISHED', threadId, runId, outcome: { type: 'cancelled' }, ...(typeof reason === 'string' && { metadata: { reason } }) },
      out,
    )
  }

  const data = (chunk: UiChunk, out: Chunk[]): void => {
    const { id, transient } = chunk
    custom(chunk.type, { ...(typeof id === 'string' && { id }), data: chunk['data'] ?? null, ...(transient === true && { transient }) }, out)
  }

  const citation = (chunk: UiChunk, out: Chunk[]): void => {
    const { sourceId: id, url, title, mediaType, filename, providerMetadata } = chunk
    const metadata = defined({ filename, providerMetadata: providerMetadata ?? undefined, step: steps.current() })
    const isUrl = chunk.type === 'source-url'
    custom('source', defined({ id, ...(isUrl ? { url } : { mimeType: mediaType }), title: title ?? undefined, ...metadataOf(metadata) }), out)
  }

  const file = ({ type, mediaType, url, filename, providerMetadata }: UiChunk, out: Chunk[]): void => {
    const reasoning = type === 'reasoning-file' ? true : undefined
    const metadata = defined({ reasoning, providerMetadata: providerMetadata ?? undefined, step: steps.current() })
    custom('file', defined({ mediaType, url, filename: filename ?? undefined, ...metadataOf(metadata) }), out)
  }

  /** Parts that only the AI SDK knows stay whole, as data. */
  const foreign = (chunk: UiChunk, out: Chunk[]): void => {
    if (!isForeignType(chunk.type)) return
    const { name, data: kept } = keepForeign({ ...chunk, type: chunk.type }, steps.current())
    custom(`data-${name}`, { data: kept }, out)
  }

  const accept = (chunk: UiChunk, out: Chunk[]): void => {
    switch (chunk.type) {
      case 'text-start':
      case 'text-delta':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        return prose.accept(chunk, out)
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-available':
      case 'tool-input-error':
      case 'tool-approval-request':
      case 'tool-approval-response':
      case 'tool-output-available':
      case 'tool-output-error':
      case 'tool-output-denied':
        return calls.accept(chunk, out)
      case 'start':
      case 'message-metadata':
        return messageMetadata(chunk, out)
      case 'start-step':
        return steps.start(out)
      case 'finish-step':
        return steps.finish(out)
      case 'reset-step':
        prose.closeAll(out)
        return steps.reset(calls.giveUp(out), out)
      case 'source-url':
      case 'source-document':
        return citation(chunk, out)
      case 'file':
      case 'reasoning-file':
        return file(chunk, out)
      case 'custom':
      case 'steering-message':
        return foreign(chunk, out)
      case 'finish':
        messageMetadata(chunk, out)
        return finish(chunk['finishReason'], out)
      case 'abort':
        return abort(chunk, out)
      case 'error':
        isOver = true
        return order.accept({ type: 'RUN_ERROR', message: chunk['errorText'] as string }, out)
      default:
        return data(chunk, out)
    }
  }

  return {
    decode(value, out) {
      const chunk = toUiChunk(value, (type) =>
        reportOnce(type, `Chunks of the unknown type ${JSON.stringify(type.slice(0, 80))} are skipped.`, value, 'unknown_chunk'),
      )
      // After an error or an abort, servers still close what they had open.
      if (chunk === undefined || isOver) return
      const messageId = chunk.type === 'start' ? chunk['messageId'] : undefined
      startRun(out, typeof messageId === 'string' ? { messageId } : undefined)
      accept(chunk, out)
    },
    end(out, { isMarked = false } = {}) {
      // A stream that just stops was cut.
      if (isMarked && !isOver && order.isRunOpen()) finish(undefined, out)
    },
  }
}

const metadataOf = (metadata: Metadata): { metadata?: Metadata } => (Object.keys(metadata).length > 0 ? { metadata } : {})
