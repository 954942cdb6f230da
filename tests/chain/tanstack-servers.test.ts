import { fetchHttpStream, fetchServerSentEvents, type Connection } from '@statechat/core'
import { faultProxy } from '@statechat/core/testing/fault-proxy'
import {
  type AdapterYieldChunk,
  chat as tanstackChat,
  chatParamsFromRequest,
  type DefaultMessageMetadataByModality,
  EventType,
  memoryStream,
  type ServerTool,
  type TextOptions,
  toHttpResponse,
  toolDefinition,
  toServerSentEventsResponse,
} from '@tanstack/ai'
import { BaseTextAdapter } from '@tanstack/ai/adapters'
import * as tanstackClient from '@tanstack/ai-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { serveWeb } from './support/serve.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until, untilSaid } from './support/session.ts'

type Options = TextOptions<Record<string, never>>
/** What the model does in one call, given what it is asked. */
type Script = (options: Options, call: number) => AdapterYieldChunk[] | AsyncIterable<AdapterYieldChunk>

/** A text adapter as TanStack AI documents it; its model does what a test says. */
class ScriptedText extends BaseTextAdapter<'scripted-1', Record<string, never>, readonly ['text'], DefaultMessageMetadataByModality> {
  readonly name = 'scripted'
  readonly asked: Options[] = []
  constructor(private readonly script: Script) {
    super({}, 'scripted-1')
  }
  async *chatStream(options: Options) {
    this.asked.push(options)
    yield* this.script(options, this.asked.length)
  }
  structuredOutput(): never {
    throw new Error('not here')
  }
}

const at = { model: 'scripted-1', timestamp: 1 }
const event = (chunk: object) => ({ ...at, ...chunk }) as AdapterYieldChunk
const started = event({ type: EventType.RUN_STARTED, threadId: 't', runId: 'r' })
const finished = (finishReason: 'stop' | 'tool_calls') =>
  event({ type: EventType.RUN_FINISHED, threadId: 't', runId: 'r', finishReason, usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 } })
const says = (messageId: string, ...deltas: string[]) => [
  event({ type: EventType.TEXT_MESSAGE_START, messageId, role: 'assistant' }),
  ...deltas.map((delta) => event({ type: EventType.TEXT_MESSAGE_CONTENT, messageId, delta })),
  event({ type: EventType.TEXT_MESSAGE_END, messageId }),
]
const thinks = (messageId: string, ...deltas: string[]) => [
  event({ type: EventType.REASONING_START, messageId }),
  event({ type: EventType.REASONING_MESSAGE_START, messageId, role: 'reasoning' }),
  ...deltas.map((delta) => event({ type: EventType.REASONING_MESSAGE_CONTENT, messageId, delta })),
  event({ type: EventType.REASONING_MESSAGE_END, messageId }),
  event({ type: EventType.REASONING_END, messageId }),
]
const calls = (toolCallId: string, toolCallName: string, input: object, index = 0) => [
  event({ type: EventType.TOOL_CALL_START, toolCallId, toolCallName, toolName: toolCallName, index }),
  event({ type: EventType.TOOL_CALL_ARGS, toolCallId, delta: JSON.stringify(input) }),
  event({ type: EventType.TOOL_CALL_END, toolCallId, toolCallName, toolName: toolCallName, input }),
]
const wasAnswered = ({ messages }: Options) => messages.at(-1)?.role === 'tool'

const weather = toolDefinition({ name: 'weather', description: 'Weather of a city', inputSchema: z.object({ city: z.string() }) })

/** Of a long answer. */
const WORDS = Array.from({ length: 200 }, (_, i) => `word ${i} `)

const FRAMINGS = [
  { name: 'toServerSentEventsResponse', respond: toServerSentEventsResponse, connect: fetchServerSentEvents },
  { name: 'toHttpResponse', respond: toHttpResponse, connect: fetchHttpStream },
] as const

/** A TanStack AI server as its docs show it. */
async function tanstackServer(
  script: Script,
  { tools = [], framing = FRAMINGS[0], isDurable = false }: { tools?: unknown[]; framing?: (typeof FRAMINGS)[number]; isDurable?: boolean } = {},
) {
  const adapter = new ScriptedText(script)
  /** Method, query and position of each request. */
  const requests: string[] = []
  const url = await serveWeb(async (request) => {
    requests.push([request.method, new URL(request.url).search, request.headers.get('last-event-id')].filter(Boolean).join(' '))
    const { messages, threadId, runId, tools: declared } = await chatParamsFromRequest(request)
    const stream = tanstackChat({ adapter, messages, threadId, runId, tools: [...tools, ...clientTools(declared)] as ServerTool[], debug: false })
    return framing.respond(stream as never, isDurable ? { durability: { adapter: memoryStream(request) } } : {})
  })
  return { url, adapter, requests, connection: framing.connect(url) }
}

/** Tools that the client declares run there. */
const clientTools = (declared: readonly { name: string; description: string; parameters: unknown }[] | undefined) =>
  (declared ?? []).map(({ name, description }) => ({ name, description, inputSchema: z.object({}).loose() }))

describe.each(FRAMINGS)('a TanStack AI server with $name', (framing) => {
  it('sends text and reasoning, which arrive whole with finish reason and usage', async () => {
    const { connection } = await tanstackServer(() => [started, ...thinks('n1', 'Hm', 'mm.'), ...says('m1', 'Grüß', ' Gott 🎉'), finished('stop')], {
      framing,
    })
    const { chat, finishes, warnings } = open({ connection })
    const { outcome, message, error } = await chat.sendMessage('Hello')
    expect(error).toBeUndefined()
    expect([outcome, thoughtOf(message), textOf(message)]).toEqual(['finished', 'Hmmm.', 'Grüß Gott 🎉'])
    expect(message?.parts.map(({ type }) => type)).toEqual(['thinking', 'text'])
    expect(finishes[0]?.info).toMatchObject({ finishReason: 'stop', usage: [{ inputTokens: 10, outputTokens: 5, totalTokens: 15 }] })
    expect([warnings, openParts(chat)]).toEqual([[], []])
  })

  it('that keeps its runs is asked for the rest of an answer that was cut off, and calls the model once', async () => {
    const { url, adapter, requests } = await tanstackServer(() => [started, ...says('m1', ...WORDS), finished('stop')], { framing, isDurable: true })
    const target = { port: Number(new URL(url).port) }
    const proxy = await faultProxy({ target, plan: ({ index }) => (index === 0 ? { answer: { break: { after: 9_000, by: 'cut' } } } : {}) })
    onTestFinished(() => proxy.close())
    const { chat, statuses, warnings } = open({ connection: framing.connect(url.replace(String(target.port), String(proxy.port))), random: () => 0 })
    const { outcome, message, error } = await chat.sendMessage('Count')
    expect(error).toBeUndefined()
    expect([outcome, textOf(message)]).toEqual(['finished', WORDS.join('')])
    expect(requests).toEqual(['POST', expect.stringMatching(/^POST memory:v1:.+:\d+$/)])
    expect(adapter.asked).toHaveLength(1)
    expect([new Set(statuses), warnings]).toEqual([new Set(['streaming', 'idle']), []])
  })

  it('that keeps its runs is not asked to cancel one, which it would take for a question', async () => {
    const { adapter, requests, connection } = await tanstackServer(
      async function* () {
        // It sends 32 chunks at a time.
        yield* [started, ...says('m1', ...WORDS.slice(0, 40))]
        await new Promise(() => {})
      },
      { framing, isDurable: true },
    )
    const { chat, warnings } = open({ connection })
    void chat.sendMessage('Count')
    await untilSaid(chat, 'word 20')
    await chat.stop()
    expect(chat.getSnapshot().status).toBe('stopped')
    expect([requests, adapter.asked.length, warnings]).toEqual([['POST'], 1, []])
  })

  it('runs its own tools in a loop of model calls, which is one turn', async () => {
    const script: Script = (_options, call) =>
      call === 1
        ? [
            started,
            ...says('m1', 'Let me look. '),
            ...calls('c1', 'weather', { city: 'Rome' }),
            ...calls('c2', 'weather', { city: 'Oslo' }, 1),
            finished('tool_calls'),
          ]
        : call === 2
          ? [started, ...calls('c3', 'weather', { city: 'Nowhere' }), finished('tool_calls')]
          : [started, ...says('m3', 'Sunny in both.'), finished('stop')]
    const tool = weather.server(async ({ city }) => {
      if (city === 'Nowhere') throw new Error('no such city')
      return { city, sun: true }
    })
    const { connection, adapter } = await tanstackServer(script, { framing, tools: [tool] })
    const { chat, finishes, statuses } = open({ connection })
    const { outcome, message, error } = await chat.sendMessage('Weather?')
    expect(error).toBeUndefined()
    expect(outcome).toBe('finished')
    expect(adapter.asked).toHaveLength(3)
    expect(textOf(message)).toBe('Let me look. Sunny in both.')
    expect(callsOf(message)).toMatchObject([
      { id: 'c1', state: 'complete', input: { city: 'Rome' }, output: { city: 'Rome', sun: true } },
      { id: 'c2', state: 'complete', output: { city: 'Oslo', sun: true } },
      { id: 'c3', state: 'error', error: expect.stringContaining('no such city') as string },
    ])
    expect(finishes).toHaveLength(1)
    expect(finishes[0]?.info.usage).toMatchObject([{ inputTokens: 30, outputTokens: 15, totalTokens: 45 }])
    expect(statuses.filter((status) => status === 'idle')).toHaveLength(1)
    expect(openParts(chat)).toEqual([])
  })

  it('takes the whole transcript back with the next message', async () => {
    const script: Script = (options, call) =>
      call === 1
        ? [started, ...thinks('n1', 'Hm.'), ...calls('c1', 'weather', { city: 'Rome' }), finished('tool_calls')]
        : [started, ...says(`m${call}`, wasAnswered(options) ? 'Sunny.' : 'You are welcome.'), finished('stop')]
    const { connection, adapter } = await tanstackServer(script, { framing, tools: [weather.server(async () => ({ sun: true }))] })
    const { chat } = open({ connection })
    await chat.sendMessage('Weather?')
    await chat.sendMessage('Thanks')
    expect(transcript(chat)).toEqual(['user: Weather?', 'assistant: Sunny.', 'user: Thanks', 'assistant: You are welcome.'])
    const last = adapter.asked.at(-1)?.messages as { role: string; content: unknown; toolCalls?: unknown; toolCallId?: string }[]
    expect(last.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
    expect(last[1]?.toolCalls).toMatchObject([{ id: 'c1', function: { name: 'weather', arguments: '{"city":"Rome"}' } }])
    expect(last[2]).toMatchObject({ toolCallId: 'c1', content: '{"sun":true}' })
  })

  it('sends its error', async () => {
    const { connection } = await tanstackServer(
      () => [
        started,
        ...says('m1', 'So far').slice(0, 2),
        event({ type: EventType.RUN_ERROR, message: 'quota is used up', code: 'quota', error: { message: 'quota is used up', code: 'quota' } }),
      ],
      { framing },
    )
    const { chat } = open({ connection })
    const { error } = await chat.sendMessage('Hello')
    expect(error).toMatchObject({ code: 'server', serverCode: 'quota', message: expect.stringContaining('quota is used up') as string })
    expect([transcript(chat), openParts(chat)]).toEqual([['user: Hello', 'assistant: So far'], []])
  })

  it('whose adapter throws is an error, and leaves no message', async () => {
    const { connection } = await tanstackServer(
      () => {
        throw new Error('the model is gone')
      },
      { framing },
    )
    const { chat } = open({ connection })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'server' })
    expect(transcript(chat)).toEqual(['user: Hello'])
  })
})

describe('a client tool', () => {
  const script: Script = (options) =>
    wasAnswered(options)
      ? [started, ...says('m2', 'It is 21 °C there.'), finished('stop')]
      : [started, ...says('m1', 'Let me ask. '), ...calls('c1', 'locate', { precise: true }), finished('tool_calls')]

  it('that the client declared is left to it, and the answer goes on', async () => {
    const { connection, adapter } = await tanstackServer(script)
    const { chat, finishes } = open({ connection, tools: [{ name: 'locate', description: 'Where the person is' }] })
    const turn = chat.sendMessage('Weather?')
    const { messages } = await until(chat, ({ phase }) => phase === 'local')
    expect(callsOf(messages.at(-1))).toMatchObject([{ id: 'c1', name: 'locate', input: { precise: true } }])
    chat.addToolResult({ toolCallId: 'c1', output: { city: 'Rome' } })
    const { outcome, message, error } = await turn
    expect(error).toBeUndefined()
    expect([outcome, textOf(message), finishes.length]).toEqual(['finished', 'Let me ask. It is 21 °C there.', 1])
    expect(adapter.asked.at(-1)?.messages.at(-1)).toMatchObject({ role: 'tool', toolCallId: 'c1', content: '{"city":"Rome"}' })
  })

  it('that the server defined and the client did not declare is left to it too', async () => {
    const locate = toolDefinition({ name: 'locate', description: 'Where the person is', inputSchema: z.object({ precise: z.boolean() }) })
    const { connection } = await tanstackServer(script, { tools: [locate.client()] })
    const { chat } = open({ connection })
    const turn = chat.sendMessage('Weather?')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId: 'c1', output: { city: 'Rome' } })
    const { outcome, message } = await turn
    expect([outcome, textOf(message)]).toEqual(['finished', 'Let me ask. It is 21 °C there.'])
  })
})

describe('a model call with a tool of the server and a tool of the client', () => {
  it('has both answered, each by its own side', async () => {
    const script: Script = (options) =>
      wasAnswered(options)
        ? [started, ...says('m2', 'Sunny where you are.'), finished('stop')]
        : [started, ...calls('c1', 'weather', { city: 'Rome' }), ...calls('c2', 'locate', {}, 1), finished('tool_calls')]
    const { connection, adapter } = await tanstackServer(script, { tools: [weather.server(async () => ({ sun: true }))] })
    const { chat } = open({ connection, tools: [{ name: 'locate', description: 'Where' }] })
    const turn = chat.sendMessage('Weather?')
    const { messages } = await until(chat, ({ phase }) => phase === 'local')
    expect(callsOf(messages.at(-1))).toMatchObject([
      { id: 'c1', state: 'complete', output: { sun: true } },
      { id: 'c2', state: 'input-complete' },
    ])
    chat.addToolResult({ toolCallId: 'c2', output: 'Rome' })
    const { outcome, message, error } = await turn
    expect(error).toBeUndefined()
    expect([outcome, textOf(message)]).toEqual(['finished', 'Sunny where you are.'])
    const asked = adapter.asked.at(-1)?.messages as { role: string; toolCallId?: string; content: unknown }[]
    expect(asked.filter(({ role }) => role === 'tool').map(({ toolCallId, content }) => [toolCallId, content])).toEqual([
      ['c1', '{"sun":true}'],
      ['c2', 'Rome'],
    ])
  })
})

describe('TanStack AI’s own connect adapters, unchanged', () => {
  const theirs = (connection: tanstackClient.ConnectConnectionAdapter) => connection as unknown as Connection

  it.each([
    ['fetchServerSentEvents', FRAMINGS[0], tanstackClient.fetchServerSentEvents],
    ['fetchHttpStream', FRAMINGS[1], tanstackClient.fetchHttpStream],
  ] as const)('%s: text, tools of the server, and a tool of the client', async (_name, framing, connect) => {
    const script: Script = (options, call) =>
      call === 1
        ? [started, ...calls('c1', 'weather', { city: 'Rome' }), finished('tool_calls')]
        : call === 2
          ? [started, ...calls('c2', 'locate', {}), finished('tool_calls')]
          : [started, ...says('m3', wasAnswered(options) ? 'Sunny where you are.' : '?'), finished('stop')]
    const { url } = await tanstackServer(script, { framing, tools: [weather.server(async () => ({ sun: true }))] })
    const { chat, finishes } = open({ connection: theirs(connect(url)), tools: [{ name: 'locate', description: 'Where' }] })
    const turn = chat.sendMessage('Weather?')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId: 'c2', output: 'Rome' })
    const { outcome, message, error } = await turn
    expect(error).toBeUndefined()
    expect([outcome, textOf(message), finishes.length]).toEqual(['finished', 'Sunny where you are.', 1])
    expect(callsOf(message)).toMatchObject([
      { id: 'c1', state: 'complete', output: { sun: true } },
      { id: 'c2', state: 'complete', output: 'Rome' },
    ])
  })

  it('an http error of theirs is a connection error with their error as its cause', async () => {
    const url = await serveWeb(() => new Response('no', { status: 500 }))
    const { chat } = open({ connection: theirs(tanstackClient.fetchServerSentEvents(url)) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({
      code: 'connection',
      cause: { message: expect.stringContaining('500') as string },
    })
  })
})
