import type { AI } from '../ai.ts'
import type { ChunkSource } from '../chunk-body.ts'
import type { Clock } from '../clock.ts'
import type { ErrorHandler } from '../model-error.ts'
import type { ChatRequest } from '../parse-chat-request.ts'
import type { OnAbandoned } from '../run-log/produce.ts'
import type { RunLog } from '../run-log/run-log.ts'
import type { RunAction } from '../run-log/runs.ts'
import type { ToolInput } from '../tools/tool-set.ts'

/** What a client asks to do with a run. */
export interface AuthorizeInput {
  /** `run`: start it, or read it again with the request that started it. `active`: learn which run of a thread is open. */
  action: RunAction
  /** None for `active`. */
  runId: string | undefined
  /** That of the run. None to `join` a run that is not known: all that will be told of it is that, with 404 or 410. */
  threadId: string | undefined
  request: Request
}

/** `true`: yes. `false`: 403. A `Response` is sent as it is. */
export type Authorize = (input: AuthorizeInput) => boolean | Response | Promise<boolean | Response>

/** One run to be answered. */
export interface ModelRun {
  /** The checked request. Its `body` holds the fields that are not AG-UI's. */
  input: ChatRequest
  /** The run's own: aborts when it is cancelled, not when a client goes. Pass it on. */
  signal: AbortSignal
  request: Request
}

export interface ChatHandlerOptions {
  /** What `ai()` gives, or what answers a run: called once for each run id. */
  model: AI | ((run: ModelRun) => ChunkSource | Promise<ChunkSource>)
  /** With a `model` of `ai()`: added to its tools. */
  tools?: readonly ToolInput[] | undefined
  /** Where runs are kept. Default: `memoryRunLog()`, one for this handler. */
  log?: RunLog | undefined
  /** Asked on each of the four routes, before anything is told. Ids are made by clients: whoever knows one has not shown that it is theirs. */
  authorize: Authorize
  /** What becomes of a run that nobody reads. Default `continue`. */
  onAbandoned?: OnAbandoned | undefined
  /** How long a stream may be silent before a keep-alive goes out, in milliseconds. Default 15,000; 0 is never. */
  heartbeatMs?: number | undefined
  /** How long a cancellation waits for the end of the run before it answers 202, in milliseconds. Default 5,000. */
  cancelWaitMs?: number | undefined
  /** A longer body is refused with 413. Default 4 MiB. */
  maxBytes?: number | undefined
  /** That of a shutdown: runs made here end with RUN_ERROR `aborted`, readers of other runs are cut off, new requests get 503. */
  signal?: AbortSignal | undefined
  /** Keeps a serverless function alive until a run has ended. */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined
  /** Sees what fails in full (default: `console.error`); a returned string replaces the masked message. */
  onError?: ErrorHandler | undefined
  generateId?: (() => string) | undefined
  clock?: Clock | undefined
}

export interface ChatHandler {
  (request: Request): Promise<Response>
  /**
   * For a process that is to stop: begins and joins nothing more (503), and resolves when the runs that are made here have ended and nobody reads
   * here any more.
   *
   * @example
   * process.once('SIGTERM', async () => {
   *   server.close()
   *   await handler.drain()
   * })
   */
  drain(): Promise<void>
}
