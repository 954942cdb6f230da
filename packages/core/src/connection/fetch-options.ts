import type { RequestOptions, Resolvable } from '../bytes/open-request.ts'
import type { Timers } from '../bytes/timers.ts'
import type { Protocol } from '../protocol/protocol.ts'

/** Options of the adapters that fetch. */
export interface FetchConnectionOptions extends RequestOptions {
  /** Extra fields for the body of every request; the protocol's own fields win. */
  body?: Record<string, unknown> | undefined
  /** How requests are written and answers are read. Default `agUi()`, which reads classic TanStack AI chunks too. */
  protocol?: Protocol | undefined
  /**
   * The server keeps a log of its runs (`chatHandler` and `toStreamResponse(stream, { log })` of `@statechat/server` do): a request may be sent again
   * with the same `runId`, and joins the run instead of calling the model again; `?cancel=<runId>` stops it. Then a connection that drops before the first
   * event is rejoined too, and `stop()` reaches a run that has not answered yet. Default: found out from the ids of the events, if they are such as our servers or TanStack AI's give.
   */
  resumable?: boolean | undefined
  /** The timer that notices a server that has fallen silent. Default: setTimeout. */
  clock?: Timers | undefined
}

/** Where to post; a function is asked for each request. */
export type ConnectionUrl = Resolvable<string | URL>
