import { checkResponse } from '../bytes/check-response.ts'
import { openRequest, resolveInput, type Resolvable } from '../bytes/open-request.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { decodeResponse } from './decode-response.ts'
import { markDecoded } from './decoded.ts'
import type { ConnectionUrl, FetchConnectionOptions } from './fetch-options.ts'
import type { Framing } from './framings.ts'

type ConnectArguments = Parameters<Connection['connect']>

/** What `fetchServerSentEvents` and `fetchHttpStream` share: everything but the framing. */
export function fetchConnection(framing: Framing, url: ConnectionUrl, options: Resolvable<FetchConnectionOptions>): Connection {
  return {
    connect: (...call) => markDecoded(post({ framing, url, options }, call)),
  }
}

interface Target {
  framing: Framing
  url: ConnectionUrl
  options: Resolvable<FetchConnectionOptions>
}

async function* post(target: Target, [messages, data, signal, context]: ConnectArguments): AsyncGenerator<readonly Chunk[], void, void> {
  const { framing } = target
  const url = await resolveInput(target.url, 'url', signal)
  const options = await resolveInput(target.options, 'options', signal)
  if (url === undefined || options === undefined) return

  const protocol = options.protocol ?? agUi()
  const response = await openRequest({
    url,
    options,
    headers: { accept: protocol.accept ?? framing.contentTypes[0], 'content-type': 'application/json' },
    body: { ...options.body, ...context.body, ...protocol.encodeRequest({ input: context.input, messages, data }) },
    signal,
  })
  if (response === undefined) return

  const body = await unlessAborted(checkResponse(response, framing.contentTypes, signal), signal)
  if (body === undefined) return
  const decoder = protocol.createDecoder(decoderOptions(context))
  yield* decodeResponse({ response, body, frames: framing.createDecoder(), decoder, signal })
}

export function decoderOptions({ threadId, runId, onWarning }: ConnectContext) {
  return { threadId, runId, onWarning, source: 'response' as const }
}

/** An answer that turns out bad after the run was stopped is nobody's concern. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
