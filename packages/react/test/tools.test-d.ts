import {
  type Chat,
  type ChatTool,
  type DeepPartial,
  fetchServerSentEvents,
  type ToolAnswer,
  type ToolCallPart,
  toolDefinition,
  type TypesFrom,
  type UIMessage,
  useChat,
  useChatContext,
  type UseChatOptions,
  type UseChatResult,
  useChatSelector,
  useMessage,
} from '@statechat/react'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'

const connection = fetchServerSentEvents('/api/chat')
const weather = toolDefinition({
  name: 'weather',
  inputSchema: z.object({ city: z.string(), days: z.array(z.object({ date: z.string() })) }),
  outputSchema: z.object({ celsius: z.number() }),
})
const theme = toolDefinition({ name: 'theme', inputSchema: z.object({ dark: z.boolean() }), outputSchema: z.boolean() })
const tools = [weather.server(), theme.client(({ dark }) => dark)] as const
const recipe = z.object({ title: z.string(), steps: z.array(z.object({ text: z.string() })) })
type Types = TypesFrom<typeof tools, typeof recipe>

// The callbacks know what they are called with, wherever the tools stand.
const shown = useChat({
  onFinish: (message) => expectTypeOf(message).toEqualTypeOf<UIMessage<Types> | undefined>(),
  connection: fetchServerSentEvents('/api/chat'),
  tools: [weather.server(), theme.client(({ dark }) => dark)],
  outputSchema: recipe,
  onToolCall: (call) => expectTypeOf(call).toEqualTypeOf<ToolCallPart<Types['tools']>>(),
})
expectTypeOf(shown).toEqualTypeOf<UseChatResult<Types>>()
expectTypeOf(shown.messages).toEqualTypeOf<readonly UIMessage<Types>[]>()
expectTypeOf(shown.final).toEqualTypeOf<{ title: string; steps: { text: string }[] } | null>()
expectTypeOf(shown.partial).toEqualTypeOf<{ title?: string | undefined; steps?: readonly { text?: string | undefined }[] | undefined } | null>()
expectTypeOf(shown.addToolResult).parameters.toEqualTypeOf<[ToolAnswer<Types['tools']>]>()

// The name of a call says what goes in and comes out.
for (const part of shown.messages.flatMap(({ parts }) => parts)) {
  if (part.type !== 'tool-call') continue
  switch (part.name) {
    case 'weather':
      if (part.state === 'input-streaming') expectTypeOf(part.input?.days?.[0]?.date).toEqualTypeOf<string | undefined>()
      if (part.state === 'executing') expectTypeOf(part.input).toEqualTypeOf<{ city: string; days: { date: string }[] }>()
      if (part.state === 'complete') expectTypeOf(part.output).toEqualTypeOf<{ celsius: number }>()
      break
    case 'theme':
      if (part.state === 'complete') expectTypeOf(part.output).toEqualTypeOf<boolean>()
      break
    // @ts-expect-error there is no such tool
    case 'mail':
      break
  }
}
shown.addToolResult({ toolCallId: 'call', tool: 'weather', output: { celsius: 12 } })
// @ts-expect-error celsius is a number
shown.addToolResult({ toolCallId: 'call', tool: 'weather', output: { celsius: '12' } })
// @ts-expect-error there is no such tool
shown.addToolResult({ toolCallId: 'call', tool: 'mail', output: true })

// Tools that say nothing of their types, and none.
const plain = useChat({ connection, tools: [{ name: 'find' }], onToolCall: ({ name }) => expectTypeOf(name).toEqualTypeOf<'find'>() })
plain.addToolResult({ toolCallId: 'call', output: 12 })
declare const unknown: ChatTool[]
expectTypeOf(useChat({ connection, tools: unknown })).toEqualTypeOf<UseChatResult>()
expectTypeOf(useChat({ connection })).toEqualTypeOf<UseChatResult>()
expectTypeOf(useChat({ connection, outputSchema: recipe }).partial).toEqualTypeOf<DeepPartial<z.infer<typeof recipe>> | null>()

// A chat that is borrowed keeps its types; where it comes down the tree they are named.
const borrowed = useChat({ chat: shown.chat, onFinish: (message) => expectTypeOf(message).toEqualTypeOf<UIMessage<Types> | undefined>() })
expectTypeOf(borrowed).toEqualTypeOf<UseChatResult<Types>>()
expectTypeOf(useChatContext<Types>()).toEqualTypeOf<Chat<Types>>()
expectTypeOf(useChat({ chat: useChatContext<Types>() })).toEqualTypeOf<UseChatResult<Types>>()
expectTypeOf(useMessage(shown.chat, 'a')).toEqualTypeOf<UIMessage<Types> | undefined>()
expectTypeOf(useChatSelector(shown.chat, ({ final }) => final?.title)).toEqualTypeOf<string | undefined>()

// What is made for any chat takes this one.
declare function Page(props: { chat: Chat; messages: readonly UIMessage[] }): null
Page(shown)
expectTypeOf<UseChatResult<Types>>().toExtend<UseChatResult>()
declare function useMine(options: UseChatOptions<typeof tools>): void
useMine({ connection, tools })
