import type { ConnectContext, Connection } from '../connection/connection.ts'
import { isFinal } from '../connection/is-final.ts'
import type { PushBackend } from '../connection/push-connection.ts'
import { joinConnection, readConnection } from '../connection/read-connection.ts'
import { ChatError } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { UIMessage } from '../transcript/message.ts'
import { canResume, type SharedRun } from './shared-run.ts'

/** One request of the chat, or the question whether a run is going on. */
export interface Call {
  kind: 'connect' | 'join'
  connection: Connection | PushBackend
  messages: UIMessage[]
  data: Record<string, unknown> | undefined
  signal: AbortSignal
  context: ConnectContext
}

/** As if there were no other tab. */
export const readAlone = ({ kind, connection, messages, data, signal, context }: Call) =>
  kind === 'join' ? joinConnection(connection, signal, context) : readConnection(connection, messages, data, signal, context)

export interface Owner {
  /** The run has a name: the others are told. */
  begin(call: Call, runId: string): SharedRun
  /** For those who follow. */
  pass(shared: SharedRun, chunks: readonly Chunk[], cursor: string | null): void
}

/** A run of this tab: begun here (`shared` is null), dropped and asked for again, or taken over from a tab that is gone. */
export async function* readOwn(call: Call, known: SharedRun | null, { begin, pass }: Owner): AsyncGenerator<readonly Chunk[], void, void> {
  const { kind, context } = call
  const isTakenOver = known !== null && context.cursor === undefined
  if (isTakenOver) {
    if (!canResume(known)) {
      if (isFinal(known.chunks.at(-1))) return
      throw connectionGone()
    }
    context.onCursor(known.cursor!)
    // The chat gets to know it now, so that a stop reaches the server.
    if (known.chunks.length > 0) yield []
  }
  let shared = known ?? (kind === 'connect' ? begin(call, context.runId) : null)
  let cursor = known?.cursor ?? null
  const given: ConnectContext = {
    ...context,
    ...(isTakenOver && { cursor: known.cursor! }),
    onCursor(next) {
      cursor = next
      context.onCursor(next)
      if (next === '' && shared) pass(shared, [], next)
    },
    onJoin(found) {
      shared ??= begin(call, found.runId)
      context.onJoin?.(found)
    },
  }
  try {
    for await (const chunks of readAlone({ ...call, context: given })) {
      shared ??= begin(call, context.runId)
      pass(shared, chunks, cursor)
      yield chunks
    }
  } finally {
    if (shared && shared.cursor !== cursor) pass(shared, [], cursor)
  }
}

const connectionGone = () =>
  new ChatError(
    'connection',
    'The tab that had the connection was closed in the middle of the answer, and the server cannot go on with it in another one. retry() asks anew.',
  )
