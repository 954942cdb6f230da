import { lazy } from '../lazy.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { UIMessage } from '../transcript/message.ts'
import type { ConnectContext, Connection } from './connection.ts'
import { asConnectionError } from './connection-error.ts'
import type { ChunkSource } from './decode-iterable.ts'
import { type DecodedChunks, isDecoded } from './decoded.ts'
import type { PushBackend } from './push-connection.ts'

/** What connections need that are not made by our own adapters. */
export const foreign = lazy(() => import('./read-foreign.ts'))

/** Arguments of {@link Connection.connect}. */
type Call = [messages: UIMessage[], data: Record<string, unknown> | undefined, signal: AbortSignal, context: ConnectContext]

/**
 * Opens one run of any connection: one array of valid chunks for each network read, never an empty one.
 * Our own adapters have decoded already; what any other object yields goes through the default decoder.
 * Ends when the stream ends or `signal` aborts, else throws `ChatError`.
 */
export function readConnection(connection: Connection | PushBackend, ...call: Call): DecodedChunks {
  return isPush(connection)
    ? readPush(connection, (connected) => readOpened(() => connected.connect(...call), call))
    : readOpened(() => connection.connect(...call), call)
}

/** The run that is going on, as {@link readConnection} gives one; nothing when there is none. */
export function joinConnection(connection: Connection | PushBackend, signal: AbortSignal, context: ConnectContext): DecodedChunks {
  // What is pushed cannot be asked for again.
  return isPush(connection) ? nothing() : readOpened(() => connection.join?.(signal, context) ?? nothing(), [[], undefined, signal, context])
}

const isPush = (given: Connection | PushBackend): given is PushBackend => 'subscribe' in given && !('connect' in given)

function readOpened(open: () => ReturnType<Connection['connect']> | PromiseLike<ChunkSource>, [, , signal, context]: Call): DecodedChunks {
  try {
    const source = open()
    return isDecoded(source) ? source : decodeForeign(source, signal, context)
  } catch (error) {
    return failing(asConnectionError(error))
  }
}

async function* decodeForeign(
  source: ChunkSource | PromiseLike<ChunkSource>,
  signal: AbortSignal,
  context: ConnectContext,
): AsyncGenerator<readonly Chunk[], void, void> {
  // It is waited for when the code is here; until then nobody else hears that it failed.
  Promise.resolve(source).catch(() => {})
  const { decodeIterable } = foreign.get() ?? (await foreign.load())
  yield* decodeIterable({ open: () => source, signal, context })
}

async function* readPush(backend: PushBackend, read: (connection: Connection) => DecodedChunks): AsyncGenerator<readonly Chunk[], void, void> {
  const { connectionOf } = foreign.get() ?? (await foreign.load())
  yield* read(connectionOf(backend))
}

async function* nothing(): AsyncGenerator<never, void, void> {}

async function* failing(error: Error): AsyncGenerator<never, void, void> {
  throw error
}
