'use client'
import type { Chat, ChatSnapshot } from '@statechat/core'
import { useMemo } from 'react'
import { firstSnapshot } from './first-snapshot.ts'
import { type TrackedReads, trackReads } from './track-reads.ts'
import { useReadable } from './use-readable.ts'
import { type UseChatOptions, useShownChat } from './use-shown-chat.ts'

type Commands = Pick<
  Chat,
  | 'sendMessage'
  | 'append'
  | 'reload'
  | 'edit'
  | 'stop'
  | 'retry'
  | 'clear'
  | 'setMessages'
  | 'addToolResult'
  | 'branches'
  | 'selectBranch'
  | 'unqueue'
  | 'resumeQueue'
>

/** Everything about a chat, and everything that can be done with it. The commands never change. */
export interface UseChatResult extends ChatSnapshot, Commands {
  /** The chat itself: for `ChatProvider`, `useChatSelector`, `useMessage`, or another component's `useChat`. */
  readonly chat: Chat
}

/**
 * A chat in a component. With options (`connection`, …) the component owns it: another `threadId` makes another chat,
 * every other option counts from the next request on, and unmounting ends it. With `{ chat }`, or nothing below a
 * `ChatProvider`, it shows somebody else's and leaves it as it is.
 *
 * Renders again only when a field changes that was read: one that reads `isLoading` sleeps through the tokens.
 * Throws `ChatError` `misuse` if there is no chat.
 *
 * @example
 * const { messages, sendMessage, isLoading, stop } = useChat({ connection: fetchServerSentEvents('/api/chat') })
 */
export function useChat(options: UseChatOptions = {}): UseChatResult {
  const chat = useShownChat(options)
  const first = firstSnapshot(chat)
  const tracked = useMemo(() => trackReads(chat.snapshot), [chat])
  const shown = useReadable(tracked, () => first)
  return useMemo(() => tracked.view(shown, commandsOf(chat, tracked)), [chat, tracked, shown])
}

function commandsOf(chat: Chat, { note }: TrackedReads<ChatSnapshot>) {
  const { sendMessage, append, reload, edit, stop, retry, clear, setMessages, addToolResult, selectBranch, unqueue, resumeQueue } = chat
  const commands = { chat, sendMessage, append, reload, edit, stop, retry, clear, setMessages, addToolResult, selectBranch, unqueue, resumeQueue }
  return Object.defineProperty(commands as typeof commands & Pick<Chat, 'branches'>, 'branches', {
    enumerable: true,
    get() {
      // What it answers changes with the messages.
      note('messages')
      return chat.branches
    },
  })
}
