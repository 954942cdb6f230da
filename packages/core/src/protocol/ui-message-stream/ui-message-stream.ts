import type { DecoderOptions, Protocol } from '../protocol.ts'
import { createUiMessageStreamDecoder, type UiMessageStreamDecoder } from './decoder.ts'
import { encodeAiSdkRequest, type PrepareRequest } from './encode-request.ts'

export interface UiMessageStreamOptions {
  /** Changes the body before it is sent, e.g. to the last message alone for a server that stores the others. */
  prepareRequest?: PrepareRequest | undefined
}

/** {@link uiMessageStream} as a protocol whose decoder also says what is only in its own streams. */
export interface UiMessageStreamProtocol extends Protocol {
  createDecoder(options: DecoderOptions): UiMessageStreamDecoder
}

/**
 * The wire of the AI SDK (UI message stream v1): for servers that answer with `toUIMessageStreamResponse()` or
 * `createUIMessageStreamResponse()`. An unknown type of chunk is skipped, with one warning for each; a malformed one of a known type
 * is a `ChatError` `protocol`.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 * @example fetchServerSentEvents('/api/chat', { protocol: uiMessageStream() })
 */
export function uiMessageStream({ prepareRequest }: UiMessageStreamOptions = {}): UiMessageStreamProtocol {
  return {
    name: 'ui-message-stream',
    joinUrl: ({ url, threadId }) => resumeUrl(url, threadId),
    encodeRequest: (request) => encodeAiSdkRequest(request, prepareRequest),
    createDecoder: createUiMessageStreamDecoder,
  }
}

/**
 * Where a stream in flight is joined by `GET`: `<api>/<id of the chat>/stream`. 204 means that there is none.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/chatbot-resume-streams
 * @example resumeUrl('/api/chat', chat.threadId) // '/api/chat/…/stream'
 */
export function resumeUrl(api: string, chatId: string): string {
  const at = api.search(/[?#]/)
  const path = at < 0 ? api : api.slice(0, at)
  return `${path.replace(/\/$/, '')}/${encodeURIComponent(chatId)}/stream${at < 0 ? '' : api.slice(at)}`
}
