import type { Custom, Interrupt } from '../protocol/chunk.ts'

/** TanStack AI's reasons, today's and an older one, for a call that it leaves to the client; nobody has to agree to it. */
export const CLIENT_TOOL: ReadonlySet<string> = new Set(['tanstack:client_tool_execution', 'client_tool_input'])

/** Whether an interrupt asks for a yes or no to a call, unless its schema wants something else; or says that the client is to run it. */
export function isApproval({ toolCallId, reason, responseSchema }: Interrupt): boolean {
  if (toolCallId === undefined) return false
  const fields = fieldsOf(responseSchema)
  return CLIENT_TOOL.has(reason) || fields === undefined || fields.has('approved')
}

/** What an answer may say, in any of its forms: TanStack AI has one for yes and one for no. */
export function fieldsOf(schema: Record<string, unknown> = {}): ReadonlySet<string> | undefined {
  const forms = [schema, schema['oneOf'], schema['anyOf']].flat() as ({ properties?: object } | undefined)[]
  const named = forms.flatMap((form) => form?.properties ?? [])
  return named.length === 0 ? undefined : new Set(named.flatMap(Object.keys))
}

/** CUSTOM events that ask the client to answer a call. */
export function isCallRequest(chunk: Custom): boolean {
  if (chunk.name !== 'tool-input-available' && chunk.name !== 'approval-requested') return false
  return typeof (chunk.value as { toolCallId?: unknown } | null | undefined)?.toolCallId === 'string'
}
