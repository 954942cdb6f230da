import { ChatRequestError } from '../chat-request-error.ts'
import { chunkBody } from '../chunk-body.ts'
import type { Clock } from '../clock.ts'
import { activeFrame, cancelledFrame, reasonOf } from './frames.ts'
import type { SocketRuns } from './socket-runs.ts'
import type { WebSocketHandler, WebSocketStreamOptions } from './to-web-socket-stream.ts'

/** Without a log a run ends with its socket: none is found from another one, and whoever asks is told so. */
export function unloggedRuns(handler: WebSocketHandler, { signal: shutdown, onError }: WebSocketStreamOptions, clock: Clock): SocketRuns {
  const unknown = (runId: string) => new ChatRequestError('unknown_run', `the run "${runId}" is not kept: this server has no log`)
  return {
    async run({ runId }, { input, reader, frames }) {
      const source = await handler({ input, runId, signal: reader.signal })
      return chunkBody(source, { encode: frames.chunk, heartbeat: '', heartbeatMs: 0, signal: shutdown, onError, clock })
    },
    async join({ runId }) {
      throw unknown(runId)
    },
    active: async (threadId) => activeFrame(threadId),
    cancel: async ({ runId }) => cancelledFrame(runId, { status: 'refused', error: reasonOf(unknown(runId)) }),
  }
}
