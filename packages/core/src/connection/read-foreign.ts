import type { Connection } from './connection.ts'
import { type PushBackend, pushConnection } from './push-connection.ts'

export { decodeIterable } from './decode-iterable.ts'

/** One for each backend, so that the runs of all its chats share a subscription. */
const connections = new WeakMap<PushBackend, Connection>()

export function connectionOf(backend: PushBackend): Connection {
  const known = connections.get(backend) ?? pushConnection(backend)
  connections.set(backend, known)
  return known
}
