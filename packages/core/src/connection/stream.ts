import type { UIMessage } from '../transcript/message.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { type ChunkSource, decodeIterable } from './decode-iterable.ts'
import { markDecoded } from './decoded.ts'

/** Opens one run; gives its chunks, or a promise of them. */
export type StreamFunction = (
  messages: UIMessage[],
  data: Record<string, unknown> | undefined,
  signal: AbortSignal,
  context: ConnectContext,
) => ChunkSource | PromiseLike<ChunkSource>

/**
 * Connects to anything that yields chunks: a generator, a server function, an RPC call, a test.
 * Items are chunks or arrays of chunks, AG-UI or classic. An iterable that never yields RUN_STARTED may just end;
 * one that does owes a RUN_FINISHED or RUN_ERROR.
 *
 * The run ends at once when `signal` aborts, also if the function ignores it.
 * What the function or its iterable throws becomes `ChatError` `connection` with the error as its cause; a `ChatError` stays as it is.
 *
 * @example
 * const connection = stream(async function* (messages, data, signal) {
 *   yield { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: `You wrote ${messages.length} messages.` }
 * })
 */
export function stream(open: StreamFunction): Connection {
  return {
    connect: (messages, data, signal, context) => markDecoded(decodeIterable({ open: () => open(messages, data, signal, context), signal, context })),
  }
}
