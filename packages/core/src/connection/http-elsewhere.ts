import type { Answer } from '../bytes/answer.ts'
import { readText } from '../bytes/read-text.ts'
import { systemTimers } from '../bytes/timers.ts'
import { ChatError } from '../errors.ts'
import { isObject } from '../json.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { CancelledRun, ConnectContext } from './connection.ts'
import { headersOf, type HttpOptions, type HttpTarget, positionHeader, readRun, type Resolved, resolveTarget } from './http-connection.ts'

/** Statuses with which a server says that there is no run, or that it does not know the question. */
const NONE = [204, 404, 405]
/** Statuses for a run that has ended and is no longer kept: what was stored of it is all there is. */
const GONE = [204, 404, 410]
/** Longer than a server waits for the end of the run. */
const CANCEL_LIMIT_MS = 10_000
const JSON_TYPE = ['application/json']

/** A run of the thread that is going on, read from its start; one that dropped, from its cursor on. */
export async function* join<Options extends HttpOptions>(
  target: HttpTarget<Options>,
  signal: AbortSignal,
  context: ConnectContext,
): AsyncGenerator<readonly Chunk[], void, void> {
  const resolved = await resolveTarget(target, signal)
  if (resolved === undefined) return
  const { url, protocol } = resolved
  if (protocol.joinUrl) {
    yield* read(protocol.joinUrl({ url: String(url), threadId: context.threadId }), context, NONE)
  } else if (context.cursor !== undefined) {
    yield* read(runUrl(url, context.runId), context, [204])
  } else {
    const active = await findActive(target, resolved, signal, context.threadId)
    const { runId = context.soughtId, tail = Infinity } = active ?? {}
    if (runId === undefined) return
    context.onJoin?.({ runId, isReplay: tail > 0 })
    let isBehind = tail > 0
    yield* read(runUrl(url, runId), { ...context, runId }, active ? [204] : GONE, (positions) => {
      if (isBehind && positions.count() >= tail) {
        isBehind = false
        context.onCaughtUp?.()
      }
    })
  }

  function read(from: string, run: ConnectContext, absent: readonly number[], onPosition?: Parameters<typeof readRun>[6]) {
    const headers = { ...headersOf(resolved!.protocol, target.framing), ...positionHeader(context.cursor) }
    const request = { url: from, options: resolved!.options, headers, body: undefined, absent }
    return readRun(target, target.framing, resolved!, signal, run, request, onPosition)
  }
}

/** The run of the thread that is going on, and how many events it has so far. */
async function findActive<Options extends HttpOptions>(
  target: HttpTarget<Options>,
  { url, options, protocol }: Resolved<Options>,
  signal: AbortSignal,
  threadId: string,
): Promise<{ runId: string; tail: number } | undefined> {
  const headers = { ...protocol.headers, accept: 'application/json' }
  const answer = await target.open({ url: withQuery(url, { threadId }), options, headers, body: undefined, absent: NONE, signal }, JSON_TYPE)
  const active = answer && (await readJson(answer))
  if (!isObject(active) || typeof active.runId !== 'string') return undefined
  return { runId: active.runId, tail: typeof active.tail === 'number' ? active.tail : 0 }
}

/**
 * Asks the server to stop a run; resolves when it has ended, or when the server would not wait any longer.
 * The request outlives the page that makes it.
 */
export async function cancel<Options extends HttpOptions>(target: HttpTarget<Options>, { runId, threadId }: CancelledRun): Promise<void> {
  const giveUp = new AbortController()
  const { signal } = giveUp
  const resolved = await resolveTarget(target, signal)
  if (resolved === undefined) return
  const { url, options, protocol } = resolved
  const { clock = systemTimers } = options
  const timer = clock.setTimeout(() => giveUp.abort(), CANCEL_LIMIT_MS)
  const headers = { ...protocol.headers, accept: 'application/json', 'content-type': 'application/json' }
  const request = { url: withQuery(url, { cancel: runId, threadId }), options, headers, body: {}, keepalive: true, signal }
  try {
    const answer = await target.open(request, JSON_TYPE)
    if (answer) await readText(answer.reads)
  } finally {
    clock.clearTimeout(timer)
  }
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
