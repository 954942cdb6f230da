'use client'
import {
  bindCommands,
  type Chat,
  type ChatCommands,
  type ChatSnapshot,
  type ChatTool,
  type ChatTypes,
  type Schema,
  type TypesFrom,
  type UseChatOptions,
} from '@statechat/core'
import { useMemo } from 'react'
import { firstSnapshot } from './first-snapshot.ts'
import { type TrackedReads, trackReads } from './track-reads.ts'
import { useReadable } from './use-readable.ts'
import { useShownChat } from './use-shown-chat.ts'

/** Everything about a chat, and everything that can be done with it. The commands never change. */
export interface UseChatResult<Types extends ChatTypes = ChatTypes> extends ChatSnapshot<Types>, ChatCommands<Types> {
  /** The chat itself: for `ChatProvider`, `useChatSelector`, `useMessage`, or another component's `useChat`. */
  readonly chat: Chat<Types>
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
export function useChat<
  const Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
  Types extends ChatTypes = TypesFrom<Tools, Output, State>,
>(options?: UseChatOptions<Tools, Output, State, Types>): UseChatResult<NoInfer<Types>>
export function useChat(options: UseChatOptions = {}): UseChatResult {
  const chat = useShownChat(options)
  const first = firstSnapshot(chat)
  const tracked = useMemo(() => trackReads(chat.snapshot), [chat])
  const commands = useMemo(() => bindCommands(() => chat), [chat])
  const shown = useReadable(tracked, () => first)
  return useMemo(() => tracked.view(shown, resultOf(chat, commands, tracked)), [chat, commands, tracked, shown])
}

function resultOf(chat: Chat, commands: ChatCommands, { note }: TrackedReads<ChatSnapshot>) {
  return Object.defineProperty({ chat, ...commands }, 'branches', {
    enumerable: true,
    get() {
      // What it answers changes with the messages.
      note('messages')
      return commands.branches
    },
  })
}
