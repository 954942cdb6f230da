import type { Resolvable } from '../bytes/open-request.ts'
import type { Connection } from './connection.ts'
import type { ConnectionUrl } from './fetch-options.ts'
import { NDJSON } from './framings.ts'
import { xhrConnection, type XhrConnectionOptions } from './xhr-connection.ts'

/**
 * As {@link fetchHttpStream}, with XMLHttpRequest; everything else is as with {@link xhrServerSentEvents}.
 *
 * @example
 * const connection = xhrHttpStream('https://example.com/api/chat', { withCredentials: true })
 */
export function xhrHttpStream(url: ConnectionUrl, options: Resolvable<XhrConnectionOptions> = {}): Connection {
  return xhrConnection(NDJSON, url, options)
}
