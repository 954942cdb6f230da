import { LLMock } from '@copilotkit/aimock'
import { agUi } from '@statechat/core'
import { openai, type OpenAIOptions } from '@statechat/server/openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FRAMINGS, type FramingCase, ourServer } from './support/our-server.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until } from './support/session.ts'

/** Our client → our server → the `openai` package → aimock, which is not ours; every step over HTTP. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

const model = (options: OpenAIOptions = {}) => openai({ baseURL: `${mock.url}/v1`, apiKey: 'test', model: 'gpt-5.4', ...options })
const chain = async (framing?: FramingCase, options?: OpenAIOptions) => ourServer(model(options), framing)

interface Sent {
  model: string
  messages: { role: string; content: unknown; tool_calls?: unknown; tool_call_id?: string }[]
  tools?: unknown
}
/** What the model was asked, request by request. */
const asked = () => mock.getRequests().map(({ body }) => body as unknown as Sent)
const LONG = 'A rather long answer, of which every word counts, and which comes in many pieces — with “quotes”, ümlauts and 🎉 emoji.'

describe.each(FRAMINGS)('an answer of a model, by $name', (framing) => {
  it('is shown whole, with its finish reason and its usage', async () => {
    mock.onMessage('Hello', { content: LONG, usage: { prompt_tokens: 9, completion_tokens: 31 } })
    const { connect } = await chain(framing)
    const { chat, finishes, errors, warnings } = open({ connection: connect(), threadId: 'thread-1' })

    const { outcome, message } = await chat.sendMessage('Hello')

    expect(outcome).toBe('finished')
    expect(textOf(message)).toBe(LONG)
    expect(transcript(chat)).toEqual(['user: Hello', `assistant: ${LONG}`])
    expect(finishes).toEqual([
      {
        status: 'idle',
        message,
        info: {
          finishReason: 'stop',
          usage: [{ provider: 'openai', model: 'gpt-5.4', inputTokens: 9, outputTokens: 31, totalTokens: 40 }],
          runId: chat.getSnapshot().runId,
          threadId: 'thread-1',
        },
      },
    ])
    expect(chat.getSnapshot()).toMatchObject({ status: 'idle', error: null, usage: [{ totalTokens: 40 }] })
    expect([errors, warnings, openParts(chat)]).toEqual([[], [], []])
  })

  it('may begin with reasoning, which is a part of its own and is not sent back to the model', async () => {
    mock.onMessage('And now?', { content: 'Now this.' })
    mock.onMessage('Hello', { reasoning: 'They greet me, so I greet them.', content: 'Hello!' })
    const { connect } = await chain(framing)
    const { chat, warnings } = open({ connection: connect() })

    const { message } = await chat.sendMessage('Hello')
    expect(message?.parts.map(({ type }) => type)).toEqual(['thinking', 'text'])
    expect([thoughtOf(message), textOf(message)]).toEqual(['They greet me, so I greet them.', 'Hello!'])

    await chat.sendMessage('And now?')
    expect(asked()[1]?.messages).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello!' },
      { role: 'user', content: 'And now?' },
    ])
    expect(warnings).toEqual([])
  })

  it('may be two tool calls at once, whose answers go back to the model in one second request', async () => {
    mock.on({ hasToolResult: true }, { content: 'Paris has 21 °C, and it is ten there.', usage: { prompt_tokens: 50, completion_tokens: 10 } })
    mock.onMessage('Paris', {
      content: 'Let me look.',
      toolCalls: [
        { id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris"}' },
        { id: 'call_b', name: 'get_time', arguments: '{"zone":"CET"}' },
      ],
      usage: { prompt_tokens: 20, completion_tokens: 5 },
    })
    const { connect } = await chain(framing)
    const tools = [
      { name: 'get_weather', description: 'The weather in a city', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } },
      { name: 'get_time', description: 'The time in a zone' },
    ]
    const { chat, finishes, statuses, warnings } = open({ connection: connect(), tools })

    const turn = chat.sendMessage('How is Paris?')
    const waiting = await until(chat, ({ phase }) => phase === 'local')
    expect(waiting).toMatchObject({ status: 'tool-calling', isLoading: true })
    expect(callsOf(waiting.messages.at(-1))).toMatchObject([
      { id: 'call_a', name: 'get_weather', state: 'input-complete', input: { city: 'Paris' } },
      { id: 'call_b', name: 'get_time', state: 'input-complete', input: { zone: 'CET' } },
    ])
    expect(asked()).toHaveLength(1)

    // Not in the order of the calls, and one of them failed.
    chat.addToolResult({ toolCallId: 'call_b', error: 'No clock here.' })
    expect(chat.getSnapshot().phase).toBe('local')
    chat.addToolResult({ toolCallId: 'call_a', output: { celsius: 21 } })
    const { outcome, message } = await turn

    expect(outcome).toBe('finished')
    expect(textOf(message)).toBe('Let me look.Paris has 21 °C, and it is ten there.')
    expect(callsOf(message)).toMatchObject([
      { state: 'complete', output: { celsius: 21 } },
      { state: 'error', error: 'No clock here.' },
    ])
    expect(chat.messages.get()).toHaveLength(2)
    expect(asked()[0]?.tools).toMatchObject([
      { type: 'function', function: { name: 'get_weather', parameters: { properties: { city: { type: 'string' } } } } },
      { type: 'function', function: { name: 'get_time' } },
    ])
    expect(asked()[1]?.messages).toEqual([
      { role: 'user', content: 'How is Paris?' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
          { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{"zone":"CET"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: '{"celsius":21}' },
      { role: 'tool', tool_call_id: 'call_b', content: 'No clock here.' },
    ])
    expect(finishes).toHaveLength(1)
    expect(finishes[0]?.info).toMatchObject({ finishReason: 'stop', usage: [{ inputTokens: 70, outputTokens: 15, totalTokens: 85 }] })
    expect(statuses.filter((status) => status === 'idle')).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  it.each([
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['eos', 'other'],
  ])('that ended by %s says so in onFinish', async (finishReason, expected) => {
    mock.onMessage('Hello', { content: 'Cut off by a', finishReason })
    const { connect } = await chain(framing)
    const { chat, finishes } = open({ connection: connect() })
    await chat.sendMessage('Hello')
    expect(finishes[0]?.info.finishReason).toBe(expected)
  })
})

describe('a failure of the model', () => {
  it('before the first word is an error of the server with code and wait, and leaves no message', async () => {
    mock.onMessage('Hello', { error: { message: 'Rate limit of org-123 reached', type: 'rate_limit_error' }, status: 429, retryAfter: 7 })
    const { connect, failures } = await chain()
    const { chat, errors } = open({ connection: connect() })

    const { outcome, error } = await chat.sendMessage('Hello')

    expect(outcome).toBe('failed')
    expect(error).toMatchObject({ code: 'server', serverCode: 'rate_limit', retryAfter: 7000, retryable: true })
    expect(error?.message).not.toContain('org-123')
    expect(failures).toMatchObject([{ code: 'rate_limit', message: expect.stringContaining('org-123') as string }])
    expect(transcript(chat)).toEqual(['user: Hello'])
    expect(chat.getSnapshot()).toMatchObject({ status: 'error', canRetry: true })
    expect(errors).toEqual([error])
    // The person decides when to try again, not the SDK behind the server’s back.
    expect(asked()).toHaveLength(1)
  })

  it.each([
    [401, { message: 'Incorrect API key provided: sk-secret' }, 'auth', false],
    [400, { message: 'max is 8192', code: 'context_length_exceeded' }, 'context_length', false],
    [503, { message: 'overloaded' }, 'provider_unavailable', true],
  ])('%i %j is said without a secret, as %s', async (status, error, serverCode, retryable) => {
    mock.onMessage('Hello', { error, status })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })
    const result = await chat.sendMessage('Hello')
    expect(result.error).toMatchObject({ code: 'server', serverCode, retryable })
    expect(result.error?.message).not.toContain(error.message)
  })

  it('in the middle of the answer keeps what came, and retry sends the same request again', async () => {
    mock.on({ userMessage: 'Hello', sequenceIndex: 0 }, { content: LONG }, { truncateAfterChunks: 6, latency: 10 })
    mock.on({ userMessage: 'Hello' }, { content: LONG })
    const { connect } = await chain()
    const { chat, finishes } = open({ connection: connect() })

    const first = await chat.sendMessage('Hello')
    expect(first.error).toMatchObject({ code: 'server', serverCode: 'truncated', retryable: true })
    const partial = textOf(first.message)
    expect(partial.length).toBeGreaterThan(0)
    expect(LONG.startsWith(partial)).toBe(true)
    expect(openParts(chat)).toEqual([])
    expect(finishes).toEqual([])

    const second = await chat.retry()
    expect(second).toMatchObject({ outcome: 'finished' })
    expect(transcript(chat)).toEqual(['user: Hello', `assistant: ${LONG}`])
    const [a, b] = asked()
    expect(b).toEqual(a)
    expect(chat.branches(second.message!.id).map(textOf)).toEqual([partial, LONG])
  })

  it('in the middle of a tool call cancels the call, and the next request is valid', async () => {
    mock.onMessage('Never mind', { content: 'All right.' })
    mock.onMessage(
      'Hello',
      { toolCalls: [{ id: 'call_a', name: 'search', arguments: '{"query":"a rather long query, which is cut off"}' }] },
      { truncateAfterChunks: 3, latency: 10 },
    )
    const { connect } = await chain()
    const { chat } = open({ connection: connect(), tools: [{ name: 'search' }] })

    const { message, error } = await chat.sendMessage('Hello')
    expect(error).toMatchObject({ serverCode: 'truncated' })
    expect(callsOf(message)).toMatchObject([{ id: 'call_a', state: 'cancelled' }])

    await chat.sendMessage('Never mind')
    expect(transcript(chat).at(-1)).toBe('assistant: All right.')
    expect(asked()[1]?.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_a', function: { arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'call_a' },
      { role: 'user', content: 'Never mind' },
    ])
  })

  it('by disconnecting while it answers is a truncation too', async () => {
    mock.onMessage('Hello', { content: LONG }, { disconnectAfterMs: 60, latency: 15 })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })
    const { error, message } = await chat.sendMessage('Hello')
    expect(error).toMatchObject({ code: 'server', serverCode: 'truncated' })
    expect(LONG.startsWith(textOf(message))).toBe(true)
  })

  it.each([
    ['malformed', 'bad_response'],
    ['disconnect', 'provider_unavailable'],
    ['drop', 'provider_unavailable'],
  ])('of the kind %s is told apart', async (chaos, serverCode) => {
    mock.onMessage('Hello', { content: 'Hi' })
    const { connect } = await chain(undefined, { clientOptions: { defaultHeaders: { [`x-aimock-chaos-${chaos}`]: '1' } } })
    const { chat } = open({ connection: connect() })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'server', serverCode })
    expect(transcript(chat)).toEqual(['user: Hello'])
  })

  it('pauses the queue, and retry goes on with it', async () => {
    mock.onMessage('Second', { content: 'Two.' })
    mock.on({ userMessage: 'First', sequenceIndex: 0 }, { error: { message: 'slow down' }, status: 429 })
    mock.on({ userMessage: 'First' }, { content: 'One.' })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })

    const first = chat.sendMessage('First')
    const second = chat.sendMessage('Second')
    expect((await first).outcome).toBe('failed')
    expect(chat.getSnapshot().queue).toHaveLength(1)
    await chat.retry()
    expect((await second).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: First', 'assistant: One.', 'user: Second', 'assistant: Two.'])
  })
})

describe('what the model is asked', () => {
  it('after reload is the question again without the old answer, which stays as a sibling', async () => {
    mock.on({ userMessage: 'Hello', sequenceIndex: 0 }, { content: 'One.' })
    mock.on({ userMessage: 'Hello', sequenceIndex: 1 }, { content: 'Two.' })
    mock.onMessage('Go on', { content: 'Three.' })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })

    await chat.sendMessage('Hello')
    const { message } = await chat.reload()
    expect(asked()[1]).toEqual(asked()[0])
    expect(chat.branches(message!.id).map(textOf)).toEqual(['One.', 'Two.'])

    chat.selectBranch(chat.branches(message!.id)[0]!.id)
    await chat.sendMessage('Go on')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: One.', 'user: Go on', 'assistant: Three.'])
    expect(asked()[2]?.messages.map(({ content }) => content)).toEqual(['Hello', 'One.', 'Go on'])
  })

  it('after edit is the new question on the same history, and the old branch is still there', async () => {
    mock.onMessage('Berlin', { content: 'About Berlin.' })
    mock.onMessage('Paris', { content: 'About Paris.' })
    mock.onMessage('Hello', { content: 'Hi.' })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })

    await chat.sendMessage('Hello')
    await chat.sendMessage('Tell me about Paris')
    await chat.edit(chat.messages.get()[2]!.id, 'Tell me about Berlin')

    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Hi.', 'user: Tell me about Berlin', 'assistant: About Berlin.'])
    expect(asked()[2]?.messages.map(({ content }) => content)).toEqual(['Hello', 'Hi.', 'Tell me about Berlin'])
    expect(chat.branches(chat.messages.get()[2]!.id).map(textOf)).toEqual(['Tell me about Paris', 'Tell me about Berlin'])
  })

  it('16: after a reload that failed the old answer is still there and selected', async () => {
    mock.on({ userMessage: 'Hello', sequenceIndex: 0 }, { content: 'One.' })
    mock.on({ userMessage: 'Hello' }, { error: { message: 'no' }, status: 500 })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })
    await chat.sendMessage('Hello')
    expect((await chat.reload()).outcome).toBe('failed')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: One.'])
  })

  it('about a picture holds the picture', async () => {
    mock.onMessage('What is this?', { content: 'A dot.' })
    const { connect } = await chain()
    const { chat } = open({ connection: connect() })
    const image = { type: 'image' as const, source: { type: 'data' as const, value: 'iVBORw0KGgo=', mimeType: 'image/png' } }
    await chat.sendMessage({ content: [{ type: 'text', content: 'What is this?' }, image] })
    expect(asked()[0]?.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        ],
      },
    ])
  })

  it('never holds the fields that a client adds to the body', async () => {
    mock.onMessage('Hello', { content: 'Hi.' })
    const { connect } = await chain()
    const { chat } = open({ connection: connect(), body: { model: 'dear', temperature: 99 }, data: { secret: 1 } })
    await chat.sendMessage('Hello', { body: { system: 'Be rude.' } })
    expect(asked()[0]).toMatchObject({ model: 'gpt-5.4', messages: [{ role: 'user', content: 'Hello' }] })
    expect(asked()[0]).not.toHaveProperty('temperature')
  })
})

describe('a request that our server refuses', () => {
  it('shows status, reason and field', async () => {
    const { connect } = await chain()
    // Our own client refuses such tools itself: a body of another's.
    const tools = [
      { name: 'twice', description: '' },
      { name: 'twice', description: '' },
    ]
    const { chat } = open({
      connection: connect(undefined, { protocol: { ...agUi(), encodeRequest: (request) => ({ ...agUi().encodeRequest(request), tools }) } }),
    })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({
      code: 'http',
      status: 400,
      retryable: false,
      body: { error: { code: 'bad_request', field: 'tools[1].name' } },
    })
  })
})
