import type { Resolvable } from '../bytes/open-request.ts'
import type { Connection } from './connection.ts'
import { fetchConnection } from './fetch-connection.ts'
import type { ConnectionUrl, FetchConnectionOptions } from './fetch-options.ts'
import { NDJSON } from './framings.ts'

/**
 * Connects by `POST` to a server that answers with newline-delimited JSON, one chunk a line (`application/x-ndjson`).
 * Everything else is as with {@link fetchServerSentEvents}.
 *
 * @example
 * const connection = fetchHttpStream('/api/chat', { credentials: 'include' })
 */
export function fetchHttpStream(url: ConnectionUrl, options: Resolvable<FetchConnectionOptions> = {}): Connection {
  return fetchConnection(NDJSON, url, options)
}
