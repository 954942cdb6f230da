import { HttpAgent } from '@ag-ui/client'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { LLMock } from '@copilotkit/aimock'
import { type Chat, createChat, fetchServerSentEvents, type ToolCallPart } from '@statechat/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ai, type ChatDefaults, type ChatOptions, type ModelAdapter, parseChatRequest, toolDefinition, toStreamResponse } from '../src/index.ts'
import { languageModel } from '../src/language-model/index.ts'
import { callsOf, collect, outline, textOf, thoughtOf } from './support/collect.ts'
import { serve, serveNode } from './support/http.ts'

/** The adapter with real provider packages of the AI SDK against aimock, which speaks the HTTP APIs of all three and is not ours. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

type Fetch = typeof globalThis.fetch

/** What the provider packages send. */
const sent: Record<string, any>[] = []
beforeEach(() => void sent.splice(0))
const fetch: Fetch = (input, init) => {
  sent.push(JSON.parse(String(init?.body)))
  return globalThis.fetch(input, init)
}

const openai = (model = 'gpt-5.4') => languageModel(createOpenAI({ baseURL: `${mock.url}/v1`, apiKey: 'test', fetch })(model))
const openaiChat = (model = 'gpt-5.4') => languageModel(createOpenAI({ baseURL: `${mock.url}/v1`, apiKey: 'test', fetch }).chat(model))
const anthropic = (model = 'claude-sonnet-4-5') => languageModel(createAnthropic({ baseURL: `${mock.url}/v1`, apiKey: 'test', fetch })(model))
const google = (model = 'gemini-2.5-flash') =>
  languageModel(createGoogleGenerativeAI({ baseURL: `${mock.url}/v1beta`, apiKey: 'test', fetch })(model))

const PROVIDERS: [string, () => ModelAdapter, string][] = [
  ['OpenAI (responses)', openai, 'openai'],
  ['OpenAI (chat completions)', openaiChat, 'openai'],
  ['Anthropic', anthropic, 'anthropic'],
  ['Google', google, 'google'],
]

const messages = [{ role: 'user' as const, content: 'Hello' }]
const quiet: ChatDefaults = { onError: () => {} }
const run = (adapter: ModelAdapter, chat: Partial<ChatOptions> = {}) => collect(ai(adapter, quiet).chat({ messages, ...chat }))

const TOOL = {
  name: 'get_weather',
  description: 'The weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
}

describe.each(PROVIDERS)('%s', (_name, adapter, provider) => {
  it('answers in pieces of text, with finish reason and usage', async () => {
    const usage = { input_tokens: 3, output_tokens: 7, prompt_tokens: 3, completion_tokens: 7, promptTokenCount: 3, candidatesTokenCount: 7 }
    mock.onMessage('Hello', { content: 'Hello there, how are you?', usage })
    const chunks = await run(adapter())
    expect(textOf(chunks)).toBe('Hello there, how are you?')
    expect(outline(chunks).filter((line) => line.startsWith('TEXT_MESSAGE_CONTENT')).length).toBeGreaterThan(2)
    expect(chunks.at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      outcome: { type: 'success' },
      metadata: { finishReason: 'stop' },
      usage: [{ provider, inputTokens: 3, outputTokens: 7, totalTokens: 10 }],
    })
  })

  it('calls tools, several at once', async () => {
    mock.onMessage('Hello', {
      toolCalls: [
        { name: 'get_weather', arguments: '{"city":"Paris"}', id: 'toolu_a' },
        { name: 'get_weather', arguments: '{"city":"Oslo"}', id: 'toolu_b' },
      ],
    })
    const chunks = await run(adapter(), { tools: [TOOL] })
    const calls = callsOf(chunks)
    expect(calls.map(({ name, input }) => [name, input])).toEqual([
      ['get_weather', { city: 'Paris' }],
      ['get_weather', { city: 'Oslo' }],
    ])
    expect(chunks.at(-1)).toMatchObject({
      outcome: { type: 'success', pendingToolCallIds: calls.map(({ id }) => id) },
      metadata: { finishReason: 'tool_calls' },
    })
  })

  it('gets the result of its call, and answers', async () => {
    mock.on({ hasToolResult: true, toolResultContains: '21' }, { content: 'It is 21 degrees.' })
    mock.onMessage('weather', { content: 'Let me look.', toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }] })
    const chat = await chatWith(adapter())
    expect(await talk(chat)).toBe('Let me look.It is 21 degrees.')
    expect(sent).toHaveLength(2)
  })

  it.each([
    [429, { message: 'slow down' }, 'rate_limit', true],
    [401, { message: 'bad key sk-123' }, 'auth', false],
    [404, { message: 'no such model' }, 'not_found', false],
    [422, { message: 'what?' }, 'invalid_request', false],
    [500, { message: 'oops' }, 'provider_unavailable', true],
    [529, { message: 'overloaded' }, 'provider_unavailable', true],
  ])('that answers %i %j is RUN_ERROR %s', async (status, error, code, retryable) => {
    mock.onMessage('Hello', { error, status })
    const chunks = await run(adapter())
    expect(outline(chunks)).toEqual(['RUN_STARTED', 'RUN_ERROR'])
    expect(chunks.at(-1)).toMatchObject({ code, metadata: { retryable } })
    expect(JSON.stringify(chunks)).not.toContain(error.message)
  })

  it('says how long to wait', async () => {
    mock.onMessage('Hello', { error: { message: 'slow down' }, status: 429, retryAfter: 7 })
    expect((await run(adapter())).at(-1)).toMatchObject({ code: 'rate_limit', metadata: { retryAfter: 7000 } })
  })

  it('that is cut in the middle is truncated, what came before being kept', async () => {
    mock.on(
      { userMessage: 'Hello' },
      { content: 'A rather long answer, which nobody will ever read to its end.' },
      { truncateAfterChunks: 6, latency: 15 },
    )
    const chunks = await run(adapter())
    expect(textOf(chunks)).toMatch(/^A rat/)
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'truncated', metadata: { retryable: true } })
  })

  it('is left when the signal aborts', async () => {
    mock.on({ userMessage: 'Hello' }, { content: 'A rather long answer, which nobody will ever read to its end.' }, { latency: 20 })
    const controller = new AbortController()
    const chunks = []
    for await (const chunk of ai(adapter(), quiet).chat({ messages, signal: controller.signal })) {
      chunks.push(chunk)
      if (chunk.type === 'TEXT_MESSAGE_CONTENT') controller.abort()
    }
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } })
  })
})

describe.each(PROVIDERS.filter(([name]) => name !== 'OpenAI (chat completions)'))('%s', (_name, adapter) => {
  it('thinks, then answers', async () => {
    mock.onMessage('Hello', { reasoning: 'They greet me, so I greet them.', content: 'Hello!' })
    const chunks = await run(adapter())
    expect(thoughtOf(chunks)).toBe('They greet me, so I greet them.')
    expect(textOf(chunks)).toBe('Hello!')
    const types = chunks.map(({ type }) => type)
    expect(types.indexOf('REASONING_END')).toBeLessThan(types.indexOf('TEXT_MESSAGE_START'))
  })
})

describe('the request', () => {
  const settings: Partial<ChatOptions> = {
    system: 'Be brief.',
    tools: [TOOL],
    toolChoice: { name: 'get_weather' },
    temperature: 0,
    topP: 1,
    maxTokens: 9,
    stop: ['END'],
  }

  it('has the settings in OpenAI’s form', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    await run(openaiChat('gpt-4o'), { ...settings, providerOptions: { openai: { user: 'u-1' }, other: { x: 1 } } })
    expect(sent[0]).toMatchObject({
      model: 'gpt-4o',
      stream: true,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      tools: [{ type: 'function', function: TOOL }],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      temperature: 0,
      top_p: 1,
      max_tokens: 9,
      stop: ['END'],
      user: 'u-1',
    })
  })

  it('has the settings in Anthropic’s form', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    await run(anthropic(), { ...settings, topP: undefined, providerOptions: { anthropic: { metadata: { userId: 'u-1' } } } })
    expect(sent[0]).toMatchObject({
      model: 'claude-sonnet-4-5',
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      tools: [{ name: 'get_weather', input_schema: TOOL.parameters }],
      tool_choice: { type: 'tool', name: 'get_weather' },
      temperature: 0,
      max_tokens: 9,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
    })
  })

  it('has the settings in Google’s form', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    await run(google(), settings)
    expect(sent[0]).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      tools: [{ functionDeclarations: [{ name: 'get_weather' }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_weather'] } },
      generationConfig: { temperature: 0, topP: 1, maxOutputTokens: 9, stopSequences: ['END'] },
    })
  })

  it('has pictures and documents, by address and in bytes', async () => {
    mock.onMessage(/./, { content: 'A cat.' })
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      { type: 'image' as const, source: { type: 'url' as const, value: 'https://example.com/cat.png' } },
      {
        type: 'document' as const,
        source: { type: 'data' as const, value: 'JVBERg==', mimeType: 'application/pdf' },
        metadata: { filename: 'a.pdf' },
      },
    ]
    await run(anthropic(), { messages: [{ role: 'user', content }] })
    expect(sent[0]!['messages'][0].content).toMatchObject([
      { type: 'text', text: 'What is this?' },
      { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' }, title: 'a.pdf' },
    ])
  })
})

describe('what a provider wants back', () => {
  it('are Anthropic’s signed and redacted thoughts, without which aimock, like Anthropic, refuses the tool result', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 degrees.' })
    mock.onMessage('weather', {
      content: 'Let me look.',
      reasoning: 'I need the weather.',
      reasoningSignature: 'sig-1',
      redactedThinking: ['sealed-1'],
      toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}', id: 'toolu_a' }],
    })
    const chat = await chatWith(anthropic(), { providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } } })
    expect(await talk(chat)).toBe('Let me look.It is 21 degrees.')
    expect(sent[1]!['messages'].slice(1)).toMatchObject([
      {
        role: 'assistant',
        content: [
          { type: 'redacted_thinking', data: 'sealed-1' },
          { type: 'thinking', thinking: 'I need the weather.', signature: 'sig-1' },
          { type: 'text', text: 'Let me look.' },
          { type: 'tool_use', id: 'toolu_a', name: 'get_weather', input: { city: 'Paris' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_a' }] },
    ])
  })

  it('are the same through AG-UI’s own client', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 degrees.' })
    mock.onMessage('weather', {
      reasoning: 'I need the weather.',
      reasoningSignature: 'sig-1',
      toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}', id: 'toolu_a' }],
    })
    const thinking = { providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } } }
    const agent = new HttpAgent({ url: await handler(anthropic(), thinking), initialMessages: [{ id: 'u', role: 'user', content: 'weather?' }] })
    await agent.runAgent({ tools: [TOOL] })
    agent.addMessage({ id: 't', role: 'tool', toolCallId: 'toolu_a', content: '{"temperature":21}' })
    await agent.runAgent({ tools: [TOOL] })
    expect(agent.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'It is 21 degrees.' })
    expect(sent[1]!['messages'][1].content[0]).toEqual({ type: 'thinking', thinking: 'I need the weather.', signature: 'sig-1' })
  })

  it('are the same within one run, where the server answers the call', async () => {
    mock.on({ hasToolResult: true, toolResultContains: '21' }, { content: 'It is 21 degrees.' })
    mock.onMessage('weather', {
      reasoning: 'I need the weather.',
      reasoningSignature: 'sig-1',
      toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}', id: 'toolu_a' }],
    })
    const weather = toolDefinition({ name: 'get_weather', inputSchema: TOOL.parameters }).server(() => ({ temperature: 21 }))
    const chunks = await run(anthropic(), {
      messages: [{ role: 'user', content: 'weather?' }],
      tools: [weather],
      providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 1024 } } },
    })
    expect(textOf(chunks)).toBe('It is 21 degrees.')
    expect(sent[1]!['messages'][1].content[0]).toEqual({ type: 'thinking', thinking: 'I need the weather.', signature: 'sig-1' })
  })

  it('are the searches that OpenAI made itself', async () => {
    mock.onMessage('news', { reasoning: 'I should look.', webSearches: ['news'], content: 'Nothing new.' })
    mock.onMessage('And now', { content: 'Still nothing.' })
    const provider = createOpenAI({ baseURL: `${mock.url}/v1`, apiKey: 'test', fetch })
    const adapter = languageModel(provider('gpt-5.4'), { tools: { web_search: provider.tools.webSearch() } })
    const chat = createChat({ connection: fetchServerSentEvents(await handler(adapter)) })
    await chat.sendMessage('news?')
    expect(chat.getSnapshot().messages.at(-1)?.parts).toMatchObject([
      { type: 'thinking', content: 'I should look.' },
      { type: 'tool-call', name: 'web_search', state: 'complete', metadata: { providerExecuted: true } },
      { type: 'tool-result', state: 'complete' },
      { type: 'text', content: 'Nothing new.' },
    ])
    await chat.sendMessage('And now?')
    const [{ id: searchId }] = toolCallsOf(chat)
    expect(sent[1]!['input'].slice(1)).toEqual([
      { type: 'item_reference', id: expect.stringMatching(/^rs/) },
      { type: 'item_reference', id: searchId },
      { type: 'item_reference', id: expect.stringMatching(/^msg/) },
      { role: 'user', content: [{ type: 'input_text', text: 'And now?' }] },
    ])
  })

  it('are OpenAI’s items, in their order', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 degrees.' })
    mock.onMessage('weather', {
      content: 'Let me look.',
      reasoning: 'I need the weather.',
      toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}', id: 'call_a' }],
    })
    const options = { openai: { store: false, include: ['reasoning.encrypted_content'] } }
    const chat = await chatWith(openai(), { providerOptions: options })
    expect(await talk(chat)).toBe('Let me look.It is 21 degrees.')
    expect(sent[1]!['input'].slice(1)).toMatchObject([
      { type: 'reasoning', id: expect.stringMatching(/^rs/), encrypted_content: expect.any(String), summary: [{ text: 'I need the weather.' }] },
      { role: 'assistant', id: expect.stringMatching(/^msg/), content: [{ type: 'output_text', text: 'Let me look.' }] },
      { type: 'function_call', call_id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris"}' },
      { type: 'function_call_output', call_id: 'call_a' },
    ])
  })

  it('are Google’s thought signatures, on text and calls', async () => {
    const answers = [[{ text: 'Let me ' }, { text: 'look.' }, { text: '', thoughtSignature: 'sig-text' }, CALL], [{ text: 'It is 21 degrees.' }]]
    const url = await serveNode((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const part of answers.shift()!) response.write(`data: ${JSON.stringify({ candidates: [{ content: { parts: [part] } }] })}\n\n`)
      response.end(`data: ${JSON.stringify({ candidates: [{ finishReason: 'STOP' }] })}\n\n`)
    })
    const chat = await chatWith(languageModel(createGoogleGenerativeAI({ baseURL: url, apiKey: 'test', fetch })('gemini-3-pro-preview')))
    expect(await talk(chat)).toBe('Let me look.It is 21 degrees.')
    expect(sent[1]!['contents'].slice(1)).toMatchObject([
      {
        role: 'model',
        parts: [
          { text: 'Let me look.', thoughtSignature: 'sig-text' },
          { functionCall: { name: 'get_weather' }, thoughtSignature: 'sig-call' },
        ],
      },
      { parts: [{ functionResponse: { name: 'get_weather' } }] },
    ])
  })
})

const CALL = { functionCall: { name: 'get_weather', args: { city: 'Paris' } }, thoughtSignature: 'sig-call' }

describe('a failure', () => {
  it.each([
    ['Anthropic', anthropic, 400, { message: 'prompt is too long: 210000 tokens > 200000 maximum', type: 'invalid_request_error' }, 'context_length'],
    ['Anthropic', anthropic, 400, { message: 'Your credit balance is too low', type: 'invalid_request_error' }, 'quota'],
    ['OpenAI', openai, 429, { message: 'pay', code: 'insufficient_quota' }, 'quota'],
    ['OpenAI', openai, 400, { message: 'limit is 8192', code: 'context_length_exceeded' }, 'context_length'],
  ])('of %s that its status does not tell is known by its code or text', async (_provider, adapter, status, error, code) => {
    mock.onMessage('Hello', { error, status })
    expect((await run(adapter())).at(-1)).toMatchObject({ code, metadata: { retryable: false } })
  })

  it('is provider_unavailable when nobody listens', async () => {
    const model = createAnthropic({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'test' })('claude-sonnet-4-5')
    expect((await run(languageModel(model))).at(-1)).toMatchObject({ code: 'provider_unavailable' })
  })

  it('is misconfigured without a key, and the log says which', async () => {
    vi.stubEnv('ANTHROPIC_API_KEY', undefined)
    vi.stubEnv('ANTHROPIC_AUTH_TOKEN', undefined)
    onTestFinished(() => void vi.unstubAllEnvs())
    const onError = vi.fn()
    const chunks = await run(languageModel(createAnthropic({ baseURL: `${mock.url}/v1` })('claude-sonnet-4-5')), { onError })
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ message: expect.stringContaining('ANTHROPIC_API_KEY') })
    expect(chunks.at(-1)).toMatchObject({ code: 'misconfigured' })
  })

  it('that comes within the stream is told, what came before being kept', async () => {
    const url = await serveNode((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const event of OVERLOADED) response.write(`data: ${JSON.stringify(event)}\n\n`)
      response.end()
    })
    const chunks = await run(languageModel(createAnthropic({ baseURL: url, apiKey: 'test' })('claude-sonnet-4-5')))
    expect(textOf(chunks)).toBe('Hel')
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'provider_unavailable', metadata: { retryable: true } })
  })

  it('is not hidden behind retries, unless they are asked for', async () => {
    const model = createAnthropic({ baseURL: `${mock.url}/v1`, apiKey: 'test' })('claude-sonnet-4-5')
    const waits: number[] = []
    const clock = { setTimeout: (fn: () => void, ms: number) => (waits.push(ms), fn()), clearTimeout: () => {} }
    mock.nextRequestError(500, { message: 'oops' })
    mock.onMessage('Hello', { content: 'Hi' })
    expect((await run(languageModel(model))).at(-1)).toMatchObject({ code: 'provider_unavailable' })
    mock.nextRequestError(500, { message: 'oops' })
    expect(textOf(await run(languageModel(model, { maxRetries: 1, clock })))).toBe('Hi')
    expect(waits).toEqual([1000])
  })
})

const OVERLOADED = [
  {
    type: 'message_start',
    message: { id: 'm', type: 'message', role: 'assistant', model: 'x', content: [], usage: { input_tokens: 1, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
  { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
]

/** A server as the README shows it, over real HTTP. */
const handler = (adapter: ModelAdapter, defaults: ChatDefaults = {}) =>
  serve(async (request) => toStreamResponse(ai(adapter, { ...quiet, ...defaults }).chat(await parseChatRequest(request)), { signal: request.signal }))

async function chatWith(adapter: ModelAdapter, defaults?: ChatDefaults): Promise<Chat> {
  const { name, description, parameters } = TOOL
  return createChat({ connection: fetchServerSentEvents(await handler(adapter, defaults)), tools: [{ name, description, inputSchema: parameters }] })
}

const toolCallsOf = (chat: Chat): [ToolCallPart] =>
  chat.getSnapshot().messages.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call')) as [ToolCallPart]

/** Asks for the weather, answers the call that comes, and returns the text of the answer. */
async function talk(chat: Chat): Promise<string> {
  const turn = chat.sendMessage('weather?')
  const waiting = await new Promise<ToolCallPart | undefined>((resolve) => {
    const look = () => {
      const { messages, status } = chat.getSnapshot()
      const call = messages.at(-1)?.parts.findLast((part) => part.type === 'tool-call')
      if (call?.state === 'input-complete') resolve(call)
      if (status === 'error') resolve(undefined)
    }
    chat.subscribe(look)
  })
  if (waiting) chat.addToolResult({ toolCallId: waiting.id, output: { temperature: 21 } })
  await turn
  const { messages, error } = chat.getSnapshot()
  if (error) throw error
  return (messages.at(-1)?.parts ?? []).map((part) => (part.type === 'text' ? part.content : '')).join('')
}
