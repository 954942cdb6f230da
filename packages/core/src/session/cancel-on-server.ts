import { messageOf } from '../errors.ts'
import type { ChatHost } from './host.ts'

/** Asks the server to stop a run. Bounded by the connection: what it does not answer in time is given up. */
export async function cancelOnServer(host: ChatHost, runId: string): Promise<void> {
  const { connection } = host.options
  try {
    if ('cancel' in connection) await connection.cancel?.({ threadId: host.threadId, runId })
  } catch (cause) {
    const message = `The server could not be told to stop the run ${runId}, and may go on with it: ${messageOf(cause)}`
    host.warn({ code: 'not_cancelled', message, seen: cause })
  }
}
