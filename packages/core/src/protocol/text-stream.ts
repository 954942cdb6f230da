import { brief } from '../json.ts'
import { ChatError } from '../errors.ts'
import type { ChunkDecoder, DecoderOptions, Protocol } from './protocol.ts'
import { encodeAiSdkRequest } from './ui-message-stream/encode-request.ts'
import type { UiMessageStreamOptions } from './ui-message-stream/ui-message-stream.ts'

/**
 * A plain text body, taken as one answer as it comes in: `toTextStreamResponse()` of the AI SDK, or any server that just writes.
 * The request is the AI SDK's; `prepareRequest` changes it. The end of the body is the end of the answer: a text cannot say that it was cut.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol#text-stream-protocol
 */
export function textStream({ prepareRequest }: UiMessageStreamOptions = {}): Protocol {
  return {
    name: 'text-stream',
    accept: 'text/plain',
    framing: 'text',
    encodeRequest: (request) => encodeAiSdkRequest(request, prepareRequest),
    createDecoder: createTextDecoder,
  }
}

function createTextDecoder({ threadId, runId }: DecoderOptions): ChunkDecoder {
  const messageId = `${runId}-message`
  let isOpen = false

  return {
    decode(value, out) {
      if (typeof value !== 'string') throw new ChatError('protocol', `A text stream consists of text. Seen: ${brief(value)}`)
      if (value === '') return
      if (!isOpen) out.push({ type: 'RUN_STARTED', threadId, runId }, { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' })
      isOpen = true
      out.push({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: value })
    },
    end(out) {
      if (!isOpen) return
      out.push({ type: 'TEXT_MESSAGE_END', messageId }, { type: 'RUN_FINISHED', threadId, runId })
      isOpen = false
    },
  }
}
