import { ChatError, type RunErrorChunk } from '@statechat/core/wire'
import { isChatRequestError, ChatRequestError } from './chat-request-error.ts'
import type { ChatStream } from './chat-stream.ts'
import { type ChunkSource, requireSource } from './chunk-body.ts'
import { backgroundClock } from './clock.ts'
import { eventBody, type EventFraming } from './event-body.ts'
import { type ErrorHandler, runError } from './model-error.ts'
import { parsePosition, type Position } from './run-log/position.ts'
import type { LoggedEvent, RunLog } from './run-log/run-log.ts'
import { runs } from './run-log/runs.ts'
import type { StreamResponseOptions } from './to-stream-response.ts'

/** A body that is read from the log: the run is started if it is not known, and goes on without its reader. */
export function loggedBody(
  stream: ChunkSource,
  { framing, log, ...options }: StreamResponseOptions & { framing: EventFraming; log: RunLog },
): ReadableStream<Uint8Array> {
  const { signal: shutdown, request, onAbandoned, onError, waitUntil, heartbeatMs = 15_000, clock = backgroundClock } = options
  if (shutdown !== undefined && shutdown === request?.signal) {
    throw new ChatError('misuse', 'signal is that of the request: with a log a run outlives its request, so leave it out, or pass that of a shutdown')
  }
  requireSource(stream)
  const { runId, threadId } = identityOf(stream, options.run)
  const reader = new AbortController()
  const service = runs({ log, shutdown, onAbandoned, onError, waitUntil, clock })
  const place = (async () => {
    const position = positionIn(options.lastEventId ?? request?.headers.get('last-event-id'))
    return service.run({ runId, threadId, position, start: () => stream }, async () => {})
  })()
  // It is waited for when the body is read.
  place.catch(() => {})

  async function* batches(): AsyncGenerator<readonly LoggedEvent[], void, undefined> {
    let events: AsyncIterable<readonly LoggedEvent[]>
    try {
      const at = await place
      if (at === null) return
      events = await service.open(at, reader.signal)
    } catch (error) {
      // The answer has begun, so it has to say this itself. What goes wrong later cuts it off.
      yield [{ epoch: 0, seq: 0, data: JSON.stringify(refusal(error, onError)) }]
      return
    }
    yield* events
  }
  return eventBody(batches(), { framing, heartbeatMs, reader, clock })
}

function refusal(error: unknown, onError: ErrorHandler | undefined): RunErrorChunk {
  if (!isChatRequestError(error)) return runError(error, onError)
  const { code, message } = error
  return { type: 'RUN_ERROR', message, code, metadata: { retryable: code === 'unavailable' } }
}

function identityOf(stream: ChunkSource, run: { threadId: string; runId: string } | undefined): { threadId: string; runId: string } {
  const { threadId, runId } = run ?? (stream as Partial<ChatStream>)
  if (typeof threadId === 'string' && typeof runId === 'string') return { threadId, runId }
  throw new ChatError('misuse', 'the run has no name: pass { run: { threadId, runId } } for a stream that is not from ai().chat()')
}

/** Of a `Last-Event-ID`. Throws `bad_request` for what is none. */
export function positionIn(text: string | null | undefined): Position | undefined {
  if (text === null || text === undefined || text === '') return undefined
  const position = parsePosition(text)
  if (position) return position
  throw new ChatRequestError('bad_request', 'Last-Event-ID: expected the id of an event, e.g. 1-42')
}
