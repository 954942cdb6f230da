import type { RequestOptions, Resolvable } from '../bytes/open-request.ts'
import type { HttpOptions } from './http-options.ts'

/** Options of the adapters that fetch. */
export interface FetchConnectionOptions extends RequestOptions, HttpOptions {}

/** Where to post; a function is asked for each request. */
export type ConnectionUrl = Resolvable<string | URL>
