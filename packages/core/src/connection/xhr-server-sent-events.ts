import type { Resolvable } from '../bytes/open-request.ts'
import type { Connection } from './connection.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { SSE } from './framings.ts'
import { xhrConnection, type XhrConnectionOptions } from './xhr-connection.ts'

/**
 * As {@link fetchServerSentEvents}, with XMLHttpRequest: for React Native and web views whose `fetch` does not stream.
 * Cookies for another origin: `withCredentials`. The request holds on to the whole answer until it ends; use `fetch` where it streams.
 *
 * @see https://xhr.spec.whatwg.org
 * @example
 * const connection = xhrServerSentEvents('https://example.com/api/chat', async () => ({
 *   headers: { authorization: `Bearer ${await getToken()}` },
 * }))
 */
export function xhrServerSentEvents(url: ConnectionUrl, options: Resolvable<XhrConnectionOptions> = {}): Connection {
  return xhrConnection(SSE, url, options)
}
