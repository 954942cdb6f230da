import type { Answer } from '../bytes/answer.ts'
import { canStream, refusalOf } from '../bytes/check-response.ts'
import type { PostRequest, Resolvable } from '../bytes/open-request.ts'
import { openXhr, type XhrRequestOptions } from '../bytes/open-xhr.ts'
import type { Timers } from '../bytes/timers.ts'
import { readText } from '../bytes/read-text.ts'
import type { Protocol } from '../protocol/protocol.ts'
import type { Connection } from './connection.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import type { Framing } from './framings.ts'
import { httpConnection } from './http-connection.ts'

/** Options of the adapters that use XMLHttpRequest. */
export interface XhrConnectionOptions extends XhrRequestOptions {
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

/** What `xhrServerSentEvents` and `xhrHttpStream` share: everything but the framing. */
export function xhrConnection(framing: Framing, url: ConnectionUrl, options: Resolvable<XhrConnectionOptions>): Connection {
  return httpConnection({ framing, open, url, options })
}

async function open(request: PostRequest<XhrConnectionOptions>, contentTypes: readonly string[]): Promise<Answer | undefined> {
  const answer = await openXhr(request)
  if (answer === undefined || canStream(answer.response, contentTypes)) return answer
  const refusal = refusalOf(answer.response, contentTypes, await readText(answer.reads))
  if (request.signal.aborted) return undefined
  throw refusal
}
