import {
  type Chat,
  type ChatTool,
  fetchServerSentEvents,
  injectChat,
  type Reactive,
  type ToolAnswer,
  type ToolCallPart,
  toolDefinition,
  type TypesFrom,
  type UIMessage,
  useChat,
  type UseChatResult,
  useChatSelector,
  useMessage,
} from '@statechat/svelte'
import { expectTypeOf } from 'vitest'
import { z } from 'zod'

const connection = fetchServerSentEvents('/api/chat')
const weather = toolDefinition({
  name: 'weather',
  inputSchema: z.object({ city: z.string(), days: z.array(z.string()) }),
  outputSchema: z.object({ celsius: z.number() }),
})
const theme = toolDefinition({ name: 'theme', inputSchema: z.object({ dark: z.boolean() }), outputSchema: z.boolean() })
const tools = [weather.server(), theme.client(({ dark }) => dark)] as const
const recipe = z.object({ title: z.string(), steps: z.array(z.string()) })
type Types = TypesFrom<typeof tools, typeof recipe, { cart: string[] }>

// The callbacks know what they are called with, wherever the tools stand.
const shown = useChat({
  onFinish: (message) => expectTypeOf(message).toEqualTypeOf<UIMessage<Types> | undefined>(),
  connection,
  tools: [weather.server(), theme.client(({ dark }) => dark)],
  outputSchema: recipe,
  initialState: { cart: ['milk'] },
  onToolCall: (call) => expectTypeOf(call).toEqualTypeOf<ToolCallPart<Types['tools']>>(),
})
expectTypeOf(shown).toEqualTypeOf<UseChatResult<Types>>()
expectTypeOf(shown.messages).toEqualTypeOf<readonly UIMessage<Types>[]>()
expectTypeOf(shown.final).toEqualTypeOf<{ title: string; steps: string[] } | null>()
expectTypeOf(shown.state).toEqualTypeOf<{ cart: string[] }>()
expectTypeOf(shown.addToolResult).parameters.toEqualTypeOf<[ToolAnswer<Types['tools']>]>()

// The name of a call says what goes in and comes out.
for (const part of shown.messages.flatMap(({ parts }) => parts)) {
  if (part.type !== 'tool-call' || part.name !== 'weather') continue
  if (part.state === 'input-streaming') expectTypeOf(part.input?.days?.[0]).toEqualTypeOf<string | undefined>()
  if (part.state === 'executing') expectTypeOf(part.input).toEqualTypeOf<{ city: string; days: string[] }>()
  if (part.state === 'complete') expectTypeOf(part.output).toEqualTypeOf<{ celsius: number }>()
}
shown.addToolResult({ toolCallId: 'call', tool: 'weather', output: { celsius: 12 } })
// @ts-expect-error celsius is a number
shown.addToolResult({ toolCallId: 'call', tool: 'weather', output: { celsius: '12' } })
// @ts-expect-error there is no such tool
shown.addToolResult({ toolCallId: 'call', tool: 'mail', output: true })

// Tools that say nothing of their types, and none.
useChat({ connection, tools: [{ name: 'find' }] }).addToolResult({ toolCallId: 'call', output: 12 })
declare const unknown: ChatTool[]
expectTypeOf(useChat({ connection, tools: unknown })).toEqualTypeOf<UseChatResult>()
expectTypeOf(useChat({ connection })).toEqualTypeOf<UseChatResult>()

// A chat that is borrowed keeps its types; where it comes down the tree they are named.
declare const chat: Chat<Types>
expectTypeOf(useChat({ chat, onFinish: (message) => expectTypeOf(message).toEqualTypeOf<UIMessage<Types> | undefined>() })).toEqualTypeOf<
  UseChatResult<Types>
>()
expectTypeOf(injectChat<Types>()).toEqualTypeOf<Chat<Types>>()
expectTypeOf(useMessage(chat, 'a')).toEqualTypeOf<Reactive<UIMessage<Types> | undefined>>()
expectTypeOf(useChatSelector(chat, ({ final }) => final?.title)).toEqualTypeOf<Reactive<string | undefined>>()
declare function show(any: Chat): void
show(chat)
