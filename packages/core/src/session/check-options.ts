import { ChatError } from '../errors.ts'
import { requireUniqueNames } from '../tool/tool-definition.ts'
import type { LiveOptions } from './options.ts'

/** Throws `misuse` for options that no chat can work with: without a connection, or with two tools of one name. */
export function checkOptions({ connection, tools = [] }: LiveOptions): void {
  if (typeof connection !== 'object' || connection === null || !('connect' in connection || 'subscribe' in connection))
    throw new ChatError('misuse', `A chat needs a connection, as in { connection: fetchServerSentEvents('/api/chat') }; saw ${String(connection)}.`)
  requireUniqueNames(tools)
}
