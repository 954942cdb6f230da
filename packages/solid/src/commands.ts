import { bindCommands, type Chat, type ChatCommands, type ChatSnapshot } from '@statechat/core'
import { type Accessor, createMemo, untrack } from 'solid-js'
import { toCore } from './to-core.ts'

/** Commands of the chat that is shown when they are called. */
export function commandsOf(chat: Accessor<Chat>, snapshot: Accessor<ChatSnapshot>): ChatCommands {
  const versions = createMemo(snapshot, undefined, { equals: hasSameVersions })
  return {
    ...bindCommands(
      () => untrack(chat),
      (command, args) => untrack(() => command(...args.map(toCore))),
    ),
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
