import { ChatError } from '../errors.ts'
import type { Chunk, ChunkType } from './chunk.ts'
import { createChunkExpansion } from './chunk-expansion.ts'
import { CLASSIC_TYPES, createClassicEvents } from './classic.ts'
import { withFinishReason } from './finish-reason.ts'
import { brief, isObject } from '../json.ts'
import { isKnownType, malformedField, withoutNulls } from './known-events.ts'
import { createLegacyEvents, withTodaysFields } from './legacy.ts'
import { stripUnknown } from './known-events-strip.ts'
import { createOrder, type Profile } from './order.ts'
import { once } from './once.ts'
import type { ChunkDecoder, DecoderOptions } from './protocol.ts'
import { withUsage } from './token-usage.ts'
import { withToolError } from './tool-error.ts'

/** Values of an AG-UI stream → chunks, by all the rules: see `AgUiOptions.profile`. */
export function createAgUiDecoder(profile: Profile, options: DecoderOptions): ChunkDecoder {
  const { onWarning, runId, source } = options
  const order = createOrder({ ...options, profile })
  const expansion = createChunkExpansion({ profile, runId, onWarning }, order.accept)
  const classic = createClassicEvents(options, order)
  const legacy = createLegacyEvents(runId)
  const reportOnce = once(onWarning)

  const reportUnknown = (path: string, event: Record<string, unknown>): void => {
    const message = `AG-UI 1.0 has no such ${path} in ${event['type'] as string}; it was left out.`
    reportOnce(message, message, event, 'unknown_chunk')
  }
  const known = (event: Record<string, unknown>, type: ChunkType, out: Chunk[]): void => {
    const stripped = stripUnknown(event, type, reportUnknown)
    if (stripped !== undefined) expansion.accept(toKnown(stripped, type, profile, options), out)
  }
  const other = (event: Record<string, unknown>, type: string, out: Chunk[]): void => {
    if (profile !== 'strict' && CLASSIC_TYPES.has(type)) return classic.accept(event, out)
    const renamed = legacy(event, type)
    if (renamed !== undefined) return known(renamed, renamed['type'] as ChunkType, out)
    reportOnce(type, `Chunks of the unknown type ${JSON.stringify(type.slice(0, 80))} are skipped.`, event, 'unknown_chunk')
  }

  return {
    decode(value, out) {
      if (!isObject(value) || typeof value['type'] !== 'string') {
        throw new ChatError('protocol', `A chunk must be an object with a type. Seen: ${brief(value)}`)
      }
      const type = value['type']
      if (!isKnownType(type)) other(value, type, out)
      // The hot path: nothing is allocated, the parsed object is the chunk.
      else if (profile !== 'strict' && isPlainDelta(value, type)) expansion.accept(value as unknown as Chunk, out)
      else known(value, type, out)
    },
    end(out) {
      // A response that just stops was cut, and what it left open is not complete. An iterable that sent no RUN_STARTED may just end.
      if (source === 'response' || order.hasStarted()) return
      expansion.closeAll(out)
      classic.close(out)
    },
  }
}

/** A delta with all that it needs, and no optional field that would have to be looked at. */
function isPlainDelta(event: Record<string, unknown>, type: ChunkType): boolean {
  const id = IDS_OF_DELTAS.get(type)
  if (id === undefined || typeof event[id] !== 'string' || typeof event['delta'] !== 'string') return false
  return event['subagentRunId'] === undefined && event['metadata'] === undefined
}

const IDS_OF_DELTAS: ReadonlyMap<ChunkType, string> = new Map([
  ['TEXT_MESSAGE_CONTENT', 'messageId'],
  ['REASONING_MESSAGE_CONTENT', 'messageId'],
  ['TOOL_CALL_ARGS', 'toolCallId'],
])

/** The event as a chunk, by identity where it can be. */
function toKnown(event: Record<string, unknown>, type: ChunkType, profile: Profile, ids: DecoderOptions): Chunk {
  let known = event
  let malformed = malformedField(known, type, profile === 'strict')
  if (malformed !== undefined && profile !== 'strict') {
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
