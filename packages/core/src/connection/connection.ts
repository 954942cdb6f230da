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
  /** Call it with an opaque position after each read that can be resumed from; a run with a cursor is rejoined when it drops. */
  onCursor: (cursor: string) => void
  onWarning: WarningSink
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
   * Reads the run of the thread that is going on, from its start; ends without a chunk when there is none.
   * Absent: the server cannot say.
   */
  join?(signal: AbortSignal, context: ConnectContext): AsyncIterable<Chunk | readonly Chunk[]>
}
