import { systemTimers } from '../bytes/timers.ts'
import type { SocketOptions } from '../bytes/open-socket.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { Connection } from './connection.ts'
import { markDecoded } from './decoded.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { decoderOptions } from './http-connection.ts'
import { createRunLane } from './run-lane.ts'
import { createSocketChannel, type SocketChannel } from './socket-channel.ts'
import { runFrame } from './socket-frames.ts'

export interface WebSocketOptions extends SocketOptions {
  /** Extra fields of every request; the protocol's own fields win. */
  body?: Record<string, unknown> | undefined
  /** How requests are written and answers are read. Default `agUi()`. */
  protocol?: Protocol | undefined
  /** How long the socket stays open after its last run, in milliseconds. Default 60,000. */
  keepAliveMs?: number | undefined
}

export interface WebSocketConnection extends Connection {
  /** Closes the socket now, and cuts the runs on it. The next run opens another one. */
  close(): void
}

/**
 * Connects through one WebSocket: opened by the first run, shared by all that follow, of every chat that has this connection.
 * `url` may be a path, and a function: it is asked for each socket, so a token in it is fresh. Browsers send no headers of yours with a socket.
 *
 * Messages are JSON text. The client sends the body that the other adapters post, as `{ type: 'run', runId, … }`, then perhaps `{ type: 'abort', runId }`,
 * and `{ type: 'ping' }` after a silence. The server sends `{ type: 'chunk', runId, chunk }`, `{ type: 'end', runId }` when the run has said everything,
 * `{ type: 'error', runId, error: { code, message, status?, retryAfter? } }` for one that it refuses, and `{ type: 'pong' }`; it may ping too:
 * `{ type: 'ping', id }` is answered with `{ type: 'pong', id }`. `toWebSocketStream()` of `@statechat/server/web-socket` is such a server.
 * TanStack AI's `toWebSocketStream()` is understood as well: it sends bare chunks, which belong to the run that started last.
 *
 * A stopped run sends its abort and leaves the socket open. A socket that closes or falls silent cuts its runs: `ChatError` `network` if nothing of the run
 * had come, else `truncated`. Nothing holds the server back when the page is slow: a WebSocket has no brake for that.
 *
 * @example
 * const connection = webSocket('/api/chat')
 */
export function webSocket(url: ConnectionUrl, options: WebSocketOptions = {}): WebSocketConnection {
  const { protocol = agUi(), keepAliveMs = 60_000, clock = systemTimers } = options
  let channel: SocketChannel | undefined
  let idle: unknown

  function join(): SocketChannel {
    if (idle !== undefined) clock.clearTimeout(idle)
    idle = undefined
    if (channel === undefined || channel.isClosed()) channel = createSocketChannel(url, options)
    return channel
  }

  function rest(left: SocketChannel): void {
    if (left !== channel || left.isClosed() || !left.isIdle()) return
    idle = clock.setTimeout(close, keepAliveMs)
  }

  function close(): void {
    if (idle !== undefined) clock.clearTimeout(idle)
    idle = undefined
    channel?.close()
    channel = undefined
  }

  async function* run([messages, data, signal, context]: Parameters<Connection['connect']>): AsyncGenerator<readonly Chunk[], void, void> {
    if (signal.aborted) return
    const { runId, input, onWarning } = context
    const body = { ...options.body, ...context.body, ...protocol.encodeRequest({ input, messages, data }) }
    const frame = runFrame(runId, body)
    const lane = createRunLane({ runId, decoder: protocol.createDecoder(decoderOptions(context)), signal, onWarning })
    const own = join()
    own.start(lane, frame)
    try {
      yield* lane.chunks()
    } finally {
      own.leave(lane, signal.aborted)
      rest(own)
    }
  }

  return { connect: (...call) => markDecoded(run(call)), close }
}
