import type { RequestOptions, Resolvable } from '../bytes/open-request.ts'
import type { Protocol } from '../protocol/protocol.ts'

/** Options of the adapters that fetch. */
export interface FetchConnectionOptions extends RequestOptions {
  /** Extra fields for the body of every request; the protocol's own fields win. */
  body?: Record<string, unknown> | undefined
  /** How requests are written and answers are read. Default `agUi()`, which reads classic TanStack AI chunks too. */
  protocol?: Protocol | undefined
}

/** Where to post; a function is asked for each request. */
export type ConnectionUrl = Resolvable<string | URL>
