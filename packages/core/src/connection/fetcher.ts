import { checkResponse, essenceOf } from '../bytes/check-response.ts'
import { readBytes } from '../bytes/read-bytes.ts'
import { ABORTED, untilAborted } from '../bytes/until-aborted.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk, RunAgentInput } from '../protocol/chunk.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { Connection } from './connection.ts'
import { asConnectionError } from './connection-error.ts'
import { type ChunkSource, decodeIterable } from './decode-iterable.ts'
import { decodeResponse } from './decode-response.ts'
import { markDecoded } from './decoded.ts'
import { NDJSON, SSE } from './framings.ts'
import { decoderOptions } from './http-connection.ts'
import { unlessAborted } from './open-fetch.ts'

export interface FetcherInput {
  messages: UIMessage[]
  data: Record<string, unknown> | undefined
  threadId: string
  runId: string
  parentRunId?: string | undefined
  resume?: RunAgentInput['resume']
  /** The JSON body that the other adapters would post. */
  body: Record<string, unknown>
}

/** Opens one run; gives the answer of a request, or the chunks themselves. */
export type FetcherFunction = (input: FetcherInput, options: { signal: AbortSignal }) => Response | ChunkSource | PromiseLike<Response | ChunkSource>

export interface FetcherOptions {
  /** How `input.body` is written and a `Response` is read. Default `agUi()`. */
  protocol?: Protocol | undefined
}

/**
 * Connects through a function of yours, e.g. a server function of a framework. A `Response` is read by its content type
 * (server-sent events or newline-delimited JSON) and checked like that of {@link fetchServerSentEvents}; an iterable is read like that of {@link stream}.
 * What the function throws becomes `ChatError` `connection`.
 *
 * @example
 * const connection = fetcher(({ body }, { signal }) =>
 *   fetch('/api/chat', { method: 'POST', body: JSON.stringify(body), signal }),
 * )
 */
export function fetcher(open: FetcherFunction, options: FetcherOptions = {}): Connection {
  const protocol = options.protocol ?? agUi()
  return {
    connect: (...call) => markDecoded(run(open, protocol, call)),
  }
}

async function* run(
  open: FetcherFunction,
  protocol: Protocol,
  [messages, data, signal, context]: Parameters<Connection['connect']>,
): AsyncGenerator<readonly Chunk[], void, void> {
  const { threadId, runId, parentRunId, resume, input } = context
  const body = { ...context.body, ...protocol.encodeRequest({ input, messages, data }) }
  const result = await opened(() => open({ messages, data, threadId, runId, parentRunId, resume, body }, { signal }), signal)
  if (result === undefined) return
  if (!isResponse(result)) return yield* decodeIterable({ open: () => result, signal, context })

  const isNdjson = NDJSON.contentTypes.includes(essenceOf(result.headers.get('content-type') ?? ''))
  const framing = isNdjson ? NDJSON : SSE
  const bytes = await unlessAborted(checkResponse(result, framing.contentTypes, signal), signal)
  if (bytes === undefined) return
  const decoder = protocol.createDecoder(decoderOptions(context))
  yield* decodeResponse({ response: result, reads: readBytes(bytes, signal), frames: framing.createDecoder(), decoder, signal })
}

async function opened(open: () => ReturnType<FetcherFunction>, signal: AbortSignal): Promise<Response | ChunkSource | undefined> {
  try {
    const opening = open()
    const result = await untilAborted(opening, signal)
    if (result !== ABORTED) return result
    void Promise.resolve(opening)
      .then(discard)
      .catch(() => {})
    return undefined
  } catch (error) {
    throw asConnectionError(error)
  }
}

/** An answer that comes after the run was stopped must not keep its connection. */
async function discard(late: Response | ChunkSource): Promise<void> {
  if (isResponse(late)) await late.body?.cancel()
}

/** By shape: a framework may bring a `Response` of its own. */
function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && 'body' in value
}
