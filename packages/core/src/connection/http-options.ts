import type { HeadersInput } from '../bytes/open-request.ts'
import type { Timers } from '../bytes/timers.ts'
import type { Protocol } from '../protocol/protocol.ts'

/** What every adapter that posts can be told. */
export interface HttpOptions {
  /** Added to those of the adapter, or in their place; names are case-insensitive. */
  headers?: HeadersInput | undefined
  /** Extra fields for the body of every request; the protocol's own fields win. */
  body?: Record<string, unknown> | undefined
  /** How requests are written and answers are read. Default `agUi()`, which reads classic TanStack AI chunks too. */
  protocol?: Protocol | undefined
  /**
   * The server keeps a log of its runs (`chatHandler` and `toStreamResponse(stream, { log })` of `@statechat/server` do): a request may be sent again
   * with the same `runId`, and joins the run instead of calling the model again; `?cancel=<runId>` stops it. Then a connection that drops before the first
   * event is rejoined too, and `stop()` reaches a run that has not answered yet. Default: found out from the ids of the events, if they are such as
   * our servers or TanStack AI's give.
   */
  resumable?: boolean | undefined
  /** The timer that notices a server that has fallen silent. Default: setTimeout. */
  clock?: Timers | undefined
}
