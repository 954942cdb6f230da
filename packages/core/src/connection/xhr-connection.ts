import type { Answer } from '../bytes/answer.ts'
import { canStream, refusalOf } from '../bytes/check-response.ts'
import type { PostRequest, Resolvable } from '../bytes/open-request.ts'
import { openXhr, type XhrRequestOptions } from '../bytes/open-xhr.ts'
import { readText } from '../bytes/read-text.ts'
import type { Connection } from './connection.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import type { Framing } from './framings.ts'
import { httpConnection } from './http-connection.ts'
import type { HttpOptions } from './http-options.ts'

/** Options of the adapters that use XMLHttpRequest. */
export interface XhrConnectionOptions extends XhrRequestOptions, HttpOptions {}

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
