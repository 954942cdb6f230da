import {
  bindCommands,
  type Chat,
  type ChatCommands,
  type ChatSnapshot,
  type ChatTool,
  type ChatTypes,
  type Readable,
  type Schema,
  type TypesFrom,
  type UseChatOptions,
} from '@statechat/core'
import { untrack } from 'svelte'
import { createReader } from './create-reader.ts'
import type { MaybeGetter } from './maybe-getter.ts'
import { useShownChat } from './use-shown-chat.ts'

/** Everything about a chat, and everything that can be done with it. The commands never change and need no `this`. */
export interface UseChatResult<Types extends ChatTypes = ChatTypes> extends ChatSnapshot<Types>, ChatCommands<Types> {
  /** The chat itself: for `provideChat`, `useChatSelector`, `useMessage`, or another component's `useChat`. */
  readonly chat: Chat<Types>
}

/**
 * A chat in a component. With options (`connection`, …) the component owns it: another `threadId` makes another chat,
 * every other option counts from the next request on, and destroying the component ends it. With `{ chat }`, or nothing
 * below a `provideChat`, it shows somebody else's and leaves it as it is. Options that change come through a getter.
 *
 * Each field is read where it stands, and what reads it runs again only for that field: an effect that reads
 * `isLoading` sleeps through the tokens. Taking a field out (`const { messages } = …`) freezes it.
 * Outside a component nothing ends an owned chat but `chat.dispose()`. Throws `ChatError` `misuse` if there is no chat.
 *
 * @example
 * const chat = useChat(() => ({ connection, threadId })) // {#each chat.messages as message (message.id)}
 */
export function useChat<
  const Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
  Types extends ChatTypes = TypesFrom<Tools, Output, State>,
>(options?: MaybeGetter<UseChatOptions<Tools, Output, State, Types>>): UseChatResult<NoInfer<Types>>
export function useChat(options: MaybeGetter<UseChatOptions> = {}): UseChatResult {
  const { read: readField, end } = createReader()
  const { read: readChat } = createReader()
  const shown = useShownChat(options, end)

  const result: object = {
    ...bindCommands(
      () => shown.get(),
      (command, args) => untrack(() => command(...args)),
    ),
    get chat() {
      return readChat(shown)
    },
    branches(messageId: string) {
      const chat = readChat(shown)
      // What it answers changes with the messages.
      readField(fieldOf(chat, 'messages'))
      return chat.branches(messageId)
    },
  }
  for (const name of Object.keys(shown.get().getSnapshot()) as (keyof ChatSnapshot)[]) {
    Object.defineProperty(result, name, { enumerable: true, get: () => readField(fieldOf(readChat(shown), name)) })
  }
  return result as UseChatResult
}

const fields = new WeakMap<Chat, Map<keyof ChatSnapshot, Readable<unknown>>>()

/** One field of the snapshot: the same Readable for all that show this chat. */
function fieldOf(chat: Chat, name: keyof ChatSnapshot): Readable<unknown> {
  const known = fields.get(chat) ?? new Map<keyof ChatSnapshot, Readable<unknown>>()
  const field = known.get(name) ?? chat.select((snapshot) => snapshot[name])
  fields.set(chat, known.set(name, field))
  return field
}
