import { systemTimers } from '../bytes/timers.ts'
import { ABORTED, untilAborted } from '../bytes/until-aborted.ts'
import type { SocketOptions } from '../bytes/open-socket.ts'
import { isChatError } from '../errors.ts'
import { agUi } from '../protocol/ag-ui.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { CancelledRun, ConnectContext, Connection } from './connection.ts'
import { markDecoded } from './decoded.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { decoderOptions } from './http-connection.ts'
import { createRunLane } from './run-lane.ts'
import { isKept, type Positions } from './positions.ts'
import { createSocketChannel, type Question, type SocketChannel } from './socket-channel.ts'
import { withinTenSeconds } from './within.ts'
import { activeFrame, cancelFrame, joinFrame, runFrame } from './socket-frames.ts'

export interface WebSocketOptions extends SocketOptions {
  /** Extra fields of every request; the protocol's own fields win. */
  body?: Record<string, unknown> | undefined
  /** How requests are written and answers are read. Default `agUi()`. */
  protocol?: Protocol | undefined
  /** The server keeps a log of its runs: see {@link FetchConnectionOptions.resumable}. Default: found out from the ids of the events. */
  resumable?: boolean | undefined
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
 * With a server that keeps its runs a chunk has an `id`; a run that dropped is asked for again with `lastEventId`, and there are
 * `{ type: 'active', threadId }`, `{ type: 'join', runId }` and `{ type: 'cancel', runId, threadId }`, answered with `active`, chunks, and `cancelled`.
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

  function open(): SocketChannel {
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
    const { input, cursor } = context
    const body = { ...options.body, ...context.body, ...protocol.encodeRequest({ input, messages, data }) }
    yield* read(runFrame(context.runId, body, cursor), signal, context)
  }

  async function* read(
    frame: string,
    signal: AbortSignal,
    context: ConnectContext,
    onPosition?: (positions: Positions) => void,
  ): AsyncGenerator<readonly Chunk[], void, void> {
    if (signal.aborted) return
    const { runId, onWarning, cursor } = context
    const lane = createRunLane({
      runId,
      decoder: protocol.createDecoder(decoderOptions(context)),
      signal,
      onWarning,
      cursor,
      onPosition(positions) {
        if (!options.resumable && !isKept(positions.last())) return
        context.onCursor(positions.last())
        onPosition?.(positions)
      },
    })
    if (options.resumable && cursor === undefined) context.onCursor('')
    const own = open()
    own.start(lane, frame)
    try {
      yield* lane.chunks()
    } finally {
      own.leave(lane, signal.aborted)
      rest(own)
    }
  }

  async function* join(signal: AbortSignal, context: ConnectContext): AsyncGenerator<readonly Chunk[], void, void> {
    const { threadId, cursor } = context
    if (cursor !== undefined) return yield* read(joinFrame(context.runId, cursor), signal, context)
    const isAnswer: Question['isAnswer'] = (frame) => frame.type === 'active' && frame.threadId === threadId
    // A server that does not know the question does not answer it.
    const active = await withinTenSeconds(clock, (late) => ask({ frame: activeFrame(threadId), isAnswer }, signal, late))
    if (active?.type !== 'active' || signal.aborted) return
    const runId = active.runId ?? context.soughtId
    if (runId === undefined) return
    const tail = active.runId === null ? Infinity : active.tail
    context.onJoin?.({ runId, isReplay: tail > 0 })
    let isBehind = tail > 0
    const chunks = read(joinFrame(runId, undefined), signal, { ...context, runId }, (positions) => {
      if (!isBehind || positions.count() < tail) return
      isBehind = false
      context.onCaughtUp?.()
    })
    try {
      yield* chunks
    } catch (error) {
      // What was stored of it is all there is.
      if (active.runId !== null || !isChatError(error) || (error.status !== 404 && error.status !== 410)) throw error
    }
  }

  async function cancel({ runId, threadId }: CancelledRun): Promise<void> {
    const isAnswer: Question['isAnswer'] = (frame) => frame.type === 'cancelled' && frame.runId === runId
    await withinTenSeconds(clock, (signal) => ask({ frame: cancelFrame(runId, threadId), isAnswer }, signal))
  }

  /** `undefined` when the socket closes, or a signal aborts, first. */
  async function ask(question: Question, ...signals: AbortSignal[]) {
    const own = open()
    const asking = own.ask(question)
    const answer = await Promise.race(signals.map((signal) => untilAborted(asking, signal)))
    if (answer === ABORTED) own.forget(question)
    rest(own)
    return answer === ABORTED ? undefined : answer
  }

  return {
    connect: (...call) => markDecoded(run(call)),
    join: (signal, context) => markDecoded(join(signal, context)),
    cancel,
    close,
  }
}
