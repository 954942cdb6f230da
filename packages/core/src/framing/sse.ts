import { createParser } from 'eventsource-parser'
import { ChatError } from '../errors.ts'
import { DEFAULT_MAX_FRAME_SIZE, type Frame, type FrameDecoder, type FrameDecoderOptions } from './frame.ts'

const CR = 13

/**
 * Decodes server-sent events: CR, LF, CRLF, BOM, comments, multi-line data, any byte split.
 * An event without its closing blank line is dropped, as the specification asks.
 * Throws `ChatError` `protocol` when one event exceeds `maxFrameSize`.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function createSseDecoder({ maxFrameSize = DEFAULT_MAX_FRAME_SIZE }: FrameDecoderOptions = {}): FrameDecoder {
  const text = new TextDecoder()
  let frames: Frame[] = []
  let endsInCr = false

  const tooLarge = () => new ChatError('protocol', `A server-sent event is longer than ${maxFrameSize} characters. Is this an event stream?`)
  const parser = createParser({
    // The parser's own event object is the frame: nothing is allocated besides it.
    onEvent(event) {
      if (event.data.length > maxFrameSize) throw tooLarge()
      frames.push(event)
    },
    onError(error) {
      // Unknown fields and bad `retry:` values are to be ignored.
      if (error.type === 'max-buffer-size-exceeded') throw tooLarge()
    },
    maxBufferSize: maxFrameSize + FIELD_NAMES,
  })

  const take = (): Frame[] => {
    const taken = frames
    frames = []
    return taken
  }
  const feedText = (chunk: string): void => {
    if (chunk === '') return
    endsInCr = chunk.charCodeAt(chunk.length - 1) === CR
    parser.feed(chunk)
  }

  return {
    feed(bytes) {
      feedText(text.decode(bytes, STREAMING))
      return take()
    },
    end() {
      feedText(text.decode())
      // The parser holds a last CR back, since an LF might follow; here none will.
      if (endsInCr) feedText('\n')
      return take()
    },
  }
}

const STREAMING = { stream: true }
/** Room for `data: ` and the like around the payload. */
const FIELD_NAMES = 64

/**
 * Encodes one frame as a server-sent event. Line breaks in `data` become several `data:` lines,
 * which a decoder joins with LF. Throws `ChatError` `misuse` for an id or event name with a line break or NUL.
 *
 * @example encodeSse({ data: '{"type":"CUSTOM"}', id: '7' }) // 'id: 7\ndata: {"type":"CUSTOM"}\n\n'
 */
export function encodeSse(frame: Frame): string {
  const id = frame.id === undefined ? '' : `id: ${oneLine(frame.id, 'id')}\n`
  const event = frame.event === undefined ? '' : `event: ${oneLine(frame.event, 'event')}\n`
  const data = BREAK.test(frame.data) ? frame.data.split(BREAK).join('\ndata: ') : frame.data
  return `${id}${event}data: ${data}\n\n`
}

/** Encodes a comment: no event for the client, but bytes on the wire. Used to open and to keep alive. */
export function encodeSseComment(text = ''): string {
  return `: ${text.split(BREAK).join('\n: ')}\n\n`
}

const BREAK = /\r\n|\r|\n/

function oneLine(value: string, field: string): string {
  if (/[\r\n\0]/.test(value)) throw new ChatError('misuse', `An SSE ${field} cannot contain a line break or NUL: ${JSON.stringify(value)}`)
  return value
}
