import type { Answer } from '../bytes/answer.ts'
import { readText } from '../bytes/read-text.ts'
import { systemTimers } from '../bytes/timers.ts'
import { ChatError } from '../errors.ts'
import { isObject } from '../json.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { CancelledRun, ConnectContext } from './connection.ts'
import { headersOf, type HttpServer, openAnswer, positionHeader, type Reading, type Resolved, resolveTarget } from './http-connection.ts'
import type { HttpOptions } from './http-options.ts'
import { withinTenSeconds } from './within.ts'

/** Statuses with which a server says that there is no run, or that it does not know the question. */
const NONE = [204, 404, 405]
/** Statuses for a run that has ended and is no longer kept: what was stored of it is all there is. */
const GONE = [204, 404, 410]
const JSON_TYPE = ['application/json']

/** A run of the thread that is going on, read from its start; one that dropped, from its cursor on. */
export async function join<Options extends HttpOptions>(
  server: HttpServer<Options>,
  signal: AbortSignal,
  context: ConnectContext,
): Promise<AsyncIterator<readonly Chunk[]> | undefined> {
  const resolved = await resolveTarget(server, signal)
  if (resolved === undefined) return undefined
  const { url, options, protocol } = resolved
  if (protocol.joinUrl) return read(protocol.joinUrl({ url: String(url), threadId: context.threadId }), context, NONE)
  if (context.cursor !== undefined) return read(runUrl(url, context.runId), context, [204])
  const active = await findActive(server, resolved, signal, context.threadId)
  const { runId = context.soughtId, tail = Infinity } = active ?? {}
  if (runId === undefined) return undefined
  context.onJoin?.({ runId, isReplay: tail > 0 })
  let isBehind = tail > 0
  return read(runUrl(url, runId), { ...context, runId }, active ? [204] : GONE, (positions) => {
    if (isBehind && positions.count() >= tail) {
      isBehind = false
      context.onCaughtUp?.()
    }
  })

  function read(from: string, run: ConnectContext, absent: readonly number[], onPosition?: Reading<Options>['onPosition']) {
    const { framing } = server
    const headers = { ...headersOf(protocol, framing), ...positionHeader(context.cursor) }
    const request = { url: from, options, headers, body: undefined, absent }
    return openAnswer({ server, framing, protocol, request, signal, context: run, onPosition })
  }
}

/** The run of the thread that is going on, and how many events it has so far. */
async function findActive<Options extends HttpOptions>(
  server: HttpServer<Options>,
  { url, options, protocol }: Resolved<Options>,
  signal: AbortSignal,
  threadId: string,
): Promise<{ runId: string; tail: number } | undefined> {
  const headers = { ...protocol.headers, accept: 'application/json' }
  const answer = await server.open({ url: withQuery(url, { threadId }), options, headers, body: undefined, absent: NONE, signal }, JSON_TYPE)
  const active = answer && (await readJson(answer))
  if (!isObject(active) || typeof active.runId !== 'string') return undefined
  server.isOurs = true
  return { runId: active.runId, tail: typeof active.tail === 'number' ? active.tail : 0 }
}

/**
 * Asks the server to stop a run, if it is one that can be asked; resolves when the run has ended, or when the server would not wait any longer.
 * The request outlives the page that makes it.
 */
export async function cancel<Options extends HttpOptions>(server: HttpServer<Options>, { runId, threadId }: CancelledRun): Promise<void> {
  const clock = typeof server.options === 'function' ? undefined : server.options.clock
  await withinTenSeconds(clock ?? systemTimers, async (signal) => {
    const resolved = await resolveTarget(server, signal)
    if (resolved === undefined) return
    const { url, options, protocol } = resolved
    if (!options.resumable && !server.isOurs) return
    const headers = { ...protocol.headers, accept: 'application/json', 'content-type': 'application/json' }
    const request = { url: withQuery(url, { cancel: runId, threadId }), options, headers, body: {}, keepalive: true, signal }
    const answer = await server.open(request, JSON_TYPE)
    if (answer) await readText(answer.reads)
  })
}

const runUrl = (url: string | URL, runId: string) => withQuery(url, { runId, offset: '-1' })

/** The url may be a path, so it is not taken apart. */
function withQuery(url: string | URL, query: Record<string, string>): string {
  const [path, hash] = String(url).split('#', 2) as [string, string | undefined]
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(query).toString()}${hash === undefined ? '' : `#${hash}`}`
}

async function readJson(answer: Answer): Promise<unknown> {
  const text = await readText(answer.reads)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ChatError('protocol', `What the server says of the run that is going on is not JSON: ${text.slice(0, 200)}`, { cause })
  }
}
