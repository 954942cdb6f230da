import { ChatError } from '@statechat/core/wire'
import { ChatRequestError, isChatRequestError } from '../chat-request-error.ts'
import type { Clock } from '../clock.ts'
import { eventBody } from '../event-body.ts'
import { positionIn } from '../logged-body.ts'
import { runError } from '../model-error.ts'
import { fingerprintOf } from '../run-log/fingerprint.ts'
import type { RunLog } from '../run-log/run-log.ts'
import { type Allow, type Place, type RunAction, runs } from '../run-log/runs.ts'
import { activeFrame, cancelledFrame, reasonOf } from './frames.ts'
import type { Body, Reading, SocketRuns } from './socket-runs.ts'
import type { WebSocketHandler, WebSocketStreamOptions } from './to-web-socket-stream.ts'

/** `true`: yes. Who is asking is known from the handshake. `threadId` is that of the run; none to `join` a run that is not known. */
export type SocketAuthorize = (input: { action: RunAction; runId: string | undefined; threadId: string | undefined }) => boolean | Promise<boolean>

/** The runs of a log: they go on without their socket. */
export function loggedRuns(log: RunLog, handler: WebSocketHandler, options: WebSocketStreamOptions, clock: Clock): SocketRuns {
  const { authorize, signal: shutdown, onAbandoned, onError, cancelWaitMs } = options
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
      try {
        return activeFrame(threadId, await service.active(threadId, allow))
      } catch (error) {
        return activeFrame(threadId, { error: reasonFor(error) })
      }
    },
    async cancel({ runId, threadId }) {
      try {
        return cancelledFrame(runId, { status: await service.cancel({ runId, threadId }, allow) })
      } catch (error) {
        return cancelledFrame(runId, { status: 'refused', error: reasonFor(error) })
      }
    },
  }
}
