import { LLMock } from '@copilotkit/aimock'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ai, type ChatOptions } from '../src/index.ts'
import { openai, type OpenAIOptions } from '../src/openai/index.ts'
import { callsOf, collect, outline, textOf, thoughtOf } from './support/collect.ts'
import { serveNode } from './support/http.ts'

/** The adapter against aimock, an OpenAI-compatible server that is not ours, through the official SDK. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

const messages = [{ role: 'user' as const, content: 'Hello' }]
/** The client's. */
const tools = ['get_weather', 'get_time', 'look'].map((name) => ({ name, description: '' }))

function run(options: OpenAIOptions = {}, chat: Partial<ChatOptions> = {}) {
  const adapter = openai({ baseURL: `${mock.url}/v1`, apiKey: 'test', model: 'gpt-5.4', ...options })
  return collect(ai(adapter, { onError: () => {} }).chat({ messages, ...chat }))
}

const sent = () => mock.getLastRequest()!.body as unknown as Record<string, unknown>

describe('an answer', () => {
  it('is text, in pieces, with its finish reason and usage', async () => {
    mock.onMessage('Hello', {
      content: 'Hello there, how are you?',
      usage: {
        prompt_tokens: 3,
        completion_tokens: 7,
        prompt_tokens_details: { cached_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    })
    const chunks = await run()
    expect(textOf(chunks)).toBe('Hello there, how are you?')
    expect(outline(chunks).filter((line) => line.startsWith('TEXT_MESSAGE_CONTENT')).length).toBeGreaterThan(2)
    expect(chunks.at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      outcome: { type: 'success' },
      metadata: { finishReason: 'stop' },
      usage: [{ provider: 'openai', model: 'gpt-5.4', inputTokens: 3, outputTokens: 7, totalTokens: 10 }],
    })
  })

  it('is reasoning, then text', async () => {
    mock.onMessage('Hello', { reasoning: 'They greet me, so I greet them.', content: 'Hello!' })
    const chunks = await run()
    expect(thoughtOf(chunks)).toBe('They greet me, so I greet them.')
    expect(textOf(chunks)).toBe('Hello!')
    const types = chunks.map(({ type }) => type)
    expect(types.indexOf('REASONING_END')).toBeLessThan(types.indexOf('TEXT_MESSAGE_START'))
  })

  it('is several tool calls at once, left to the client', async () => {
    const toolCalls = [
      { name: 'get_weather', arguments: '{"city":"Paris"}', id: 'call_a' },
      { name: 'get_time', arguments: '{"zone":"CET"}', id: 'call_b' },
    ]
    mock.onMessage('Hello', { toolCalls })
    const chunks = await run({}, { tools })
    expect(callsOf(chunks)).toEqual([
      { id: 'call_a', name: 'get_weather', input: { city: 'Paris' } },
      { id: 'call_b', name: 'get_time', input: { zone: 'CET' } },
    ])
    expect(chunks.at(-1)).toMatchObject({
      outcome: { type: 'success', pendingToolCallIds: ['call_a', 'call_b'] },
      metadata: { finishReason: 'tool_calls' },
    })
  })

  it('is text around tool calls', async () => {
    mock.onMessage('Hello', { content: 'Let me look.', toolCalls: [{ name: 'look', arguments: '{}', id: 'call_a' }] })
    const chunks = await run({}, { tools })
    expect(textOf(chunks)).toBe('Let me look.')
    const text = chunks.find((chunk) => chunk.type === 'TEXT_MESSAGE_START')
    expect(chunks.find((chunk) => chunk.type === 'TOOL_CALL_START')?.parentMessageId).toBe(text?.messageId)
  })

  it.each([
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['something_new', 'other'],
  ])('that ended by %s says %s', async (finishReason, expected) => {
    mock.onMessage('Hello', { content: 'Hello', finishReason })
    expect((await run()).at(-1)).toMatchObject({ type: 'RUN_FINISHED', metadata: { finishReason: expected } })
  })

  it('goes on after the tool results, which the model sees', async () => {
    mock.on({ hasToolResult: true, toolResultContains: '21' }, { content: 'It is 21 degrees.' })
    mock.onMessage('weather', { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }] })
    const ask = { id: 'u', role: 'user' as const, content: 'weather?' }
    const [call] = callsOf(await run({}, { messages: [ask], tools }))
    const chunks = await run(
      {},
      {
        messages: [
          ask,
          {
            id: 'a',
            role: 'assistant',
            toolCalls: [{ id: call!.id, type: 'function', function: { name: call!.name, arguments: JSON.stringify(call!.input) } }],
          },
          { id: 't', role: 'tool', toolCallId: call!.id, content: '{"temperature":21}' },
        ],
      },
    )
    expect(textOf(chunks)).toBe('It is 21 degrees.')
  })
})

it('an answer is over when the token counts are there, though the server leaves the response open', async () => {
  const url = await serveNode((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n')
    response.write('data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\ndata: [DONE]\n\n')
  })
  expect((await run({ baseURL: url })).at(-1)).toMatchObject({ type: 'RUN_FINISHED', usage: [{ totalTokens: 3 }] })
})

describe('what is sent', () => {
  it('is the request of the chat completions API, model, tools and settings included', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    await run(
      {},
      {
        system: 'Be brief.',
        tools: [
          { name: 'f', description: 'F', parameters: { type: 'object', properties: { x: {} } } },
          { name: 'g', description: 'G' },
        ],
        toolChoice: { name: 'f' },
        temperature: 0,
        topP: 1,
        maxTokens: 9,
        stop: ['END'],
        providerOptions: { openai: { seed: 1 }, other: { seed: 2 } },
      },
    )
    expect(sent()).toMatchObject({
      model: 'gpt-5.4',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      tools: [
        { type: 'function', function: { name: 'f', description: 'F', parameters: { type: 'object', properties: { x: {} } } } },
        { type: 'function', function: { name: 'g', description: 'G', parameters: { type: 'object', properties: {} } } },
      ],
      tool_choice: { type: 'function', function: { name: 'f' } },
      temperature: 0,
      top_p: 1,
      max_tokens: 9,
      stop: ['END'],
      seed: 1,
    })
  })

  it('says which tools are strict, whether they may be called at once, and what form the answer has', async () => {
    mock.onMessage('Hello', { content: '{"n":1}' })
    const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }
    await run(
      {},
      {
        tools: [
          { name: 'strict', description: '', parameters: schema },
          { name: 'loose', description: '', parameters: { ...schema, required: [] } },
        ],
        parallelToolCalls: false,
        toolChoice: 'required',
        outputSchema: schema,
      },
    )
    const closed = { ...schema, additionalProperties: false }
    expect(sent()).toMatchObject({ parallel_tool_calls: false, tool_choice: 'required' })
    expect(sent()['tools']).toEqual([
      { type: 'function', function: { name: 'strict', description: '', parameters: closed, strict: true } },
      { type: 'function', function: { name: 'loose', description: '', parameters: { ...schema, required: [] } } },
    ])
    expect(sent()['response_format']).toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema: closed, strict: true } })
  })

  it('says nothing of tools when there are none, and leaves a form that cannot be strict as it is', async () => {
    mock.onMessage('Hello', { content: '{}' })
    const outputSchema = { type: 'object', properties: { n: { type: 'number' } } }
    await run({}, { parallelToolCalls: true, toolChoice: 'auto', outputSchema })
    expect(sent()).not.toHaveProperty('parallel_tool_calls')
    expect(sent()).not.toHaveProperty('tools')
    expect(sent()['response_format']).toEqual({ type: 'json_schema', json_schema: { name: 'answer', schema: outputSchema } })
  })

  it('may leave the usage out, and go through a client that exists already', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    const client = new OpenAI({ apiKey: 'own', baseURL: `${mock.url}/v1` })
    expect(textOf(await run({ client, includeUsage: false }))).toBe('Hi')
    expect(sent()).not.toHaveProperty('stream_options')
  })
})

describe('a failure of the provider', () => {
  it.each([
    [429, { message: 'slow down', type: 'rate_limit_error' }, 'rate_limit', true],
    [429, { message: 'pay', code: 'insufficient_quota' }, 'quota', false],
    [401, { message: 'bad key sk-123' }, 'auth', false],
    [404, { message: 'no such model' }, 'not_found', false],
    [400, { message: 'limit is 8192', code: 'context_length_exceeded' }, 'context_length', false],
    [422, { message: 'what?' }, 'invalid_request', false],
    [500, { message: 'oops' }, 'provider_unavailable', true],
    [503, { message: 'overloaded' }, 'provider_unavailable', true],
  ])('%i %j is RUN_ERROR %s', async (status, error, code, retryable) => {
    mock.onMessage('Hello', { error, status })
    const chunks = await run()
    expect(outline(chunks)).toEqual(['RUN_STARTED', 'RUN_ERROR'])
    expect(chunks.at(-1)).toMatchObject({ code, metadata: { retryable } })
    expect(JSON.stringify(chunks)).not.toContain(error.message)
  })

  it('tells how long to wait', async () => {
    mock.onMessage('Hello', { error: { message: 'slow down' }, status: 429, retryAfter: 7 })
    expect((await run()).at(-1)).toMatchObject({ code: 'rate_limit', metadata: { retryAfter: 7000 } })
  })

  it('is not hidden behind retries, unless they are asked for', async () => {
    mock.nextRequestError(500, { message: 'oops' })
    mock.onMessage('Hello', { content: 'Hi' })
    expect((await run()).at(-1)).toMatchObject({ code: 'provider_unavailable' })
    mock.nextRequestError(500, { message: 'oops' })
    expect(textOf(await run({ maxRetries: 1 }))).toBe('Hi')
  })

  it('is given in full to onError', async () => {
    mock.onMessage('Hello', { error: { message: 'oops' }, status: 500 })
    const onError = vi.fn()
    await run({}, { onError })
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      name: 'ModelError',
      code: 'provider_unavailable',
      status: 500,
      message: expect.stringContaining('oops'),
    })
  })

  it('is provider_unavailable when aimock has no answer for the request (its strict mode says 503)', async () => {
    expect((await run()).at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'provider_unavailable' })
  })

  it('is provider_unavailable when nobody listens', async () => {
    expect((await run({ baseURL: 'http://127.0.0.1:9/v1' })).at(-1)).toMatchObject({ code: 'provider_unavailable' })
  })

  it('is bad_response when the answer is no stream', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    const clientOptions = { defaultHeaders: { 'x-aimock-chaos-malformed': '1' } }
    expect((await run({ clientOptions })).at(-1)).toMatchObject({ code: 'bad_response' })
  })

  it('is bad_response when an event is no JSON, what came before being kept', async () => {
    const url = await serveNode((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\ndata: {"choices":[{"ind\n\ndata: [DONE]\n\n')
    })
    const chunks = await run({ baseURL: url, clientOptions: { logLevel: 'off' } })
    expect(textOf(chunks)).toBe('Hi')
    expect(chunks.at(-1)).toMatchObject({ code: 'bad_response' })
  })

  it('is provider_unavailable when the connection is dropped before the answer', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    const clientOptions = { defaultHeaders: { 'x-aimock-chaos-disconnect': '1' } }
    expect((await run({ clientOptions })).at(-1)).toMatchObject({ code: 'provider_unavailable' })
  })

  it('is truncated when the answer is cut in the middle, what came before being kept', async () => {
    mock.on(
      { userMessage: 'Hello' },
      { content: 'A rather long answer, which nobody will ever read to its end.' },
      { truncateAfterChunks: 4, latency: 15 },
    )
    const chunks = await run()
    expect(textOf(chunks)).toMatch(/^A rather/)
    expect(chunks.at(-2)?.type).toBe('TEXT_MESSAGE_END')
    expect(chunks.at(-1)).toMatchObject({ code: 'truncated', metadata: { retryable: true } })
  })

  it('is truncated in the middle of arguments too, and the call is not ended', async () => {
    mock.on(
      { userMessage: 'Hello' },
      { toolCalls: [{ name: 'f', arguments: '{"a":"a rather long argument, which is cut off"}' }] },
      { truncateAfterChunks: 3, latency: 15 },
    )
    const types = (await run()).map(({ type }) => type)
    expect(types).toContain('TOOL_CALL_START')
    expect(types).not.toContain('TOOL_CALL_END')
    expect(types.at(-1)).toBe('RUN_ERROR')
  })
})

describe('without a key', () => {
  it('says on the server what to set, and nothing of it to the client', async () => {
    vi.stubEnv('OPENAI_API_KEY', '')
    vi.stubEnv('OPENAI_BASE_URL', '')
    const onError = vi.fn()
    const chunks = await collect(ai(openai({ model: 'x' }), { onError }).chat({ messages }))
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('OPENAI_API_KEY') })
    expect(chunks.at(-1)).toMatchObject({ code: 'misconfigured', message: 'The model is not available at the moment.' })
    vi.unstubAllEnvs()
  })

  it('a server of one’s own is asked all the same', async () => {
    vi.stubEnv('OPENAI_API_KEY', '')
    mock.onMessage('Hello', { content: 'Hi' })
    const adapter = openai({ baseURL: `${mock.url}/v1`, model: 'llama' })
    expect(textOf(await collect(ai(adapter).chat({ messages })))).toBe('Hi')
    vi.unstubAllEnvs()
  })
})

it('without the openai package the log says what to install', async () => {
  vi.doMock('openai', () => {
    throw new Error('Cannot find package')
  })
  const onError = vi.fn()
  const chunks = await run({}, { onError })
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('npm install openai') })
  expect(chunks.at(-1)).toMatchObject({ code: 'misconfigured' })
  vi.doUnmock('openai')
})
