import { isChatRequestError, ChatRequestError } from '../chat-request-error.ts'
import type { ChunkSource } from '../chunk-body.ts'
import { type Clock, systemClock } from '../clock.ts'
import { type ErrorHandler, runError } from '../model-error.ts'
import { type ChatRequest, parseChatBody } from '../parse-chat-request.ts'
import type { OnAbandoned } from '../run-log/produce.ts'
import type { RunLog } from '../run-log/run-log.ts'
import { PONG, pingFrame, readFrame, type RunFrames, runFrames } from './frames.ts'
import { heartbeat } from './heartbeat.ts'
import { loggedRuns, type SocketAuthorize } from './logged-runs.ts'
import { pump } from './pump.ts'
import type { ServerSocket } from './socket.ts'
import { unloggedRuns } from './unlogged-runs.ts'

export interface WebSocketRun {
  /** The checked request. Its `body` holds the fields that are not AG-UI's. */
  input: ChatRequest
  runId: string
  /** Aborts when the client stops the run or is gone. With a `log` only when the run is cancelled. */
  signal: AbortSignal
}

/** Answers one run. A `ChatRequestError` refuses it with its status; what else it throws is masked like a failed run. */
export type WebSocketHandler = (run: WebSocketRun) => ChunkSource | Promise<ChunkSource>

export interface WebSocketStreamOptions {
  /** Ends every run with a RUN_ERROR (`aborted`): that of a shutdown. */
  signal?: AbortSignal | undefined
  /** How often the client is sent a ping, in milliseconds; one that has answered none of the last is gone. Default 30,000; 0 is never. */
  heartbeatMs?: number | undefined
  /** A longer request is refused with 413, in characters. Default 4 Mi. `ws` has a limit of its own before: `maxPayload`. */
  maxLength?: number | undefined
  /** Sees what handlers and iterables throw (default: `console.error`); a returned string replaces the masked message. */
  onError?: ErrorHandler | undefined
  generateId?: (() => string) | undefined
  clock?: Clock | undefined
  /**
   * Where runs are kept: events have ids, runs go on without their socket and can be joined from another, and `abort` only leaves them.
   * A log that cannot be read any more closes the socket (1011), so that the client comes again.
   */
  log?: RunLog | undefined
  /** With a `log`: who may do what, as in `chatHandler()`. Asked before anything is told. */
  authorize?: SocketAuthorize | undefined
  /** With a `log`: what becomes of a run that nobody reads. Default `continue`. */
  onAbandoned?: OnAbandoned | undefined
  /** With a `log`: how long a cancellation waits for the end of the run, in milliseconds. Default 5,000. */
  cancelWaitMs?: number | undefined
}

/**
 * Serves chat runs on one accepted socket, as many at once as the client asks for: the other end of `webSocket()`, and of TanStack AI's.
 * As with `toStreamResponse()`, a run that throws or ends too early becomes a RUN_ERROR, and the model is read no faster than the socket
 * passes it on. A stopped run aborts its signal, a socket that closes or answers no ping those of all its runs.
 *
 * @see https://websockets.spec.whatwg.org
 * @example
 * ```ts
 * new WebSocketServer({ server }).on('connection', (socket) => {
 *   toWebSocketStream(socket, ({ input: { messages, tools, threadId, runId }, signal }) =>
 *     ai(openai()).chat({ messages, tools, threadId, runId, signal }),
 *   )
 * })
 * ```
 */
export function toWebSocketStream(socket: ServerSocket, handler: WebSocketHandler, options: WebSocketStreamOptions = {}): void {
  const { heartbeatMs = 30_000, maxLength = 4 * 1024 * 1024, onError, log, clock = systemClock } = options
  const { generateId = () => crypto.randomUUID() } = options
  const runs = new Map<string, AbortController>()
  const offered = log ? loggedRuns(log, handler, options, clock) : unloggedRuns(handler, options, clock)
  let isOver = false

  const beat = heartbeat({
    clock,
    everyMs: heartbeatMs,
    ping: (id) => send(pingFrame(id)),
    onDead() {
      end()
      if ('terminate' in socket) (socket as { terminate(): void }).terminate()
      else socket.close(1001, 'no answer to a ping')
    },
  })

  /** A socket that is closing throws, or not; its `close` tells. */
  function send(text: string | undefined): void {
    if (isOver || text === undefined) return
    try {
      socket.send(text)
    } catch {}
  }
  function end(): void {
    isOver = true
    beat.stop()
    runs.forEach((run) => run.abort())
    runs.clear()
  }

  socket.addEventListener('close', end)
  // `ws` throws an error that nobody listens to. Its `close` follows.
  socket.addEventListener('error', () => {})
  socket.addEventListener('message', ({ data }) => {
    if (isOver) return
    beat.heard()
    const frame = readFrame(data, generateId)
    switch (frame?.type) {
      case 'run': {
        if (!frame.isBare) beat.expectAnswers()
        const { length } = data as string
        return void serve(frame.runId, frame.isBare, (reader, frames) => {
          if (length > maxLength) throw new ChatRequestError('too_large', `the request is longer than ${maxLength} characters`)
          const input = parseChatBody({ ...frame.body, runId: frame.runId }, { generateId })
          return offered.run(frame, { input, reader, frames })
        })
      }
      case 'join':
        beat.expectAnswers()
        return void serve(frame.runId, false, (reader, frames) => offered.join(frame, { reader, frames }))
      case 'active':
        return void offered.active(frame.threadId).then(send)
      case 'cancel':
        return void offered.cancel(frame).then(send)
      case 'abort':
        return runs.get(frame.runId)?.abort()
      case 'ping':
        return send(PONG)
      default:
      // A pong has been heard, and what is no frame has nobody to be told to.
    }
  })

  /** Sends one answer. `null`: there is nothing in it. */
  async function serve(
    runId: string,
    isBare: boolean,
    open: (reader: AbortController, frames: RunFrames) => Promise<ReadableStream<Uint8Array> | null>,
  ): Promise<void> {
    const frames = runFrames(runId, isBare)
    const reader = new AbortController()
    // The same id again is the same run, asked for anew.
    runs.get(runId)?.abort()
    runs.set(runId, reader)
    const { signal } = reader
    try {
      const body = await open(reader, frames)
      const isWhole = !body || (await pump(body, { send, buffered: () => socket.bufferedAmount ?? 0, clock, signal }).then(whole, broken))
      if (signal.aborted) return
      if (isWhole) send(frames.end())
      // What is missing is still in the log: the client is to come again.
      else socket.close(1011, 'the run cannot be read to its end')
    } catch (error) {
      if (signal.aborted) return
      if (isChatRequestError(error)) return send(frames.refusal(error))
      send(frames.chunk(runError(error, onError)))
      send(frames.end())
    } finally {
      if (runs.get(runId) === reader) runs.delete(runId)
    }
  }
}

/** Only a body that is read from a log breaks off. */
const broken = () => false
const whole = () => true
