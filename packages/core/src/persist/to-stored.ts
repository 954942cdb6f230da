import type { Chat } from '../chat.ts'
import type { ChatHost } from '../session/host.ts'
import { statusOf } from '../view/snapshot.ts'
import type { StoredChat } from './stored-chat.ts'

interface Asked {
  version: number
  /** The run that was restored and has not been looked for yet. */
  sought: string | undefined
  /** The option `resume`: the application says that runs are kept. */
  resume: boolean
}

/** The conversation as it is now; null if there is nothing to keep. */
export function toStored(host: ChatHost, actor: Chat['actor'], { version, sought, resume }: Asked): StoredChat | null {
  const { value, context } = actor.getSnapshot()
  const messages = host.transcript.all()
  if (messages.length === 0 && context.queue.length === 0) return null
  const { status, phase } = statusOf(value)
  // The run of `local` has ended; what the client owes is in the messages. One that could not be rejoined may go on without us.
  const isLost = status === 'error' && context.ledger.terminal === null && context.ledger.failure === null
  // Elsewhere a run ends with its connection, and its server would not understand the question.
  const isKept = resume || context.cursor !== null
  const isRunning = isKept && (status === 'streaming' || phase === 'remote' || (isLost && context.cursor !== null))
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
