import { ChatError } from '../errors.ts'
import { issuesText, type Schema, validate } from '../tool/schema.ts'

/** Throws `ChatError` `invalid_input` for a person's answer that its schema refuses. */
export async function accept(schema: Schema, value: unknown, what: string): Promise<void> {
  const { issues } = await validate(schema, value)
  if (issues) throw new ChatError('invalid_input', `Nothing was sent: ${what} is not what its schema asks for: ${issuesText(issues)}.`, { issues })
}
