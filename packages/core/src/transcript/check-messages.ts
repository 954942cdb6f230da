import { ChatError } from '../errors.ts'
import type { UIMessage } from './message.ts'

/** Throws `misuse` for what cannot be a transcript: messages without id, role or parts, or an id that occurs twice. */
export function checkMessages(list: readonly UIMessage[]): void {
  if (!Array.isArray(list)) throw new ChatError('misuse', `Messages are an array of { id, role, parts }; saw ${typeof list}.`)
  const seen = new Set<string>()
  for (const [i, message] of list.entries()) {
    if (typeof message?.id !== 'string' || typeof message.role !== 'string' || !Array.isArray(message.parts)) {
      throw new ChatError(
        'misuse',
        `messages[${i}] is not a UI message: expected { id, role, parts }, saw ${JSON.stringify(message)?.slice(0, 120)}.`,
      )
    }
    if (seen.has(message.id))
      throw new ChatError('misuse', `messages[${i}] has the id ${JSON.stringify(message.id)} of an earlier message; ids are unique.`)
    seen.add(message.id)
  }
}
