import { isObject, setField } from '../json.ts'
import type { Custom, Metadata } from '../protocol/chunk.ts'
import type { UIMessage } from './message.ts'

/** CUSTOM `message-metadata`: more about the message, merged deeply; lists and other values replace what was there. */
export const isMessageMetadata = (chunk: Custom): chunk is Custom & { value: Metadata } => chunk.name === 'message-metadata' && isObject(chunk.value)

export const applyMessageMetadata = (message: UIMessage, { value }: Custom & { value: Metadata }): UIMessage => ({
  ...message,
  metadata: merged(message.metadata ?? {}, value),
})

function merged(before: Metadata, after: Metadata): Metadata {
  const result = { ...before }
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    setField(result, key, isObject(old) && isObject(value) ? merged(old, value) : value)
  }
  return result
}
