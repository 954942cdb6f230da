import type { Chat } from '../chat.ts'
import type { ChatHost } from '../session/host.ts'
import { statusOf } from '../view/snapshot.ts'
import type { StoredChat } from './stored-chat.ts'

/** The conversation as it is now; null if there is nothing to keep. `sought`: the run that was restored and has not been looked for yet. */
export function toStored(host: ChatHost, actor: Chat['actor'], version: number, sought: string | undefined): StoredChat | null {
  const { value, context } = actor.getSnapshot()
  const messages = host.transcript.all()
  if (messages.length === 0 && context.queue.length === 0) return null
  const { status, phase } = statusOf(value)
  // The run of `local` has ended; what the client owes is in the messages. One that could not be rejoined may go on without us.
  const isLost = status === 'error' && context.cursor !== null && context.ledger.terminal === null && context.ledger.failure === null
  const isRunning = status === 'streaming' || phase === 'remote' || isLost
  const isSought = host.joins || phase === 'restoring'
  return {
    version,
    threadId: host.threadId,
    messages,
    head: host.transcript.head(),
    queue: context.queue,
    state: host.transcript.state(),
    ...(isRunning && { runStart: host.transcript.runStart() }),
    runId: isRunning ? (context.joinedId ?? context.runId ?? undefined) : isSought ? sought : undefined,
  }
}
