import type { Answer } from '../bytes/answer.ts'
import { type PostRequest, resolveInput, type Resolvable } from '../bytes/open-request.ts'
import { createSilence } from '../bytes/silence.ts'
import { lazy } from '../lazy.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { decodeResponse } from './decode-response.ts'
import { markDecoded } from './decoded.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { type Framing, TEXT } from './framings.ts'
import type { HttpOptions } from './http-options.ts'
import { opening } from './opening.ts'
import { createPositions, isKept, type Positions } from './positions.ts'

export interface HttpTarget<Options extends HttpOptions> {
  framing: Framing
  /** Gives an answer of one of these content types, `undefined` when the run was aborted first; else throws `ChatError`. */
  open: (request: PostRequest<Options>, contentTypes: readonly string[]) => Promise<Answer | undefined>
  url: ConnectionUrl
  options: Resolvable<Options>
}

/** Runs that were not begun here: to join them, and to cancel them on the server. */
const elsewhere = lazy(() => import('./http-elsewhere.ts'))

/** One server, and what is known of it. */
export interface HttpServer<Options extends HttpOptions> extends HttpTarget<Options> {
  /** It keeps runs as ours do, and can be asked to stop one. Other servers would take that for a request. */
  isOurs: boolean
}

/** What the adapters that post share: everything but the bytes and the framing. */
export function httpConnection<Options extends HttpOptions>(target: HttpTarget<Options>): Connection {
  const server = { isOurs: false, ...target }
  return {
    connect: (...call) => markDecoded(opening(() => post(server, call))),
    join: (signal, context) => markDecoded(opening(async () => (elsewhere.get() ?? (await elsewhere.load())).join(server, signal, context))),
    cancel: async (run) => (elsewhere.get() ?? (await elsewhere.load())).cancel(server, run),
  }
}

async function post<Options extends HttpOptions>(
  server: HttpServer<Options>,
  [messages, data, signal, context]: Parameters<Connection['connect']>,
): Promise<AsyncIterator<readonly Chunk[]> | undefined> {
  const resolved = await resolveTarget(server, signal)
  if (resolved === undefined) return undefined
  const { url, options, protocol } = resolved
  const framing = protocol.framing === 'text' ? TEXT : server.framing
  const request = {
    url,
    options,
    headers: { 'content-type': 'application/json', ...headersOf(protocol, framing), ...positionHeader(context.cursor) },
    body: {
      ...options.body,
      ...context.body,
      ...protocol.encodeRequest({ input: context.input, messages, data, trigger: context.trigger, messageId: context.messageId }),
    },
    // Nothing came after the cursor: the run is over.
    ...(context.cursor && { absent: [204] }),
  }
  return openAnswer({ server, framing, protocol, request, signal, context })
}

export interface Resolved<Options> {
  url: string | URL
  options: Options
  protocol: Protocol
}

/** Url and options as they are now; `undefined` when the run was aborted first. */
export async function resolveTarget<Options extends HttpOptions>(
  target: HttpTarget<Options>,
  signal: AbortSignal,
): Promise<Resolved<Options> | undefined> {
  const url = await resolveInput(target.url, 'url', signal)
  const options = await resolveInput(target.options, 'options', signal)
  return url === undefined || options === undefined ? undefined : { url, options, protocol: options.protocol ?? agUi() }
}

export const headersOf = (protocol: Protocol, framing: Framing): Record<string, string> => ({
  ...protocol.headers,
  accept: protocol.accept ?? framing.contentTypes[0],
})
/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header */
export const positionHeader = (cursor: string | undefined): Record<string, string> => (cursor ? { 'last-event-id': cursor } : {})

export interface Reading<Options extends HttpOptions> {
  server: HttpServer<Options>
  framing: Framing
  protocol: Protocol
  request: Omit<PostRequest<Options>, 'signal'>
  signal: AbortSignal
  context: ConnectContext
  onPosition?: ((positions: Positions) => void) | undefined
}

/** Sends the request, and gives its answer as chunks; `undefined` when the run was aborted first. */
export async function openAnswer<Options extends HttpOptions>({
  server,
  framing,
  protocol,
  request,
  signal,
  context,
  onPosition,
}: Reading<Options>): Promise<AsyncIterator<readonly Chunk[]> | undefined> {
  const { options } = request
  const silence = createSilence(signal, options.clock)
  try {
    if (options.resumable) {
      silence.watch()
      // Before anything came the request itself may be sent again.
      if (context.cursor === undefined) context.onCursor('')
    }
    const answer = await server.open({ signal: silence.signal, ...request }, framing.contentTypes)
    silence.check()
    if (!answer) {
      silence.end()
      return undefined
    }
    const decoder = protocol.createDecoder(decoderOptions(context))
    return decodeResponse({
      silence,
      frames: framing.createDecoder(),
      isText: framing.isText,
      decoder,
      signal,
      positions: createPositions(context.cursor),
      onPosition(positions) {
        if (!options.resumable && !isKept(positions.last())) return
        silence.watch()
        server.isOurs ||= positions.count() > 0
        context.onCursor(positions.last())
        onPosition?.(positions)
      },
      ...answer,
    })
  } catch (error) {
    silence.end()
    throw error
  }
}

export function decoderOptions({ threadId, runId, onWarning, cursor }: ConnectContext) {
  return { threadId, runId, onWarning, source: 'response' as const, isContinued: cursor !== undefined && cursor !== '' }
}
