import { ChatError } from '../errors.ts'
import { DEFAULT_MAX_FRAME_SIZE, type Frame, type FrameDecoder, type FrameDecoderOptions } from './frame.ts'

/**
 * Decodes newline-delimited JSON: one frame a line, blank lines skipped, LF or CRLF.
 * A durable line `{"id": …, "chunk": …}` becomes a frame with that id.
 * Throws `ChatError` `truncated` at `end()` when the last line has no line break, `protocol` for a line beyond `maxFrameSize`.
 */
export function createNdjsonDecoder({ maxFrameSize = DEFAULT_MAX_FRAME_SIZE }: FrameDecoderOptions = {}): FrameDecoder {
  const text = new TextDecoder()
  // The unfinished line, in pieces: joined once, when its end arrives.
  let pieces: string[] = []
  let pending = 0

  const keep = (piece: string): void => {
    if (piece === '') return
    pieces.push(piece)
    pending += piece.length
    if (pending > maxFrameSize) throw tooLarge(maxFrameSize)
  }
  const split = (chunk: string): Frame[] => {
    const frames: Frame[] = []
    let start = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      let line = chunk.slice(start, end)
      if (pieces.length > 0) {
        pieces.push(line)
        line = pieces.join('')
        pieces = []
        pending = 0
      }
      if (line.length > maxFrameSize) throw tooLarge(maxFrameSize)
      if (!BLANK.test(line)) frames.push(toFrame(line))
      start = end + 1
    }
    keep(start === 0 ? chunk : chunk.slice(start))
    return frames
  }

  return {
    feed: (bytes) => split(text.decode(bytes, STREAMING)),
    end() {
      const frames = split(text.decode())
      const rest = pieces.join('')
      if (!BLANK.test(rest)) {
        throw new ChatError('truncated', `The stream ended in the middle of a line: ${JSON.stringify(rest.slice(0, 80))}`)
      }
      return frames
    },
  }
}

const STREAMING = { stream: true }
const BLANK = /^\s*$/

function tooLarge(limit: number): ChatError {
  return new ChatError('protocol', `A line of the stream is longer than ${limit} characters. Is this newline-delimited JSON?`)
}

/** The form `encodeNdjson` writes; taken apart as text, so that the chunk is parsed once, by the protocol. */
const ENVELOPE = /^\{"id":("(?:[^"\\]|\\.)*"),"chunk":/

function toFrame(line: string): Frame {
  // In a string value the quotes would be escaped, so other lines hardly ever pass.
  if (!line.includes('"chunk"')) return { data: line }
  const head = ENVELOPE.exec(line)
  if (head !== null) {
    return { data: line.slice(head[0].length, line.lastIndexOf('}')), id: JSON.parse(head[1]!) as string }
  }
  return fromForeignEnvelope(line) ?? { data: line }
}

/** Another key order or spacing. A bare chunk has a `type`, an envelope never. */
function fromForeignEnvelope(line: string): Frame | undefined {
  try {
    const value = JSON.parse(line) as { id?: unknown; chunk?: unknown; type?: unknown } | null
    if (typeof value !== 'object' || value === null) return undefined
    if (typeof value.id !== 'string' || value.chunk === undefined || value.type !== undefined) return undefined
    return { data: JSON.stringify(value.chunk), id: value.id }
  } catch {
    return undefined // the protocol reports what is not JSON
  }
}

/**
 * Encodes one value as a line; with an `id`, as a durable line.
 *
 * @example encodeNdjson({ type: 'CUSTOM' }, '7') // '{"id":"7","chunk":{"type":"CUSTOM"}}\n'
 */
export function encodeNdjson(value: unknown, id?: string): string {
  const json = JSON.stringify(value)
  return id === undefined ? `${json}\n` : `{"id":${JSON.stringify(id)},"chunk":${json}}\n`
}
