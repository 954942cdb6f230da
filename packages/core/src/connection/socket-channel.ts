import { openSocket, type OpenSocket, type SocketOptions } from '../bytes/open-socket.ts'
import { resolveInput } from '../bytes/open-request.ts'
import { ChatError } from '../errors.ts'
import { asConnectionError } from './connection-error.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { createRunRoutes } from './route-runs.ts'
import type { RunLane } from './run-lane.ts'
import { abortFrame, frameError, pongFrame, readFrame, type ServerFrame } from './socket-frames.ts'

type Answer = Extract<ServerFrame, { type: 'active' | 'cancelled' }>

export interface Question {
  frame: string
  isAnswer: (frame: Answer) => boolean
}

/** One socket and the runs on it. */
export interface SocketChannel {
  /** Asks for a run, now or when the socket is open. */
  start(lane: RunLane, frame: string): void
  /** Asks something that has one answer; `undefined` when the socket closes first. */
  ask(question: Question): Promise<Answer | undefined>
  /** Nobody waits for the answer any more. */
  forget(question: Question): void
  /** The run is no longer listened to; the server is told if it was not through with it. */
  leave(lane: RunLane, wasAborted: boolean): void
  isIdle(): boolean
  isClosed(): boolean
  /** Closes the socket; its runs are cut. */
  close(): void
}

/** Opens a socket at once. When it closes, whoever closed it, all its runs are cut. */
export function createSocketChannel(url: ConnectionUrl, options: SocketOptions): SocketChannel {
  const routes = createRunRoutes()
  const closing = new AbortController()
  /** Requests that wait for the socket to open. */
  const waiting = new Map<string, string>()
  const questions = new Map<Question, (answer: Answer | undefined) => void>()
  let socket: OpenSocket | undefined
  let state: 'opening' | 'open' | 'closed' = 'opening'

  function end(tell: (lane: RunLane) => void): void {
    if (state === 'closed') return
    state = 'closed'
    closing.abort()
    waiting.clear()
    for (const resolve of questions.values()) resolve(undefined)
    questions.clear()
    routes.all().forEach(tell)
  }

  async function open(): Promise<void> {
    const address = await resolveInput(url, 'url', closing.signal)
    if (address === undefined) return
    socket = openSocket(address, options, {
      onOpen() {
        state = 'open'
        for (const frame of waiting.values()) socket!.send(frame)
        for (const { frame } of questions.keys()) socket!.send(frame)
        waiting.clear()
      },
      onMessage: (data) => receive(readFrame(data)),
      onClose(why) {
        const reason = state === 'open' ? why : `no answer from ${String(address)} (${why}); is the server reachable, and does it take WebSockets?`
        end((lane) => lane.cut(reason))
      },
    })
  }

  function receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'chunk':
        if (frame.runId !== undefined) routes.get(frame.runId)?.push(frame.chunk, false, frame.id)
        else routes.laneOf(frame.chunk)?.push(frame.chunk, true)
        return
      case 'end':
        return routes.get(frame.runId)?.end()
      case 'error':
        return routes.get(frame.runId)?.fail(frameError(frame.error))
      case 'ping':
        // One without an id is a sign of life, no question.
        if (frame.id !== undefined) socket?.send(pongFrame(frame.id))
        return
      case 'pong':
        return
      case 'active':
      case 'cancelled':
        return answer(frame)
      case 'garbage':
        return blame(frame.seen)
    }
  }

  function answer(frame: Answer): void {
    for (const [question, resolve] of questions) {
      if (!question.isAnswer(frame)) continue
      questions.delete(question)
      resolve(frame)
    }
  }

  /** With several runs nobody knows whose it was. */
  function blame(seen: unknown): void {
    const [lane, ...others] = routes.all()
    const message = `A message of the socket is not a JSON object with a type: ${brief(seen)}`
    if (others.length > 0) return routes.all().forEach((each) => each.warn(message, seen))
    if (lane === undefined || lane.isOver()) return
    socket?.send(abortFrame(lane.runId))
    lane.fail(new ChatError('protocol', message))
  }

  void open().catch((error: unknown) => end((lane) => lane.fail(asConnectionError(error))))

  return {
    start(lane, frame) {
      routes.open(lane)
      if (state === 'open') socket!.send(frame)
      else waiting.set(lane.runId, frame)
    },
    ask(question) {
      if (state === 'closed') return Promise.resolve(undefined)
      if (state === 'open') socket!.send(question.frame)
      return new Promise((resolve) => questions.set(question, resolve))
    },
    forget(question) {
      questions.delete(question)
    },
    leave(lane, wasAborted) {
      routes.close(lane, wasAborted)
      if (!waiting.delete(lane.runId) && !lane.isOver() && state === 'open') socket!.send(abortFrame(lane.runId))
    },
    isIdle: () => routes.all().length === 0 && questions.size === 0,
    isClosed: () => state === 'closed',
    close() {
      end((lane) => lane.cut('the connection was closed here'))
      socket?.close()
    },
  }
}

function brief(seen: unknown): string {
  const text = typeof seen === 'string' ? seen : Object.prototype.toString.call(seen)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
