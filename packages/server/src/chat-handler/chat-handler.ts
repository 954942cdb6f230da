import { ChatError } from '@statechat/core/wire'
import { ChatRequestError, isChatRequestError } from '../chat-request-error.ts'
import { backgroundClock } from '../clock.ts'
import { eventBody, NDJSON_EVENTS, SSE_EVENTS } from '../event-body.ts'
import { positionIn } from '../logged-body.ts'
import { parseChatBody } from '../parse-chat-request.ts'
import { readJson } from '../read-json.ts'
import { fingerprintOf } from '../run-log/fingerprint.ts'
import { memoryRunLog } from '../run-log/memory-run-log.ts'
import { type Allow, type Place, runs } from '../run-log/runs.ts'
import { isObject } from '../shape.ts'
import { respond } from '../to-stream-response.ts'
import { answer } from './answer.ts'
import { AnsweredByAuthorize, allowWith } from './allow-with.ts'
import type { ChatHandler, ChatHandlerOptions } from './options.ts'

/**
 * All of a chat's server in one Web handler, at one address. What a client asks is told by method and query:
 *
 * | | |
 * | --- | --- |
 * | `POST` a chat request | starts the run, or joins it: one model call for each run id. With `Last-Event-ID` it reads on after that event |
 * | `GET ?runId=` (`Last-Event-ID`, or `&offset=`) | reads a run; 204 if it is over and nothing is left |
 * | `GET ?threadId=` | `{ runId, tail }` of the open run of a thread; 204 if there is none |
 * | `POST ?cancel=&threadId=` | stops a run: 200 with its `status` when it has ended, 202 if it has not yet |
 *
 * Errors are JSON: 400, 403, 404, 405, 409 (another thread or other messages), 410 (no longer kept), 413, 415, 503. Streams are server-sent events,
 * or newline-delimited JSON for a client that accepts only that.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @example
 * ```ts
 * const handler = chatHandler({ model: ai(scripted()), authorize: () => true })
 * export { handler as GET, handler as POST }
 * ```
 */
export function chatHandler(options: ChatHandlerOptions): ChatHandler {
  const { model, tools, authorize, signal: shutdown, onAbandoned, onError, waitUntil, cancelWaitMs, maxBytes = 4 * 1024 * 1024, generateId } = options
  const { log = memoryRunLog(), heartbeatMs = 15_000, clock = backgroundClock } = options
  if (typeof authorize !== 'function') throw new ChatError('misuse', 'no authorize: pass a function that says who may do what, e.g. () => true')
  if (typeof model === 'function' && tools) throw new ChatError('misuse', 'tools are for a model of ai(): a function is given none')
  const service = runs({ log, shutdown, onAbandoned, onError, waitUntil, cancelWaitMs, clock })

  async function post(request: Request, allow: Allow): Promise<Response> {
    const body = await readJson(request, maxBytes)
    const input = parseChatBody(body, { generateId })
    const place = await service.run(
      {
        runId: input.runId,
        threadId: input.threadId,
        fingerprint: () => fingerprintOf(isObject(body) ? body : {}),
        position: positionIn(request.headers.get('last-event-id')),
        start: (signal) => answer({ input, signal, request }, { model, tools, onError, generateId }),
      },
      allow,
    )
    return stream(request, place)
  }

  async function get(request: Request, query: URLSearchParams, allow: Allow): Promise<Response> {
    const runId = query.get('runId')
    const threadId = query.get('threadId')
    if (runId) {
      const offset = query.get('offset')
      const position = positionIn(request.headers.get('last-event-id') ?? (offset === '-1' ? undefined : offset))
      return stream(request, await service.join({ runId, position }, allow))
    }
    if (!threadId) throw new ChatRequestError('bad_request', 'expected ?runId= or ?threadId=')
    const run = await service.active(threadId, allow)
    return run ? Response.json(run) : new Response(null, { status: 204 })
  }

  async function cancel(runId: string, threadId: string | null, allow: Allow): Promise<Response> {
    if (runId === '') throw new ChatRequestError('bad_request', 'cancel: must not be empty')
    const status = await service.cancel({ runId, threadId: threadId || undefined }, allow)
    return Response.json({ status }, { status: status === 'requested' ? 202 : 200 })
  }

  async function stream(request: Request, place: Place): Promise<Response> {
    if (place === null) return new Response(null, { status: 204 })
    const reader = new AbortController()
    // A client that is gone before it is answered never takes the body.
    request.signal.addEventListener('abort', () => reader.abort(), { signal: reader.signal })
    const accept = request.headers.get('accept') ?? ''
    const isNdjson = accept.includes('application/x-ndjson') && !accept.includes('text/event-stream')
    const events = await service.open(place, reader.signal).catch((error: unknown) => {
      reader.abort()
      throw error
    })
    const body = eventBody(events, {
      framing: isNdjson ? NDJSON_EVENTS : SSE_EVENTS,
      heartbeatMs,
      reader,
      clock,
    })
    return respond(body, isNdjson ? 'application/x-ndjson' : 'text/event-stream; charset=utf-8')
  }

  async function handle(request: Request): Promise<Response> {
    const { searchParams: query } = new URL(request.url)
    const allow = allowWith(authorize, request)
    const runId = query.get('cancel')
    try {
      if (request.method === 'GET') return await get(request, query, allow)
      if (request.method === 'POST') return runId === null ? await post(request, allow) : await cancel(runId, query.get('threadId'), allow)
      throw new ChatRequestError('method_not_allowed', `expected GET or POST, got ${request.method}`)
    } catch (error) {
      if (error instanceof AnsweredByAuthorize) return error.response
      if (isChatRequestError(error)) return error.toResponse({ headers: error.code === 'method_not_allowed' ? { allow: 'GET, POST' } : {} })
      throw error
    }
  }

  return Object.assign(handle, { drain: service.drain })
}
