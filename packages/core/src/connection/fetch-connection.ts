import type { Resolvable } from '../bytes/open-request.ts'
import type { Connection } from './connection.ts'
import type { ConnectionUrl, FetchConnectionOptions } from './fetch-options.ts'
import type { Framing } from './framings.ts'
import { httpConnection } from './http-connection.ts'
import { openFetch } from './open-fetch.ts'

/** What `fetchServerSentEvents` and `fetchHttpStream` share: everything but the framing. */
export function fetchConnection(framing: Framing, url: ConnectionUrl, options: Resolvable<FetchConnectionOptions>): Connection {
  return httpConnection({ framing, open: openFetch, url, options })
}
