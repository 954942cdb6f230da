import type { Chat, ChatCommands, ChatSnapshot, ChatTool, ChatTypes, Schema, TypesFrom, UseChatOptions } from '@statechat/core'
import { type Accessor, createMemo, untrack } from 'solid-js'
import { commandsOf } from './commands.ts'
import { firstSnapshot } from './first-snapshot.ts'
import type { MaybeAccessor } from './maybe-accessor.ts'
import { createMessageList } from './message-list.ts'
import { useReadable } from './use-readable.ts'
import { useShownChat } from './use-shown-chat.ts'

/**
 * Everything about a chat, and everything that can be done with it. The fields are getters that are followed where they
 * are read, as those of props are, so do not destructure them; the commands never change.
 */
export interface UseChatResult<Types extends ChatTypes = ChatTypes> extends ChatSnapshot<Types>, ChatCommands<Types> {
  /** The chat itself: for `ChatProvider`, `useChatSelector`, `useMessage`, or another component's `useChat`. */
  readonly chat: Chat<Types>
}

/**
 * A chat in a component, or in any other owner (`createRoot`). With options (`connection`, …) the owner owns it: another
 * `threadId` makes another chat, every other option counts from the next request on, and the end of the owner ends it.
 * With `{ chat }`, or nothing below a `ChatProvider`, it shows somebody else's and leaves it as it is. Options that
 * change come as an accessor, or as an object with getters.
 *
 * `messages` are stores: `<For each={chat.messages}>` keeps its elements, and a token updates the one text that shows it.
 * Throws `ChatError` `misuse` if there is no chat.
 *
 * @example
 * const chat = useChat({ connection: fetchServerSentEvents('/api/chat') })
 * return <For each={chat.messages}>{(message) => <Message message={message} />}</For>
 */
export function useChat<
  const Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
  Types extends ChatTypes = TypesFrom<Tools, Output, State>,
>(options?: MaybeAccessor<UseChatOptions<Tools, Output, State, Types>>): UseChatResult<NoInfer<Types>>
export function useChat(options: MaybeAccessor<UseChatOptions> = {}): UseChatResult {
  const chat = useShownChat(options)
  const first = untrack(() => firstSnapshot(chat()))
  const current = useReadable(
    () => chat().snapshot,
    () => firstSnapshot(chat()),
  )
  const list = createMessageList(() => void snapshot())
  // Before the other fields are computed, so that nobody sees new ones beside old messages.
  const snapshot = createMemo(() => {
    const now = current()
    list.update(now.messages)
    return now
  })
  const fields: Record<string, Accessor<unknown>> = { chat, messages: list.read }
  for (const field of Object.keys(first) as (keyof ChatSnapshot)[]) fields[field] ??= createMemo(() => snapshot()[field])
  const result = commandsOf(chat, snapshot)
  for (const [field, get] of Object.entries(fields)) Object.defineProperty(result, field, { enumerable: true, get })
  return result as UseChatResult
}
