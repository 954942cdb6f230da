import type { WarningSink } from '../errors.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { Chunk, RunAgentInput } from './chunk.ts'

/** What a protocol makes a request body from. */
export interface ProtocolRequest {
  /** Ids, wire messages, tools, resume entries: the request in AG-UI's form. */
  input: RunAgentInput
  /** The visible messages as the UI has them, for protocols with a message form of their own. */
  messages: readonly UIMessage[]
  /** Why the request is made; absent: a message was sent, or tools were answered. */
  trigger?: 'regenerate' | undefined
  /** The answer that is made again, or the question that was edited. */
  messageId?: string | undefined
  /** The data given with this send. */
  data?: Record<string, unknown> | undefined
}

export interface DecoderOptions {
  /** Used where the stream does not say which thread and run it belongs to. */
  threadId: string
  runId: string
  /**
   * `response`: the body of an answer; its decoder makes sure that RUN_STARTED comes first, so that a cut shows.
   * `in-process`: an iterable of the application, which may do without RUN_STARTED and just end.
   */
  source: 'response' | 'in-process'
  /** The stream goes on where another one of the same run broke off: what that had opened is open. Default false. */
  isContinued?: boolean | undefined
  onWarning: WarningSink
}

/** Values of one stream → chunks. Stateful: one decoder per stream. */
export interface ChunkDecoder {
  /**
   * Appends to `out` what `value` means, possibly nothing. `value` is what the adapter's framing carries:
   * parsed JSON for SSE and NDJSON, an object for an iterable, text for a text stream.
   * Throws `ChatError` `protocol`; what was appended before is valid.
   * A promise that it gives is to be waited for before the next call: code that this stream needs is being loaded.
   */
  decode(value: unknown, out: Chunk[]): void | Promise<void>
  /** The stream ended by itself, `isMarked` with `[DONE]`: appends what that completes. */
  end(out: Chunk[], ending?: { isMarked?: boolean | undefined }): void
}

/** One wire language: how a request is written and how its answer is read. Knows nothing of bytes and framing. */
export interface Protocol {
  readonly name: string
  /** `Accept` header; without it the adapter's framing decides. */
  readonly accept?: string | undefined
  /** Headers that every request needs; those of the adapter's options win. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** `text`: the body is plain text, whatever the adapter reads otherwise; each read is one value. */
  readonly framing?: 'text' | undefined
  /** Where a run that is going on is read from its start, by GET; 204 or 404 there means that there is none. */
  joinUrl?(request: { url: string; threadId: string }): string
  /** The JSON body of the request; its fields win over those of the `body` options. */
  encodeRequest(request: ProtocolRequest): Record<string, unknown>
  createDecoder(options: DecoderOptions): ChunkDecoder
}
