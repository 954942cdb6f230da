import type { UIMessage } from '../../src/transcript/message.ts'
import type { ChatSnapshot } from '../../src/view/snapshot.ts'

/** What is read of a chat: enough is there in each thing that shows one. */
export type Shown = Pick<ChatSnapshot, 'status' | 'phase' | 'messages'> & Partial<Pick<ChatSnapshot, 'error'>>

export type Received = { type: 'chat'; shown: Shown } | { type: 'message'; message: UIMessage }

/** Takes a chat, a snapshot or a message; throws for anything else, also under `.not`. */
export function read(received: unknown, matcher: string): Received {
  if (typeof received === 'object' && received !== null) {
    if ('getSnapshot' in received && typeof received.getSnapshot === 'function') return read(received.getSnapshot(), matcher)
    if ('role' in received && 'parts' in received && Array.isArray(received.parts)) return { type: 'message', message: received as UIMessage }
    if ('status' in received && 'messages' in received && Array.isArray(received.messages)) return { type: 'chat', shown: received as Shown }
  }
  throw new TypeError(`${matcher} is for a chat, its snapshot or a message; it was given ${nameOf(received)}.`)
}

/** {@link read}, where a message says nothing. */
export function readChat(received: unknown, matcher: string): Shown {
  const given = read(received, matcher)
  if (given.type === 'message') throw new TypeError(`${matcher} is for a chat or its snapshot; it was given a message.`)
  return given.shown
}

function nameOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value)
  const keys = Object.keys(value)
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ' …' : ''}`
}
