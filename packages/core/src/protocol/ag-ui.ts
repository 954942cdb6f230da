import { ChatError } from '../errors.ts'
import type { Chunk, ChunkType } from './chunk.ts'
import { createChunkExpansion } from './chunk-expansion.ts'
import { CLASSIC_TYPES, createClassicEvents } from './classic.ts'
import { withFinishReason } from './finish-reason.ts'
import { isKnownType, isObject, malformedField, withoutNulls } from './known-events.ts'
import { createLegacyEvents, withTodaysFields } from './legacy.ts'
import { brief, createOrder, once } from './order.ts'
import type { ChunkDecoder, DecoderOptions, Protocol, ProtocolRequest } from './protocol.ts'
import { withUsage } from './token-usage.ts'
import { withToolError } from './tool-error.ts'

export interface AgUiOptions {
  /**
   * `tolerant` (default) takes what real servers send and repairs it with a warning, the classic TanStack AI chunks included.
   * `strict` throws `ChatError` `protocol` at the first deviation from AG-UI 1.0.
   */
  profile?: 'tolerant' | 'strict' | undefined
}

/**
 * AG-UI 1.0, the default protocol of every connection. A malformed event of a known type is an error in both profiles;
 * an unknown type is skipped, with one warning for each type.
 *
 * @example fetchServerSentEvents('/api/chat', { protocol: agUi({ profile: 'strict' }) })
 * @see https://docs.ag-ui.com
 */
export function agUi({ profile = 'tolerant' }: AgUiOptions = {}): Protocol {
  return {
    name: 'ag-ui',
    encodeRequest,
    createDecoder: (options) => createAgUiDecoder(profile, options),
  }
}

function encodeRequest({ input, data }: ProtocolRequest): Record<string, unknown> {
  // Servers before 1.0 refuse a request without state, tools, context and forwardedProps.
  const request = { ...input, state: input.state ?? {}, tools: input.tools ?? [], context: input.context ?? [] }
  if (data === undefined) return { ...request, forwardedProps: input.forwardedProps ?? {} }
  // `data` on its own is where TanStack AI servers look for it.
  return { ...request, forwardedProps: { ...(input.forwardedProps as object | undefined), ...data }, data }
}

function createAgUiDecoder(profile: 'tolerant' | 'strict', options: DecoderOptions): ChunkDecoder {
  const { onWarning, runId, source } = options
  const order = createOrder({ ...options, profile })
  const expansion = createChunkExpansion({ profile, runId, onWarning }, order.accept)
  const classic = createClassicEvents(options, order)
  const legacy = createLegacyEvents(runId)
  const reportOnce = once(onWarning)

  const other = (event: Record<string, unknown>, type: string, out: Chunk[]): void => {
    if (profile === 'tolerant' && CLASSIC_TYPES.has(type)) return classic.accept(event, out)
    const renamed = legacy(event, type)
    if (renamed !== undefined) return expansion.accept(toKnown(renamed, renamed['type'] as ChunkType, profile, options), out)
    reportOnce(type, `Chunks of the unknown type ${JSON.stringify(type.slice(0, 80))} are skipped.`, event, 'unknown_chunk')
  }

  return {
    decode(value, out) {
      if (!isObject(value) || typeof value['type'] !== 'string') {
        throw new ChatError('protocol', `A chunk must be an object with a type. Seen: ${brief(value)}`)
      }
      const type = value['type']
      // The hot path: nothing is allocated, the parsed object is the chunk.
      if (type === 'TEXT_MESSAGE_CONTENT' && typeof value['delta'] === 'string' && typeof value['messageId'] === 'string' && isPlain(value)) {
        expansion.accept(value as unknown as Chunk, out)
      } else if (isKnownType(type)) {
        expansion.accept(toKnown(value, type, profile, options), out)
      } else {
        other(value, type, out)
      }
    },
    end(out) {
      // A response that just stops was cut, and what it left open is not complete. An iterable that sent no RUN_STARTED may just end.
      if (source === 'response' || order.hasStarted()) return
      expansion.closeAll(out)
      classic.close(out)
    },
  }
}

/** No optional field that would have to be looked at. */
function isPlain(event: Record<string, unknown>): boolean {
  return event['subagentRunId'] === undefined && event['metadata'] === undefined
}

/** The event as a chunk, by identity where it can be. */
function toKnown(event: Record<string, unknown>, type: ChunkType, profile: 'tolerant' | 'strict', ids: DecoderOptions): Chunk {
  let known = event
  let malformed = malformedField(known, type)
  if (malformed !== undefined && profile === 'tolerant') {
    known = withTodaysFields(withoutNulls(known, type), type, ids)
    malformed = malformedField(known, type)
  }
  if (malformed !== undefined) throw new ChatError('protocol', `A ${type} event has no valid ${malformed}. Seen: ${brief(event)}`)
  return normalised(known as unknown as Chunk)
}

/** Finish reason, usage and tool errors where this library looks for them. */
function normalised(chunk: Chunk): Chunk {
  switch (chunk.type) {
    case 'RUN_FINISHED':
      return withFinishReason(withUsage(chunk))
    case 'RUN_ERROR':
      return withUsage(chunk)
    case 'TOOL_CALL_RESULT':
      return withToolError(chunk)
    default:
      return chunk
  }
}
