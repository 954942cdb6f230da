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
import { computed, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useSnapshot } from './use-chat-selector.ts'
import { type MaybeRefs, useShownChat } from './use-shown-chat.ts'

type Fields<Types extends ChatTypes = ChatTypes> = { readonly [K in keyof ChatSnapshot]: ComputedRef<ChatSnapshot<Types>[K]> }

/** Everything about a chat as readonly refs, and everything that can be done with it. The commands never change. */
export interface UseChatResult<Types extends ChatTypes = ChatTypes> extends Fields<Types>, ChatCommands<Types> {
  /** The chat itself: for `provideChat`, `useChatSelector`, `useMessage`, or another component's `useChat`. */
  readonly chat: ComputedRef<Chat<Types>>
}

/**
 * A chat in a component, or in any effect scope. With options (`connection`, …) the scope owns it: another `threadId`
 * makes another chat, every other option counts from the next request on, and the end of the scope ends it. With
 * `{ chat }`, or nothing below a `provideChat`, it shows somebody else's and leaves it as it is. Options may be refs,
 * hold refs, or be a getter.
 *
 * Each field wakes its own readers only, and may be destructured. Messages are plain objects, never proxies.
 * Throws `ChatError` `misuse` if there is no chat, or no scope.
 *
 * @example
 * const { messages, sendMessage, isLoading, stop } = useChat({ connection: fetchServerSentEvents('/api/chat') })
 */
export function useChat<
  const Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
  Types extends ChatTypes = TypesFrom<Tools, Output, State>,
>(options?: MaybeRefOrGetter<MaybeRefs<UseChatOptions<Tools, Output, State, Types>>>): UseChatResult<NoInfer<Types>>
export function useChat(options: MaybeRefOrGetter<MaybeRefs<UseChatOptions>> = {}): UseChatResult {
  const chat = useShownChat(options)
  const snapshot = useSnapshot(chat)
  const names = Object.keys(chat.value.getSnapshot()) as (keyof ChatSnapshot)[]
  const fields = Object.fromEntries(names.map((name) => [name, computed(() => snapshot.value[name])])) as unknown as Fields
  return { ...fields, ...commandsOf(chat, fields), chat }
}

function commandsOf(chat: ComputedRef<Chat>, { messages }: Fields): ChatCommands {
  return {
    ...bindCommands(() => chat.value),
    branches(messageId) {
      // What it answers changes with the messages.
      void messages.value
      return chat.value.branches(messageId)
    },
  }
}
