import { ChatError } from '@statechat/core/wire'
import { ChatRequestError, isChatRequestError } from '../chat-request-error.ts'
import { eventBody } from '../event-body.ts'
import { positionIn } from '../logged-body.ts'
import { runError } from '../model-error.ts'
import type { ChatRequest } from '../parse-chat-request.ts'
import { fingerprintOf } from '../run-log/fingerprint.ts'
import type { RunLog } from '../run-log/run-log.ts'
import { type Allow, type Place, type RunAction, runs } from '../run-log/runs.ts'
import { type ClientFrame, reasonOf, type RunFrames } from './frames.ts'
import type { WebSocketHandler, WebSocketStreamOptions } from './to-web-socket-stream.ts'

/** `true`: yes. Who is asking is known from the handshake. `threadId` is that of the run; none to `join` a run that is not known. */
export type SocketAuthorize = (input: { action: RunAction; runId: string | undefined; threadId: string | undefined }) => boolean | Promise<boolean>

type FrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>
type Body = Promise<ReadableStream<Uint8Array> | null>

interface Reading {
  reader: AbortController
  frames: RunFrames
}

/** What a socket's client can do with the runs of a log. */
export interface LoggedRuns {
  run(frame: FrameOf<'run'>, reading: Reading & { input: ChatRequest }): Body
  join(frame: FrameOf<'join'>, reading: Reading): Body
  /** The frames of the answers. */
  active(threadId: string): Promise<string>
  cancel(frame: FrameOf<'cancel'>): Promise<string>
}

type LoggedOptions = WebSocketStreamOptions & { log: RunLog; clock: NonNullable<WebSocketStreamOptions['clock']> }

export function loggedRuns(handler: WebSocketHandler, options: LoggedOptions): LoggedRuns {
  const { log, authorize, signal: shutdown, onAbandoned, onError, cancelWaitMs, clock } = options
  if (!authorize) throw new ChatError('misuse', 'a log, but no authorize: pass a function that says who may do what, e.g. () => true')
  const service = runs({ log, shutdown, onAbandoned, onError, cancelWaitMs, clock })
  const allow: Allow = async (what) => {
    if ((await authorize(what)) !== true) throw new ChatRequestError('forbidden', 'this is not allowed')
  }

  async function body(place: Place, { reader, frames }: Reading): Body {
    if (place === null) return null
    const batches = await service.open(place, reader.signal)
    return eventBody(batches, { framing: { opening: '', heartbeat: '', encode: frames.event }, heartbeatMs: 0, reader, readLength: 1, clock })
  }
  const reasonFor = (error: unknown) => {
    if (isChatRequestError(error)) return reasonOf(error)
    const { code, message } = runError(error, onError)
    return { code, message, status: 500 }
  }

  return {
    run: async ({ runId, body: asked, lastEventId }, { input, ...reading }) =>
      body(
        await service.run(
          {
            runId,
            threadId: input.threadId,
            fingerprint: () => fingerprintOf(asked),
            position: positionIn(lastEventId),
            start: (signal) => handler({ input, runId, signal }),
          },
          allow,
        ),
        reading,
      ),
    join: async ({ runId, lastEventId }, reading) => body(await service.join({ runId, position: positionIn(lastEventId) }, allow), reading),
    async active(threadId) {
      const none = { type: 'active', threadId, runId: null, tail: 0 }
      try {
        return JSON.stringify({ ...none, ...(await service.active(threadId, allow)) })
      } catch (error) {
        return JSON.stringify({ ...none, error: reasonFor(error) })
      }
    },
    async cancel({ runId, threadId }) {
      try {
        return JSON.stringify({ type: 'cancelled', runId, status: await service.cancel({ runId, threadId }, allow) })
      } catch (error) {
        return JSON.stringify({ type: 'cancelled', runId, status: 'refused', error: reasonFor(error) })
      }
    },
  }
}
