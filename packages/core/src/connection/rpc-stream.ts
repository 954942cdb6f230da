import type { Connection } from './connection.ts'
import { stream, type StreamFunction } from './stream.ts'

/**
 * Connects through a call that streams: Cap'n Web, oRPC, tRPC, a server function. The same as {@link stream}, by the name it has in TanStack AI.
 *
 * @example
 * const connection = rpcStream((messages, data, signal) => api.chat({ messages, ...data }, { signal }))
 */
export function rpcStream(call: StreamFunction): Connection {
  return stream(call)
}
