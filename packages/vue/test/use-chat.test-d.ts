import {
  type Chat,
  type ChatError,
  type ChatStatus,
  fetchServerSentEvents,
  type FinishInfo,
  injectChat,
  type UIMessage,
  useChat,
  type UseChatOptions,
  useChatSelector,
} from '@statechat/vue'
import { computed, type ComputedRef, reactive, ref, shallowRef, toRef } from 'vue'
import { expectTypeOf } from 'vitest'

const connection = fetchServerSentEvents('/api/chat')
declare const props: { threadId?: string; chat: Chat; options: UseChatOptions }

// Callbacks know what they are called with, wherever the options are written.
useChat({
  connection,
  onChunk: (chunk) => expectTypeOf(chunk.type).toExtend<string>(),
  onFinish: (message, info) => expectTypeOf<[typeof message, typeof info]>().toEqualTypeOf<[UIMessage | undefined, FinishInfo]>(),
})
useChat(() => ({ connection, onError: (error) => expectTypeOf(error).toEqualTypeOf<ChatError>() }))

// Options may be refs, hold refs, be reactive or a getter.
useChat({ connection, threadId: toRef(props, 'threadId'), body: computed(() => ({ model: 'a' })), whileBusy: ref('drop' as const) })
useChat({ chat: injectChat(), onFinish: () => {} })
useChat({ chat: shallowRef(props.chat) })
useChat(reactive({ connection, threadId: 'a' }))
useChat(shallowRef(props.options))
useChat(() => props.options)
useChat()

// @ts-expect-error one or the other
useChat({ chat: props.chat, connection })
// @ts-expect-error a number is no id
useChat({ connection, threadId: 1 })
// @ts-expect-error a ref of a number is none either
useChat({ connection, threadId: ref(1) })

const { messages, status, chat } = useChat(() => ({ chat: props.chat }))
expectTypeOf(messages).toEqualTypeOf<ComputedRef<readonly UIMessage[]>>()
expectTypeOf(status.value).toEqualTypeOf<ChatStatus>()
expectTypeOf(useChatSelector(chat, ({ usage }) => usage.length)).toEqualTypeOf<ComputedRef<number>>()
// @ts-expect-error what is shown cannot be set
messages.value = []
