import { type ContentPart, toWireMessages, type UIMessage, type WireMessage } from '@statechat/core/wire'
import { isObject, list, object } from './shape.ts'
import { uiMessage } from './ui-message.ts'
import { wireMessage } from './wire-message.ts'

/** The least a message can be. */
export interface PlainMessage {
  role: 'user' | 'assistant' | 'system' | 'developer'
  content: string | ContentPart[]
  id?: string | undefined
}

/** Every form in which messages may come. */
export type MessageInput = UIMessage | WireMessage | PlainMessage

/**
 * UI messages (`parts`), AG-UI wire messages and plain `{ role, content }`, in any mixture, as wire messages.
 * AG-UI's `activity` messages are for the screen and left out, and so is every unknown field.
 * Throws a `ChatRequestError` that says which message is wrong and why.
 *
 * @example
 * ```ts
 * normaliseMessages([{ role: 'user', content: 'Hello' }]) // [{ id: '…', role: 'user', content: 'Hello' }]
 * ```
 */
export function normaliseMessages(
  messages: readonly MessageInput[] | readonly unknown[],
  { generateId = () => crypto.randomUUID() }: { generateId?: (() => string) | undefined } = {},
): WireMessage[] {
  return list(messages, 'messages').flatMap((item, index): WireMessage[] => {
    const path = `messages[${index}]`
    const message = object(item, path)
    if ('parts' in message && message['parts'] !== undefined) return toWireMessages([uiMessage(message, path, generateId)])
    return isActivity(item) ? [] : [wireMessage(message, path, generateId)]
  })
}

const isActivity = (item: unknown): boolean => isObject(item) && item['role'] === 'activity'
