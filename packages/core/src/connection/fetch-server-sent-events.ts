import type { Resolvable } from '../bytes/open-request.ts'
import type { Connection } from './connection.ts'
import { fetchConnection } from './fetch-connection.ts'
import type { ConnectionUrl, FetchConnectionOptions } from './fetch-options.ts'
import { SSE } from './framings.ts'

/**
 * Connects by `POST` to a server that answers with server-sent events: ours, TanStack AI's, any AG-UI server.
 * `url` and `options` may be functions, sync or async; they are asked for each request.
 *
 * The iterable it returns throws `ChatError`: `http`, `bad_response`, `network`, `truncated`, `protocol`,
 * or `connection` when a function given here throws. It ends when `signal` aborts.
 *
 * @example
 * const connection = fetchServerSentEvents('/api/chat', async () => ({
 *   headers: { authorization: `Bearer ${await getToken()}` },
 *   body: { model: 'small' },
 * }))
 */
export function fetchServerSentEvents(url: ConnectionUrl, options: Resolvable<FetchConnectionOptions> = {}): Connection {
  return fetchConnection(SSE, url, options)
}
