import { LLMock } from '@copilotkit/aimock'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sseThenEnd, serveEach, serveNode, writeSse } from '../support/serve.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until } from '../support/session.ts'
import { anthropic, chat as completions, type Provider, PROVIDERS, responses } from './providers.ts'

/** Whole conversations of the chat with a model, with nothing of ours in between. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

type Sent = Record<string, unknown>
const tools = [
  {
    name: 'get_weather',
    description: 'The weather in a city',
    inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { name: 'get_time', description: 'The time' },
]

/** Asks for Rome; one tool gives its answer, the other fails; then the model sums up. */
async function askForRome({ connect }: Provider, request?: Record<string, unknown>) {
  const sent: Sent[] = []
  const session = open({ connection: connect(mock.url, { sent, ...(request && { request }) }), tools })
  const turn = session.chat.sendMessage('How is Rome?')
  const waiting = await until(session.chat, ({ phase }) => phase === 'local')
  expect(callsOf(waiting.messages.at(-1))).toMatchObject([
    { id: 'call_a', name: 'get_weather', state: 'input-complete', input: { city: 'Rome' } },
    { id: 'call_b', name: 'get_time', state: 'input-complete', input: {} },
  ])
  session.chat.addToolResult({ toolCallId: 'call_b', error: 'No clock here.' })
  session.chat.addToolResult({ toolCallId: 'call_a', output: { celsius: 21 } })
  return { ...session, sent, result: await turn }
}

const CALLS = [
  { id: 'call_a', name: 'get_weather', arguments: '{"city":"Rome"}' },
  { id: 'call_b', name: 'get_time', arguments: '{}' },
]
const counts = (input: number, output: number) => ({ prompt_tokens: input, completion_tokens: output, input_tokens: input, output_tokens: output })

describe.each(PROVIDERS)('$name', (provider) => {
  it('carries tools from the question to the final answer', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 °C.', usage: counts(50, 10) })
    mock.onMessage('Rome', { content: 'Let me look.', toolCalls: CALLS, usage: counts(20, 5) })

    const { chat, result, finishes, errors, warnings } = await askForRome(provider)

    expect(result.outcome).toBe('finished')
    expect(textOf(result.message)).toBe('Let me look.It is 21 °C.')
    expect(callsOf(result.message)).toMatchObject([
      { state: 'complete', output: { celsius: 21 } },
      { state: 'error', error: 'No clock here.' },
    ])
    expect(finishes[0]?.info).toMatchObject({ finishReason: 'stop', usage: [{ inputTokens: 70, outputTokens: 15 }] })
    expect(mock.getRequests()).toHaveLength(2)
    expect([errors, warnings, openParts(chat)]).toEqual([[], [], []])
  })

  it('goes on with what was said before', async () => {
    mock.onMessage('And again?', { content: 'Hello again!' })
    mock.onMessage('Hello', { reasoning: 'They greet me.', content: 'Hello!' })
    const sent: Sent[] = []
    const { chat, warnings } = open({ connection: provider.connect(mock.url, { sent }) })
    await chat.sendMessage('Hello')
    await chat.sendMessage('And again?')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Hello!', 'user: And again?', 'assistant: Hello again!'])
    expect(JSON.stringify(sent[1])).toMatch(/Hello.*Hello!.*And again\?/)
    expect(warnings).toEqual([])
  })

  it('tells a refused request from everything else', async () => {
    mock.onMessage('Hello', { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 7 })
    const { chat } = open({ connection: provider.connect(mock.url) })
    const { outcome, error } = await chat.sendMessage('Hello')
    expect(outcome).toBe('failed')
    expect(error).toMatchObject({
      code: 'http',
      status: 429,
      retryAfter: 7000,
      retryable: true,
      message: expect.stringContaining('Slow down') as string,
    })
    expect(transcript(chat)).toEqual(['user: Hello'])
  })

  it('keeps what came of an answer that was cut, and asks the same again on retry', async () => {
    const LONG = 'A rather long answer, of which only the beginning will ever be read.'
    mock.on({ userMessage: 'Hello', sequenceIndex: 0 }, { content: LONG }, { truncateAfterChunks: 8, latency: 10 })
    mock.on({ userMessage: 'Hello' }, { content: LONG })
    const sent: Sent[] = []
    const { chat, finishes } = open({ connection: provider.connect(mock.url, { sent }) })

    const first = await chat.sendMessage('Hello')
    expect(first.error).toMatchObject({ code: 'truncated', retryable: true })
    expect(textOf(first.message)).not.toBe('')
    expect(LONG.startsWith(textOf(first.message))).toBe(true)
    expect([openParts(chat), finishes]).toEqual([[], []])

    expect(await chat.retry()).toMatchObject({ outcome: 'finished' })
    expect(transcript(chat)).toEqual(['user: Hello', `assistant: ${LONG}`])
    expect(sent[1]).toEqual(sent[0])
  })

  it('lets the fields of a send through, beside its own', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    const sent: Sent[] = []
    const { chat } = open({ connection: provider.connect(mock.url, { sent }), body: { top_p: 0.5, model: 'not this' } })
    await chat.sendMessage('Hello', { body: { seed: 7 } })
    expect(sent[0]).toMatchObject({ top_p: 0.5, seed: 7 })
    expect(sent[0]?.['model']).not.toBe('not this')
  })
})

describe('reasoning goes back the way its provider wants it', () => {
  it('Anthropic: thinking with its signature, and redacted thinking, before the calls they led to', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' })
    mock.onMessage('Rome', { reasoning: 'I need the weather.', reasoningSignature: 'c2lnbmVk', redactedThinking: ['c2VjcmV0'], toolCalls: CALLS })

    // With `thinking` in the request, aimock refuses what Anthropic refuses: calls without the thinking before them.
    const { result, sent, warnings } = await askForRome(anthropic, { thinking: { type: 'enabled', budget_tokens: 2000 } })

    expect(result.outcome).toBe('finished')
    expect(result.message?.parts.filter(({ type }) => type === 'thinking')).toMatchObject([
      { content: '', signature: 'c2VjcmV0' },
      { content: 'I need the weather.', signature: 'c2lnbmVk' },
    ])
    expect(sent[1]?.['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'How is Rome?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'redacted_thinking', data: 'c2VjcmV0' },
          { type: 'thinking', thinking: 'I need the weather.', signature: 'c2lnbmVk' },
          { type: 'tool_use', id: 'call_a', name: 'get_weather', input: { city: 'Rome' } },
          { type: 'tool_use', id: 'call_b', name: 'get_time', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_a', content: '{"celsius":21}' },
          { type: 'tool_result', tool_use_id: 'call_b', content: 'No clock here.', is_error: true },
        ],
      },
    ])
    expect(warnings).toEqual([])
  })

  it('OpenAI responses: the sealed item, under its own id', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' })
    mock.onMessage('Rome', { reasoning: 'I need the weather.', toolCalls: CALLS })

    const { result, sent } = await askForRome(responses, { include: ['reasoning.encrypted_content'] })

    expect(result.outcome).toBe('finished')
    const thought = result.message?.parts.find((part) => part.type === 'thinking')
    expect(thought).toMatchObject({ content: 'I need the weather.', messageId: expect.stringMatching(/^rs/) as string })
    expect(sent[1]?.['input']).toEqual([
      { role: 'user', content: 'How is Rome?' },
      {
        type: 'reasoning',
        id: thought?.messageId,
        summary: [{ type: 'summary_text', text: 'I need the weather.' }],
        encrypted_content: thought?.signature,
      },
      { type: 'function_call', call_id: 'call_a', name: 'get_weather', arguments: '{"city":"Rome"}' },
      { type: 'function_call', call_id: 'call_b', name: 'get_time', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_a', output: '{"celsius":21}' },
      { type: 'function_call_output', call_id: 'call_b', output: 'No clock here.' },
    ])
    expect(thought?.signature).toBeDefined()
  })

  it('Anthropic: a thought between a text and a call goes back between them', async () => {
    const { url, bodies } = await serveEach(
      sseThenEnd(
        { type: 'message_start', message: { id: 'msg_1', model: 'claude-sonnet-5-5', usage: { input_tokens: 1, output_tokens: 1 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Let me see.' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '', signature: '' } },
        { type: 'content_block_delta', index: 1, delta: { type: 'signature_delta', signature: 'not shown' } },
        { type: 'content_block_stop', index: 1 },
        { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'call_a', name: 'get_time', input: {} } },
        { type: 'content_block_stop', index: 2 },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
        { type: 'message_stop' },
      ),
      sseThenEnd(
        { type: 'message_start', message: { id: 'msg_2', model: 'claude-sonnet-5-5', usage: { input_tokens: 1, output_tokens: 1 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'It is ten.' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
        { type: 'message_stop' },
      ),
    )
    const { chat, warnings } = open({ connection: anthropic.connect(url), tools })
    const turn = chat.sendMessage('What time is it?')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId: 'call_a', output: 'ten' })
    const { message } = await turn

    expect(message?.parts.map(({ type }) => type)).toEqual(['text', 'thinking', 'tool-call', 'tool-result', 'text'])
    expect(bodies[1]?.['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'What time is it?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'thinking', thinking: '', signature: 'not shown' },
          { type: 'tool_use', id: 'call_a', name: 'get_time', input: {} },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_a', content: 'ten' }] },
    ])
    expect(warnings).toEqual([])
  })

  it.each([
    ['Anthropic', anthropic, 'OpenAI', responses],
    ['OpenAI', responses, 'Anthropic', anthropic],
  ])('what %s sealed does not go to another provider when the conversation goes on there', async (_from, first, _to, second) => {
    mock.onMessage('And now?', { content: 'Now this.' })
    mock.onMessage('Hello', { reasoning: 'They greet me.', content: 'Hello!' })
    const { chat } = open({ connection: first.connect(mock.url, { request: { include: ['reasoning.encrypted_content'] } }) })
    const { message } = await chat.sendMessage('Hello')
    expect(message?.parts).toMatchObject([{ type: 'thinking', signature: expect.any(String) as string }, { type: 'text' }])

    const sent: Sent[] = []
    const next = open({ connection: second.connect(mock.url, { sent }), initialMessages: [...chat.messages.get()] })
    expect(await next.chat.sendMessage('And now?')).toMatchObject({ outcome: 'finished' })
    expect(JSON.stringify(sent[0])).toMatch(/Hello!.*And now\?/)
    expect(JSON.stringify(sent[0])).not.toContain('They greet me.')
  })

  it('chat completions: not at all', async () => {
    mock.on({ hasToolResult: true }, { content: 'It is 21 °C.' })
    mock.onMessage('Rome', { reasoning: 'I need the weather.', toolCalls: CALLS })
    const { result, sent } = await askForRome(completions)
    expect(thoughtOf(result.message)).toBe('I need the weather.')
    expect(JSON.stringify(sent[1])).not.toContain('I need the weather.')
    expect(sent[1]?.['messages']).toEqual([
      { role: 'user', content: 'How is Rome?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: CALLS.map(({ id, name, arguments: json }) => ({ id, type: 'function', function: { name, arguments: json } })),
      },
      { role: 'tool', tool_call_id: 'call_a', content: '{"celsius":21}' },
      { role: 'tool', tool_call_id: 'call_b', content: 'No clock here.' },
    ])
  })
})

describe('servers that speak a dialect', () => {
  it('Ollama: calls without an index, `stop` when it calls, `reasoning`, and the same id for every answer', async () => {
    const piece = (delta: object, finish_reason: string | null = null) => ({
      id: 'chatcmpl-7',
      model: 'qwen3',
      choices: [{ index: 0, delta, finish_reason }],
    })
    const { url, bodies } = await serveEach(
      sseThenEnd(
        piece({ role: 'assistant', content: '', reasoning: 'Hm.' }),
        piece({ content: 'Let me look.' }),
        piece({ tool_calls: [{ id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } }] }),
        piece({ content: '' }, 'stop'),
        '[DONE]',
      ),
      sseThenEnd(
        piece({ content: 'It is 21 °C.' }),
        piece({ content: '' }, 'stop'),
        { id: 'chatcmpl-7', model: 'qwen3', choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
        '[DONE]',
      ),
    )
    const { chat, warnings } = open({ connection: completions.connect(url), tools })
    const turn = chat.sendMessage('How is Rome?')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId: 'call_a', output: 21 })
    const { outcome, message } = await turn

    expect(outcome).toBe('finished')
    // The second answer stands after the call, though it has the id of the first.
    expect(message?.parts.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool-call', 'tool-result', 'text'])
    expect(chat.getSnapshot().usage).toEqual([{ provider: 'openai', model: 'qwen3', inputTokens: 3, outputTokens: 4, totalTokens: 7 }])
    expect(bodies[1]?.['messages']).toMatchObject([{ role: 'user' }, { role: 'assistant' }, { role: 'tool', content: '21' }])
    expect(warnings).toEqual([])
  })

  it('a call that a limit cut off is cancelled, and nobody waits for its answer', async () => {
    const piece = { index: 0, id: 'call_a', function: { name: 'get_weather', arguments: '{"city":"Ro' } }
    const { url, bodies } = await serveEach(
      sseThenEnd({ choices: [{ delta: { tool_calls: [piece] } }] }, { choices: [{ delta: {}, finish_reason: 'length' }] }, '[DONE]'),
      sseThenEnd({ choices: [{ delta: { content: 'All right.' }, finish_reason: 'stop' }] }, '[DONE]'),
    )
    const { chat, finishes } = open({ connection: completions.connect(url), tools })
    const { outcome, message } = await chat.sendMessage('How is Rome?')
    expect(outcome).toBe('finished')
    expect(callsOf(message)).toMatchObject([{ id: 'call_a', state: 'cancelled' }])
    expect(finishes[0]?.info.finishReason).toBe('length')

    await chat.sendMessage('Never mind')
    expect(bodies[1]?.['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_a', function: { arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'call_a' },
      { role: 'user', content: 'Never mind' },
    ])
  })

  it('a refusal is text that says so', async () => {
    const { url } = await serveEach(
      sseThenEnd(
        { type: 'response.created', response: { id: 'resp_1' } },
        { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg_1' } },
        { type: 'response.refusal.delta', output_index: 0, item_id: 'msg_1', delta: 'I cannot help with that.' },
        { type: 'response.completed', response: { status: 'completed' } },
      ),
    )
    const { chat, finishes } = open({ connection: responses.connect(url) })
    const { message } = await chat.sendMessage('Hello')
    expect(message?.parts).toMatchObject([{ type: 'text', content: 'I cannot help with that.', metadata: { refusal: true } }])
    expect(finishes[0]?.info.finishReason).toBe('content_filter')
  })

  const text = { choices: [{ index: 0, delta: { content: 'Half an ans' } }] }
  it.each([
    ['an error in the stream', { error: { message: 'The GPU is on fire', type: 'server_error' } }, { code: 'server', serverCode: 'server_error' }],
    ['nothing more', undefined, { code: 'truncated' }],
    ['something else altogether', { choices: 'none' }, { code: 'protocol' }],
  ])('half an answer and then %s', async (_name, last, expected) => {
    const { url } = await serveEach(sseThenEnd(text, ...(last ? [last] : [])))
    const { chat } = open({ connection: completions.connect(url) })
    const { error, message } = await chat.sendMessage('Hello')
    expect(error).toMatchObject(expected)
    expect(textOf(message)).toBe('Half an ans')
    expect(openParts(chat)).toEqual([])
  })

  it('a server that says it is done and keeps the connection does not keep the chat waiting', async () => {
    const url = await serveNode((_request, response) => {
      writeSse(response, text, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]')
    })
    const { chat } = open({ connection: completions.connect(url) })
    expect(await chat.sendMessage('Hello')).toMatchObject({ outcome: 'finished' })
  })
})
