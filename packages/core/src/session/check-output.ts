import { ChatError, messageOf } from '../errors.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { issuesText, type Schema, type Validated, validate } from '../tool/schema.ts'
import { structuredOutputOf } from '../transcript/structured-output.ts'
import type { ChatHost } from './host.ts'

/**
 * The structured answer that the run ended with, valid and as the schema makes it; undefined if it ended with something else.
 * Throws `ChatError` `invalid_output`.
 */
export async function checkOutput({ transcript }: ChatHost, schema: Schema): Promise<Chunk | undefined> {
  const message = transcript.runMessage()
  const part = message && structuredOutputOf(message)
  if (!part || part.status === 'error') return undefined
  const at = message.parts.indexOf(part)
  // Not of this run, or said before a call whose result is yet to come.
  if (at < transcript.runStart() || message.parts.some((other, i) => i > at && other.type === 'tool-call')) return undefined
  const given = part.status === 'complete' ? { value: part.data } : parseOutput(part.raw)
  const checked = given.issues ? given : await validate(schema, given.value)
  if (checked.issues)
    throw new ChatError('invalid_output', `The answer is not what outputSchema asks for: ${issuesText(checked.issues)}. retry() asks again.`, {
      issues: checked.issues,
      body: part.raw,
    })
  return { type: 'CUSTOM', name: 'structured-output.complete', value: { messageId: part.messageId, object: checked.value, raw: part.raw } }
}

function parseOutput(raw: string): Validated {
  try {
    return { value: JSON.parse(raw) }
  } catch (cause) {
    return { issues: [{ message: `it is no JSON: ${messageOf(cause)}` }] }
  }
}
