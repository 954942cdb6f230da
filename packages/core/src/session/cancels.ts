import { messageOf } from '../errors.ts'
import type { ChatHost } from './host.ts'

/** Runs that the server was asked to stop. */
export interface Cancels {
  start(runId: string): void
  done(): Promise<void>
}

/** Bounded by the connection: what it does not answer in time is given up. */
export function createCancels(host: () => ChatHost): Cancels {
  const pending = new Set<Promise<void>>()

  async function cancel(runId: string): Promise<void> {
    const { options, threadId, warn } = host()
    const { connection } = options
    try {
      if ('cancel' in connection) await connection.cancel?.({ threadId, runId })
    } catch (cause) {
      const message = `The server could not be told to stop the run ${runId}, and may go on with it: ${messageOf(cause)}`
      warn({ code: 'not_cancelled', message, seen: cause })
    }
  }

  return {
    start(runId) {
      const work = cancel(runId).finally(() => pending.delete(work))
      pending.add(work)
    },
    async done() {
      await Promise.all(pending)
    },
  }
}
