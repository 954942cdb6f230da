import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { Chat } from './chat.ts'
import { createChat } from './create-chat.ts'
import { bindCommands, type ChatCommands } from './commands.ts'
import { fetchServerSentEvents } from './connection/fetch-server-sent-events.ts'
import type { FinishInfo, TypesFrom } from './session/options.ts'
import { toolDefinition } from './tool/tool-definition.ts'
import type { ChatTool } from './tool/tool.ts'
import type { UIMessage } from './transcript/message.ts'

const connection = fetchServerSentEvents('/api/chat')

const weather = toolDefinition({
  name: 'weather',
  inputSchema: toStandardJsonSchema(v.object({ city: v.string(), days: v.optional(v.array(v.object({ date: v.string() }))) })),
  outputSchema: toStandardJsonSchema(v.object({ celsius: v.number() })),
})
const mail = toolDefinition({ name: 'mail', inputSchema: type({ to: 'string' }), outputSchema: type({ id: 'string' }) })
const theme = toolDefinition({ name: 'theme', inputSchema: z.object({ dark: z.boolean() }) })
const recipe = type({ title: 'string', steps: type({ text: 'string' }).array() })

test('the name of a call says what goes in and what comes out, with every schema library', () => {
  const chat = createChat({ connection, tools: [weather.server(), mail.client(), theme.client(({ dark }) => !dark)] })
  for (const part of chat.getSnapshot().messages.flatMap(({ parts }) => parts)) {
    if (part.type !== 'tool-call') continue
    expectTypeOf(part.name).toEqualTypeOf<'weather' | 'mail' | 'theme'>()
    switch (part.name) {
      case 'weather':
        if (part.state === 'input-streaming')
          expectTypeOf(part.input).toEqualTypeOf<
            { city?: string | undefined; days?: readonly { date?: string | undefined }[] | undefined } | undefined
          >()
        if (part.state === 'input-complete') expectTypeOf(part.input).toEqualTypeOf<{ city: string; days?: { date: string }[] | undefined }>()
        if (part.state === 'complete') expectTypeOf(part.output).toEqualTypeOf<{ celsius: number }>()
        else expectTypeOf(part.output).toEqualTypeOf<undefined>()
        break
      case 'mail':
        if (part.state === 'executing') expectTypeOf(part.input).toEqualTypeOf<{ to: string }>()
        if (part.state === 'complete') expectTypeOf(part.output).toEqualTypeOf<{ id: string }>()
        break
      case 'theme':
        // No schema says it, so `execute` does.
        if (part.state === 'complete') expectTypeOf(part.output).toEqualTypeOf<boolean>()
        break
      // @ts-expect-error there is no such tool
      case 'email':
        break
      default:
        expectTypeOf(part).toEqualTypeOf<never>()
    }
  }
})

test('an answer is one of the tool that it names', () => {
  const { addToolResult } = createChat({ connection, tools: [weather.server(), mail] })
  expectTypeOf<Parameters<typeof addToolResult>[0]['tool']>().toEqualTypeOf<'weather' | 'mail'>()
  addToolResult({ toolCallId: 'call', tool: 'weather', output: { celsius: 21 } })
  addToolResult({ toolCallId: 'call', tool: 'weather', error: 'No such city' })
  // @ts-expect-error celsius is a number
  addToolResult({ toolCallId: 'call', tool: 'weather', output: { celsius: '21' } })
  // @ts-expect-error that is what the other tool gives
  addToolResult({ toolCallId: 'call', tool: 'mail', output: { celsius: 21 } })
  // @ts-expect-error there is no such tool
  addToolResult({ toolCallId: 'call', tool: 'email', output: { id: 'a' } })
  // @ts-expect-error an output whose type is known needs to say whose it is
  addToolResult({ toolCallId: 'call', output: { celsius: 21 } })
})

test('tools that say nothing of their types take any answer, and need not be named', () => {
  const { addToolResult } = createChat({ connection, tools: [{ name: 'find' }, { name: 'sort', inputSchema: { type: 'object' } }] })
  expectTypeOf<Parameters<typeof addToolResult>[0]['tool']>().toEqualTypeOf<'find' | 'sort' | undefined>()
  addToolResult({ toolCallId: 'call', output: 3 })
  addToolResult({ toolCallId: 'call', tool: 'sort', output: 'c' })
  // @ts-expect-error there is no such tool
  addToolResult({ toolCallId: 'call', tool: 'mail', output: 3 })
})

test('without tools, or with any, everything is unknown', () => {
  const any: ChatTool[] = []
  expectTypeOf(createChat({ connection })).toEqualTypeOf<Chat>()
  expectTypeOf(createChat({ connection, tools: any })).toEqualTypeOf<Chat>()
  expectTypeOf(createChat({ connection }).getSnapshot().final).toEqualTypeOf<unknown>()
  createChat({ connection }).addToolResult({ toolCallId: 'call', tool: 'whatever', output: 3 })
})

test('the output schema gives the answer its type, in pieces and whole', () => {
  const { partial, final } = createChat({ connection, outputSchema: recipe }).getSnapshot()
  expectTypeOf(final).toEqualTypeOf<{ title: string; steps: { text: string }[] } | null>()
  expectTypeOf(partial).toEqualTypeOf<{ title?: string | undefined; steps?: readonly { text?: string | undefined }[] | undefined } | null>()
})

test('callbacks know the tools and the output', () => {
  type Types = TypesFrom<readonly [typeof mail], typeof recipe>
  const chat = createChat({
    connection,
    onFinish(message, info) {
      expectTypeOf(message).toEqualTypeOf<UIMessage<Types> | undefined>()
      expectTypeOf(info).toEqualTypeOf<FinishInfo>()
    },
    tools: [mail],
    outputSchema: recipe,
    onToolCall(call) {
      expectTypeOf(call.name).toEqualTypeOf<'mail'>()
      if (call.state === 'input-complete') expectTypeOf(call.input).toEqualTypeOf<{ to: string }>()
    },
  })
  expectTypeOf(chat).toEqualTypeOf<Chat<Types>>()
})

test('a chat with types is a chat for all that take any, not the other way round', () => {
  const chat = createChat({ connection, tools: [weather, mail], outputSchema: recipe })
  type Types = TypesFrom<readonly [typeof weather, typeof mail], typeof recipe>
  expectTypeOf(chat).toEqualTypeOf<Chat<Types>>()
  expectTypeOf<Chat<Types>>().toExtend<Chat>()
  expectTypeOf<UIMessage<Types>>().toExtend<UIMessage>()
  expectTypeOf<Chat>().not.toExtend<Chat<Types>>()
  expectTypeOf(bindCommands(() => chat)).toEqualTypeOf<ChatCommands<Types>>()
  expectTypeOf<ChatCommands<Types>>().toExtend<ChatCommands>()
})
