import type { UIMessage } from '../transcript/message.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { asConnectionError, type ChunkSource, decodeIterable } from './decode-iterable.ts'
import { type DecodedChunks, isDecoded } from './decoded.ts'

/**
 * Opens one run of any connection: one array of valid chunks for each network read, never an empty one.
 * Our own adapters have decoded already; what any other object yields goes through the default decoder.
 * Ends when the stream ends or `signal` aborts, else throws `ChatError`.
 */
export function readConnection(
  connection: Connection,
  messages: UIMessage[],
  data: Record<string, unknown> | undefined,
  signal: AbortSignal,
  context: ConnectContext,
): DecodedChunks {
  let source: ReturnType<Connection['connect']> | PromiseLike<ChunkSource>
  try {
    source = connection.connect(messages, data, signal, context)
  } catch (error) {
    return failing(asConnectionError(error))
  }
  if (isDecoded(source)) return source
  return decodeIterable({ open: () => source, signal, context })
}

async function* failing(error: Error): AsyncGenerator<never, void, void> {
  throw error
}
