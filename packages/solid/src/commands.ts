import type { Chat, ChatSnapshot } from '@statechat/core'
import { type Accessor, createMemo, untrack } from 'solid-js'
import { toCore } from './to-core.ts'

const NAMES = [
  'sendMessage',
  'append',
  'reload',
  'edit',
  'stop',
  'retry',
  'clear',
  'setMessages',
  'addToolResult',
  'selectBranch',
  'unqueue',
  'resumeQueue',
] as const

/** What can be done with a chat. */
export type Commands = Pick<Chat, (typeof NAMES)[number] | 'branches'>

/** Commands of the chat that is shown when they are called. */
export function commandsOf(chat: Accessor<Chat>, snapshot: Accessor<ChatSnapshot>): Commands {
  const of = (name: (typeof NAMES)[number]) =>
    [name, (...args: unknown[]) => untrack(() => (chat()[name] as (...args: unknown[]) => unknown)(...args.map(toCore)))] as const
  const versions = createMemo(snapshot, undefined, { equals: hasSameVersions })
  return {
    ...(Object.fromEntries(NAMES.map(of)) as unknown as Pick<Chat, (typeof NAMES)[number]>),
    branches(messageId) {
      versions()
      return untrack(() => chat().branches(messageId))
    },
  }
}

/** While an answer grows, only its message changes: versions neither come nor go. */
function hasSameVersions(before: ChatSnapshot, now: ChatSnapshot): boolean {
  if (before.messages === now.messages) return true
  const isGrowing = before.isLoading && now.isLoading && before.messages.length === now.messages.length
  const last = now.messages.length - 1
  return isGrowing && now.messages.every((message, i) => message === before.messages[i] || (i === last && message.id === before.messages[i]!.id))
}
