import type { Chunk, RunAgentInput } from '../protocol/chunk.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { WarningSink } from '../errors.ts'

/** What a connection gets to know of the run it serves, besides messages, data and signal. */
export interface ConnectContext {
  threadId: string
  /** Made by the client, new for each run; the same again when a dropped run is rejoined. */
  runId: string
  parentRunId?: string | undefined
  /** The request in AG-UI's form; `input.messages` are the wire messages. */
  input: RunAgentInput
  /** `regenerate`: the last answer, or that of `messageId`, is made again. Absent: a message was sent, or tools were answered. */
  trigger?: 'regenerate' | undefined
  /** The answer that is made again, or the question that was edited. */
  messageId?: string | undefined
  /** Extra fields for the body of the request, from the chat's `body` option and the send's. */
  body?: Record<string, unknown> | undefined
  /** The tools offered by the client, as TanStack AI adapters expect them. */
  clientTools: { name: string; description: string; parameters: unknown }[]
  /** The same as `input.forwardedProps`, as TanStack AI adapters expect it. */
  forwardedProps?: Record<string, unknown> | undefined
  resume?: RunAgentInput['resume']
  /** Set when a dropped run is rejoined: the last cursor given to `onCursor`. Deliver only what comes after it. */
  cursor?: string | undefined
  /**
   * Call it with an opaque position after each read that can be resumed from; a run with a cursor is rejoined when it drops. `''` is the position before
   * anything came: call it before the request goes out, if the same request may be sent again with the same `runId`.
   */
  onCursor: (cursor: string) => void
  /** For `join`: the run that was going on when the conversation was stored. It may have ended meanwhile, and is read from its start all the same. */
  soughtId?: string | undefined
  /** For `join`: call it with the server's id of the run that was found, before its first chunk. `isReplay`: it begins with what was said before. */
  onJoin?: ((run: JoinedRun) => void) | undefined
  /** For `join`: call it when the replay is over, before the last chunks of it are yielded. */
  onCaughtUp?: (() => void) | undefined
  onWarning: WarningSink
}

/** A run of the thread that is going on. */
export interface JoinedRun {
  runId: string
  isReplay: boolean
}

/** A run that somebody stopped. */
export interface CancelledRun {
  threadId: string
  runId: string
}

/**
 * A connection adapter: opens one request per run and yields chunks, one at a time or one array per network read.
 * It ends when the body ends, throws a `ChatError` when it fails, and closes everything when `signal` aborts.
 * A TanStack AI connect adapter has this shape too and works unchanged.
 */
export interface Connection {
  connect(
    messages: UIMessage[],
    data: Record<string, unknown> | undefined,
    signal: AbortSignal,
    context: ConnectContext,
  ): AsyncIterable<Chunk | readonly Chunk[]>
  /**
   * Reads the run of the thread that is going on, from its start; ends without a chunk when there is none. With a cursor it reads on
   * after it: the run is `context.runId` then. Absent: the server cannot say.
   */
  join?(signal: AbortSignal, context: ConnectContext): AsyncIterable<Chunk | readonly Chunk[]>
  /**
   * Asks the server to stop a run that can be resumed (one with a cursor), since closing the connection does not. Resolves when the run has ended, or
   * after ten seconds at most. Absent: closing the connection is enough.
   */
  cancel?(run: CancelledRun): Promise<void>
}
