import { LLMock } from '@copilotkit/aimock'
import { HttpAgent, type Message } from '@ag-ui/client'
import { EventSchemas } from '@ag-ui/core/schemas'
import type { Chunk, ModelAdapter } from '@statechat/server'
import { openai } from '@statechat/server/openai'
import { scripted } from '@statechat/server/scripted'
import { toolDefinition } from '@tanstack/ai'
import { ChatClient, type ConnectConnectionAdapter, fetchHttpStream, fetchServerSentEvents } from '@tanstack/ai-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { modelServer } from './support/model-server.ts'
import { FRAMINGS, ourServer } from './support/our-server.ts'
import { callsOf, open, textOf, until } from './support/session.ts'

/** Our server, read by clients that are not ours. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

const viaOpenAI = () => openai({ baseURL: `${mock.url}/v1`, apiKey: 'test', model: 'gpt-5.4' })
const QUESTION = 'Is it warm in Paris?'

/** The same three turns from both models: thought and text, a tool of the server or none, two calls for the client. */
const MODELS: [string, () => ModelAdapter][] = [
  [
    'openai()',
    () => {
      mock.on({ hasToolResult: true }, { content: 'Yes, 21 °C.' })
      mock.onMessage(QUESTION, {
        content: 'Let me look.',
        toolCalls: [
          { id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris"}' },
          { id: 'call_b', name: 'get_time', arguments: '{}' },
        ],
      })
      mock.onMessage('Think', { reasoning: 'Hmm, 🎉.', content: 'I thought — about it.' })
      return viaOpenAI()
    },
  ],
  [
    'scripted()',
    () =>
      scripted({
        delayMs: 0,
        script: function* ({ messages }) {
          const last = messages.findLast(({ role }) => role === 'user')
          if (last?.content === 'Think') {
            yield { reasoning: 'Hmm, 🎉.' }
            yield 'I thought — about it.'
          } else {
            yield 'Let me look.'
            yield [
              { tool: 'get_weather', input: { city: 'Paris' } },
              { tool: 'get_time', input: {} },
            ]
            yield 'Yes, 21 °C.'
          }
        },
      }),
  ],
]
const tools = [
  { name: 'get_weather', description: 'Weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  { name: 'get_time', description: 'Time', parameters: {} },
]

/** TanStack AI's client runs a tool of its own only when it is told to: by its interrupt, or by this event, which came before that. */
async function* announced(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  const calls = new Map<string, { toolName: string; json: string }>()
  for await (const chunk of chunks) {
    if (chunk.type === 'TOOL_CALL_START') calls.set(chunk.toolCallId, { toolName: chunk.toolCallName, json: '' })
    if (chunk.type === 'TOOL_CALL_ARGS') calls.get(chunk.toolCallId)!.json += chunk.delta
    if (chunk.type === 'RUN_FINISHED' && chunk.outcome?.type === 'success') {
      for (const toolCallId of chunk.outcome.pendingToolCallIds ?? []) {
        const { toolName, json } = calls.get(toolCallId)!
        yield { type: 'CUSTOM', name: 'tool-input-available', value: { toolCallId, toolName, input: JSON.parse(json) as unknown } }
      }
    }
    yield chunk
  }
}

describe.each(MODELS)('AG-UI’s HttpAgent and %s', (_name, model) => {
  async function agentFor(adapter: ModelAdapter) {
    const { url } = await ourServer(adapter)
    const agent = new HttpAgent({ url, threadId: 'thread' })
    const events: unknown[] = []
    const ask = async (message: Message, runId: string) => {
      agent.addMessage(message)
      await agent.runAgent({ runId, tools }, { onEvent: ({ event }) => void events.push(event) })
    }
    return { agent, events, ask }
  }

  it('text and reasoning arrive in full, and every event is one that the schemas know', async () => {
    const { agent, events, ask } = await agentFor(model())
    await ask({ id: 'u1', role: 'user', content: 'Think' }, 'run-1')
    for (const event of events) EventSchemas.parse(event)
    expect(events.at(0)).toMatchObject({ type: 'RUN_STARTED', threadId: 'thread', runId: 'run-1' })
    expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', threadId: 'thread', runId: 'run-1', outcome: { type: 'success' } })
    expect(agent.messages).toMatchObject([
      { role: 'user' },
      { role: 'reasoning', content: 'Hmm, 🎉.' },
      { role: 'assistant', content: 'I thought — about it.' },
    ])
  })

  it('tool calls are left to it, and it goes on with their results and its whole history', async () => {
    const { agent, events, ask } = await agentFor(model())
    await ask({ id: 'u1', role: 'user', content: 'Think' }, 'run-1')
    await ask({ id: 'u2', role: 'user', content: QUESTION }, 'run-2')
    const calls = agent.messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
    expect(calls.map((call) => call.function)).toEqual([
      { name: 'get_weather', arguments: '{"city":"Paris"}' },
      { name: 'get_time', arguments: '{}' },
    ])
    expect(events.at(-1)).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: calls.map(({ id }) => id) } })
    agent.addMessage({ id: 't1', role: 'tool', toolCallId: calls[0]!.id, content: '21' })
    await ask({ id: 't2', role: 'tool', toolCallId: calls[1]!.id, content: 'noon' }, 'run-3')
    for (const event of events) EventSchemas.parse(event)
    expect(agent.messages.map(({ role }) => role)).toEqual(['user', 'reasoning', 'assistant', 'user', 'assistant', 'tool', 'tool', 'assistant'])
    expect(agent.messages.at(-1)).toMatchObject({ content: 'Yes, 21 °C.' })
  })
})

describe('AG-UI’s HttpAgent', () => {
  it('gets the failure of a model as a run error, with its code', async () => {
    mock.onMessage('Hello', { error: { message: 'secret' }, status: 429, retryAfter: 2 })
    const { url } = await ourServer(viaOpenAI())
    const agent = new HttpAgent({ url, initialMessages: [{ id: 'u', role: 'user', content: 'Hello' }] })
    const errors: unknown[] = []
    await agent.runAgent({}, { onRunErrorEvent: ({ event }) => void errors.push(event) })
    expect(errors).toMatchObject([{ code: 'rate_limit', metadata: { retryAfter: 2000 } }])
    expect(JSON.stringify(errors)).not.toContain('secret')
  })

  it('may abort, which closes the model’s stream and leaves a history that our server takes', async () => {
    const model = await modelServer()
    const { url } = await ourServer(openai({ baseURL: model.url, model: 'm' }))
    const agent = new HttpAgent({ url, initialMessages: [{ id: 'u', role: 'user', content: 'Hello' }] })
    const first = agent.runAgent({}, { onTextMessageContentEvent: () => agent.abortRun() }).catch(() => {})
    const call = await model.next()
    call.say('So far')
    await call.closed
    await first
    agent.addMessage({ id: 'u2', role: 'user', content: 'Again' })
    const second = agent.runAgent({})
    const next = await model.next()
    expect(next.body['messages']).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'So far' },
      { role: 'user', content: 'Again' },
    ])
    next.say('Here.')
    next.finish()
    await second
    expect(agent.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'Here.' })
  })
})

describe('newline-delimited JSON of ours', () => {
  it('is an AG-UI event in every line', async () => {
    const { url } = await ourServer(MODELS[1]![1](), FRAMINGS[1])
    for (const content of ['Think', QUESTION]) {
      const body = JSON.stringify({ messages: [{ role: 'user', content }], tools })
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const lines = (await response.text()).split('\n')
      expect(lines.pop()).toBe('')
      const events = lines.map((line) => EventSchemas.parse(JSON.parse(line)))
      expect([events[0]?.type, events.at(-1)?.type]).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
    }
  })
})

describe.each([
  ['fetchServerSentEvents', FRAMINGS[0], fetchServerSentEvents],
  ['fetchHttpStream', FRAMINGS[1], fetchHttpStream],
] as const)('TanStack AI’s ChatClient with its %s', (_name, framing, connect) => {
  function clientFor(connection: ConnectConnectionAdapter, options: { tools?: unknown[]; onChunk?: (chunk: { type: string }) => void } = {}) {
    const errors: Error[] = []
    const client = new ChatClient({ connection, onError: (error: Error) => void errors.push(error), ...options } as ConstructorParameters<
      typeof ChatClient
    >[0])
    onTestFinished(() => client.dispose())
    const said = () =>
      client.getMessages().map(({ role, parts }) => `${role}: ${parts.map((part) => (part.type === 'text' ? part.content : '')).join('')}`)
    return { client, errors, said }
  }

  it.each(MODELS)('gets text and reasoning of %s, and its history is taken', async (_model, model) => {
    const { url } = await ourServer(model(), framing)
    const { client, errors, said } = clientFor(connect(url))
    await client.sendMessage('Think')
    await client.sendMessage('Think')
    expect(errors).toEqual([])
    expect(said()).toEqual(['user: Think', 'assistant: I thought — about it.', 'user: Think', 'assistant: I thought — about it.'])
    expect(client.getMessages()[1]?.parts).toContainEqual(expect.objectContaining({ type: 'thinking', content: 'Hmm, 🎉.' }))
  })

  it('gets calls and results of tools that the server runs', async () => {
    const { url } = await ourServer(scripted({ delayMs: 0 }), framing)
    const { client, errors, said } = clientFor(connect(url))
    await client.sendMessage('What is 12 * 7?')
    expect(errors).toEqual([])
    expect(said()).toEqual(['user: What is 12 * 7?', 'assistant: 12 * 7 = **84**'])
    expect(client.getMessages()[1]?.parts).toContainEqual(
      expect.objectContaining({ type: 'tool-call', name: 'calculate', arguments: '{"expression":"12 * 7"}' }),
    )
    expect(client.getMessages()[1]?.parts).toContainEqual(expect.objectContaining({ type: 'tool-result', content: '84' }))
  })

  const own = () => [
    toolDefinition({ name: 'get_weather', description: 'Weather of a city', inputSchema: z.object({ city: z.string() }) }).client(
      async ({ city }) => `21 in ${city}`,
    ),
    toolDefinition({ name: 'get_time', description: 'Time', inputSchema: z.object({}) }).client(async () => 'noon'),
  ]

  it.each(MODELS)('gets the calls of %s that are left to it, and goes on once it is given their results', async (_model, model) => {
    const { url } = await ourServer(model(), framing)
    const { client, errors, said } = clientFor(connect(url), { tools: own() })
    await client.sendMessage(QUESTION)
    const calls = client.getMessages()[1]!.parts.filter((part) => part.type === 'tool-call')
    expect(calls).toMatchObject([
      { name: 'get_weather', arguments: '{"city":"Paris"}' },
      { name: 'get_time', arguments: '{}' },
    ])
    for (const { id, name } of calls) await client.addToolResult({ toolCallId: id, tool: name, output: name })
    expect(errors).toEqual([])
    expect(said().join('')).toContain('Yes, 21 °C.')
  })

  it.each(MODELS)('runs its own tools by itself when the calls of %s are announced in TanStack’s way', async (_model, model) => {
    const { url } = await ourServer(model(), framing, announced)
    const { client, errors, said } = clientFor(connect(url), { tools: own() })
    await client.sendMessage(QUESTION)
    expect(errors).toEqual([])
    expect(said().join('')).toContain('Yes, 21 °C.')
    expect(client.getMessages().flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'))).toMatchObject([
      { output: '21 in Paris' },
      { output: 'noon' },
    ])
  })

  it('closes the model’s stream by stop()', async () => {
    const model = await modelServer()
    const { url } = await ourServer(openai({ baseURL: model.url, model: 'm' }), framing)
    const { client, said } = clientFor(connect(url), { onChunk: ({ type }) => type === 'TEXT_MESSAGE_CONTENT' && client.stop() })
    const turn = client.sendMessage('Hello')
    const call = await model.next()
    call.say('So far')
    await call.closed
    await turn
    expect(said()).toEqual(['user: Hello', 'assistant: So far'])
  })

  it('gets the failure of a model as an error', async () => {
    const { url } = await ourServer(scripted({ delayMs: 0 }), framing)
    const { client, errors } = clientFor(connect(url))
    await client.sendMessage('fail')
    expect(errors).toMatchObject([{ message: expect.stringContaining('cannot be reached') as string }])
    expect(client.getStatus()).toBe('error')
  })
})

describe('our own client', () => {
  it.each(MODELS)('takes calls of %s that are announced in TanStack’s way like any other', async (_model, model) => {
    const { connect } = await ourServer(model(), FRAMINGS[0], announced)
    const { chat, finishes, warnings } = open({ connection: connect(), tools })
    const turn = chat.sendMessage(QUESTION)
    const { messages } = await until(chat, ({ phase }) => phase === 'local')
    for (const { id, name } of callsOf(messages.at(-1))) chat.addToolResult({ toolCallId: id, output: name })
    const { outcome, message } = await turn
    expect([outcome, textOf(message), finishes.length, warnings]).toEqual(['finished', 'Let me look.Yes, 21 °C.', 1, []])
    expect(callsOf(message)).toMatchObject([
      { input: { city: 'Paris' }, arguments: '{"city":"Paris"}', output: 'get_weather' },
      { input: {}, output: 'get_time' },
    ])
  })
})
