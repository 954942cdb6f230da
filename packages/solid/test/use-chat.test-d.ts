import {
  type Chat,
  type ChatError,
  type ChatStatus,
  type Chunk,
  fetchServerSentEvents,
  type FinishInfo,
  type Source,
  type ToolAnswer,
  type TurnResult,
  type UIMessage,
  useChat,
  type UseChatOptions,
  useChatContext,
  useChatSelector,
  useMessage,
} from '@statechat/solid'
import type { Accessor } from 'solid-js'
import { expectTypeOf } from 'vitest'

const connection = fetchServerSentEvents('/api/chat')
declare const props: { threadId?: string; chat: Chat; options: UseChatOptions }

// Callbacks know what they are called with, whoever the chat belongs to.
useChat({
  connection,
  onChunk: (chunk) => expectTypeOf(chunk).toEqualTypeOf<Chunk>(),
  onFinish: (message, info) => expectTypeOf<[typeof message, typeof info]>().toEqualTypeOf<[UIMessage | undefined, FinishInfo]>(),
})
useChat(() => ({ connection, onError: (error) => expectTypeOf(error).toEqualTypeOf<ChatError>() }))

// Options, a chat that there is, or nothing below a provider; or an accessor of them.
useChat({ connection, body: () => ({ model: 'a' }), whileBusy: 'drop' })
useChat({ chat: useChatContext()(), onFinish: () => {} })
useChat(() => ({ connection, body: { model: 'a' } }))
useChat(() => props.options)
useChat()

// @ts-expect-error one or the other
useChat({ chat: props.chat, connection })
// @ts-expect-error one or the other, also there
useChat(() => ({ chat: props.chat, connection }))
// @ts-expect-error a number is no id
useChat({ connection, threadId: 1 })
// @ts-expect-error nothing that is done with a chat while it is busy
useChat({ connection, whileBusy: 'wait' })

const shown = useChat({ chat: props.chat })
expectTypeOf(shown.messages).toEqualTypeOf<readonly UIMessage[]>()
expectTypeOf(shown.status).toEqualTypeOf<ChatStatus>()
expectTypeOf(shown.error).toEqualTypeOf<ChatError | null>()
expectTypeOf(shown.chat).toEqualTypeOf<Chat>()
// @ts-expect-error what is shown cannot be set
shown.messages = []
// @ts-expect-error nor changed
shown.messages.push(...shown.messages)

// The type of a part says what it has, the state of a tool call what it has by then.
for (const part of shown.messages.flatMap((message) => message.parts)) {
  // @ts-expect-error not every part has content
  void part.content
  if (part.type === 'text' || part.type === 'thinking') expectTypeOf(part.content).toEqualTypeOf<string>()
  if (part.type === 'image') expectTypeOf(part.source).toEqualTypeOf<Source>()
  if (part.type === 'data') expectTypeOf(part.name).toEqualTypeOf<string>()
  // @ts-expect-error no part is of this type
  void (part.type === 'tool')
  if (part.type !== 'tool-call') continue
  if (part.state === 'awaiting-input') expectTypeOf(part.input).toEqualTypeOf<undefined>()
  if (part.state === 'input-complete') {
    expectTypeOf(part.input).toEqualTypeOf<unknown>()
    expectTypeOf(part.output).toEqualTypeOf<undefined>()
  }
  if (part.state === 'complete') {
    expectTypeOf(part.output).toEqualTypeOf<unknown>()
    expectTypeOf(part.error).toEqualTypeOf<undefined>()
  }
  if (part.state === 'error') expectTypeOf(part.error).toEqualTypeOf<string>()
}

expectTypeOf(shown.sendMessage('Hello')).toEqualTypeOf<Promise<TurnResult>>()
void shown.sendMessage({ content: [{ type: 'text', content: 'Hello' }] }).then(({ outcome, message }) => {
  expectTypeOf(outcome).toEqualTypeOf<'finished' | 'stopped' | 'failed' | 'dropped'>()
  expectTypeOf(message).toEqualTypeOf<UIMessage | undefined>()
})
// @ts-expect-error a person calls no tools
void shown.sendMessage({ content: [{ type: 'tool-call' }] })

expectTypeOf(shown.addToolResult).parameters.toEqualTypeOf<[ToolAnswer]>()
shown.addToolResult({ toolCallId: 'call', output: { degrees: 12 } })
shown.addToolResult({ toolCallId: 'call', error: 'There is no weather' })
// @ts-expect-error one or the other
shown.addToolResult({ toolCallId: 'call', output: 1, error: 'There is no weather' })
// @ts-expect-error but one of them
shown.addToolResult({ toolCallId: 'call' })

// A selector says what it selects; what compares selections knows it too.
expectTypeOf(
  useChatSelector(
    () => shown.chat,
    ({ usage }) => usage.length,
  ),
).toEqualTypeOf<Accessor<number>>()
useChatSelector(
  () => shown.chat,
  ({ messages }) => messages.map(({ id }) => id),
  (a, b) => expectTypeOf([a, b]).toEqualTypeOf<string[][]>(),
)
expectTypeOf(useMessage(() => shown.chat, 'a')).toEqualTypeOf<Accessor<UIMessage | undefined>>()
