import type { UIMessage } from '../transcript/message.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { asConnectionError, type ChunkSource, decodeIterable } from './decode-iterable.ts'
import { type DecodedChunks, isDecoded } from './decoded.ts'
import { type PushBackend, pushConnection } from './push-connection.ts'

/**
 * Opens one run of any connection: one array of valid chunks for each network read, never an empty one.
 * Our own adapters have decoded already; what any other object yields goes through the default decoder.
 * Ends when the stream ends or `signal` aborts, else throws `ChatError`.
 */
export function readConnection(
  connection: Connection | PushBackend,
  messages: UIMessage[],
  data: Record<string, unknown> | undefined,
  signal: AbortSignal,
  context: ConnectContext,
): DecodedChunks {
  let source: ReturnType<Connection['connect']> | PromiseLike<ChunkSource>
  try {
    source = toConnection(connection).connect(messages, data, signal, context)
  } catch (error) {
    return failing(asConnectionError(error))
  }
  if (isDecoded(source)) return source
  return decodeIterable({ open: () => source, signal, context })
}

/** The run that is going on, as {@link readConnection} gives one; nothing when there is none. */
export function joinConnection(connection: Connection | PushBackend, signal: AbortSignal, context: ConnectContext): DecodedChunks {
  const given = toConnection(connection)
  return readConnection({ connect: () => given.join?.(signal, context) ?? nothing() }, [], undefined, signal, context)
}

/** One for each backend, so that the runs of all its chats share a subscription. */
const connections = new WeakMap<PushBackend, Connection>()

function toConnection(given: Connection | PushBackend): Connection {
  if (!('subscribe' in given) || 'connect' in given) return given as Connection
  const known = connections.get(given) ?? pushConnection(given)
  connections.set(given, known)
  return known
}

async function* nothing(): AsyncGenerator<never, void, void> {}

async function* failing(error: Error): AsyncGenerator<never, void, void> {
  throw error
}
