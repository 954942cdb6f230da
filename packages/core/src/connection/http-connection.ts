import type { Answer } from '../bytes/answer.ts'
import { type HeadersInput, type PostRequest, resolveInput, type Resolvable } from '../bytes/open-request.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { decodeResponse } from './decode-response.ts'
import { markDecoded } from './decoded.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { type Framing, TEXT } from './framings.ts'

/** What every adapter that posts can be told. */
export interface HttpOptions {
  headers?: HeadersInput | undefined
  body?: Record<string, unknown> | undefined
  protocol?: Protocol | undefined
}

export interface HttpTarget<Options extends HttpOptions> {
  framing: Framing
  /** Gives an answer of one of these content types, `undefined` when the run was aborted first; else throws `ChatError`. */
  open: (request: PostRequest<Options>, contentTypes: readonly string[]) => Promise<Answer | undefined>
  url: ConnectionUrl
  options: Resolvable<Options>
}

/** What the adapters that post share: everything but the bytes and the framing. */
export function httpConnection<Options extends HttpOptions>(target: HttpTarget<Options>): Connection {
  return {
    connect: (...call) => markDecoded(post(target, call)),
    join: (signal, context) => markDecoded(join(target, signal, context)),
  }
}

async function* post<Options extends HttpOptions>(
  target: HttpTarget<Options>,
  [messages, data, signal, context]: Parameters<Connection['connect']>,
): AsyncGenerator<readonly Chunk[], void, void> {
  const url = await resolveInput(target.url, 'url', signal)
  const options = await resolveInput(target.options, 'options', signal)
  if (url === undefined || options === undefined) return

  const protocol = options.protocol ?? agUi()
  const framing = protocol.framing === 'text' ? TEXT : target.framing
  const request = {
    url,
    options,
    headers: { ...protocol.headers, accept: protocol.accept ?? framing.contentTypes[0], 'content-type': 'application/json' },
    body: {
      ...options.body,
      ...context.body,
      ...protocol.encodeRequest({ input: context.input, messages, data, trigger: context.trigger, messageId: context.messageId }),
    },
    signal,
  }
  const answer = await target.open(request, framing.contentTypes)
  if (answer) yield* decodeAnswer(answer, { protocol, framing, signal, context })
}

async function* join<Options extends HttpOptions>(
  target: HttpTarget<Options>,
  signal: AbortSignal,
  context: ConnectContext,
): AsyncGenerator<readonly Chunk[], void, void> {
  const url = await resolveInput(target.url, 'url', signal)
  const options = await resolveInput(target.options, 'options', signal)
  if (url === undefined || options === undefined) return

  const protocol = options.protocol ?? agUi()
  const { framing } = target
  const at = protocol.joinUrl?.({ url: String(url), threadId: context.threadId })
  if (at === undefined) return
  const headers = { ...protocol.headers, accept: protocol.accept ?? framing.contentTypes[0] }
  const answer = await target.open({ url: at, options, headers, body: undefined, signal }, framing.contentTypes)
  if (answer) yield* decodeAnswer(answer, { protocol, framing, signal, context })
}

interface Reading {
  protocol: Protocol
  framing: Framing
  signal: AbortSignal
  context: ConnectContext
}

function decodeAnswer(answer: Answer, { protocol, framing, signal, context }: Reading) {
  const decoder = protocol.createDecoder(decoderOptions(context))
  return decodeResponse({ ...answer, frames: framing.createDecoder(), isText: framing.isText, decoder, signal })
}

export function decoderOptions({ threadId, runId, onWarning, cursor }: ConnectContext) {
  return { threadId, runId, onWarning, source: 'response' as const, isContinued: cursor !== undefined }
}
