import { LLMock } from '@copilotkit/aimock'
import { EventSchemas } from '@ag-ui/core/schemas'
import { ai, type ChatDefaults, type Chunk, parseChatRequest, toHttpStreamResponse, toolDefinition, type WireMessage } from '@statechat/server'
import { openai } from '@statechat/server/openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { serveWeb } from './support/serve.ts'

/** Our server → the `openai` package → aimock, which is not ours: the whole loop, every step over HTTP. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

interface Sent {
  messages: { role: string; content: unknown; tool_calls?: { id: string; function: { name: string; arguments: string } }[]; tool_call_id?: string }[]
  tools?: { function: { name: string; strict?: boolean; parameters: object } }[]
  response_format?: object
  tool_choice?: unknown
  parallel_tool_calls?: boolean
}
/** What the model was asked, request by request. */
const asked = () => mock.getRequests().map(({ body }) => body as unknown as Sent)
/** What the model was told last by the tools. */
const toldByTools = () =>
  asked()
    .at(-1)!
    .messages.flatMap(({ role, content }) => (role === 'tool' ? [content] : []))

/** A server with these tools; `ask` sends it a request and reads every chunk of the answer. */
async function serve(defaults: ChatDefaults, outputSchema?: z.ZodType) {
  const failures: unknown[] = []
  const model = ai(openai({ baseURL: `${mock.url}/v1`, apiKey: 'test', model: 'gpt-5.4' }), {
    onError: (error) => void failures.push(error),
    ...defaults,
  })
  const url = await serveWeb(async (request) => toHttpStreamResponse(model.chat({ ...(await parseChatRequest(request)), outputSchema })))
  const ask = async (body: object) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const chunks = (await response.text())
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Chunk)
    for (const chunk of chunks) expect(EventSchemas.parse(chunk)).toEqual(chunk)
    expect(chunks.filter(({ type }) => type === 'RUN_STARTED' || type === 'RUN_FINISHED' || type === 'RUN_ERROR')).toEqual([chunks[0], chunks.at(-1)])
    return { chunks, last: chunks.at(-1)!, text: textOf(chunks) }
  }
  return { ask, failures }
}

const textOf = (chunks: readonly Chunk[]) => chunks.map((chunk) => (chunk.type === 'TEXT_MESSAGE_CONTENT' ? chunk.delta : '')).join('')
const user = (content: string): WireMessage => ({ id: 'u', role: 'user', content })
const called = (id: string, name: string, input: unknown): WireMessage => ({
  id: 'a',
  role: 'assistant',
  toolCalls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(input) } }],
})

const weather = toolDefinition({ name: 'get_weather', description: 'Weather', inputSchema: z.object({ city: z.string() }) })
const mail = toolDefinition({ name: 'send_mail', inputSchema: z.object({ to: z.email(), note: z.string().optional() }), needsApproval: true })

describe('server tools', () => {
  it('run between the calls of the model, which gets their results, all in one run with the sum of its usage', async () => {
    mock.on({ hasToolResult: true }, { content: 'Paris 21, Oslo 3.', usage: { prompt_tokens: 50, completion_tokens: 9 } })
    mock.onMessage('weather', {
      content: 'Let me look.',
      toolCalls: [
        { id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris"}' },
        { id: 'call_b', name: 'get_weather', arguments: '{"city":"Oslo"}' },
      ],
      usage: { prompt_tokens: 20, completion_tokens: 6 },
    })
    const { ask } = await serve({ tools: [weather.server(({ city }, { emit }) => (emit(`asking ${city}`), { celsius: city === 'Paris' ? 21 : 3 }))] })
    const { chunks, last, text } = await ask({ messages: [user('weather?')] })

    expect(text).toBe('Let me look.Paris 21, Oslo 3.')
    expect(chunks.flatMap((chunk) => (chunk.type === 'CUSTOM' ? [chunk.value] : []))).toEqual([
      { toolCallId: 'call_a', progress: 'asking Paris' },
      { toolCallId: 'call_b', progress: 'asking Oslo' },
    ])
    expect(last).toMatchObject({
      outcome: { type: 'success' },
      metadata: { finishReason: 'stop' },
      usage: [{ provider: 'openai', model: 'gpt-5.4', inputTokens: 70, outputTokens: 15, totalTokens: 85 }],
    })
    expect(asked()).toHaveLength(2)
    expect(asked()[1]?.messages).toEqual([
      { role: 'user', content: 'weather?' },
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
          { id: 'call_b', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: '{"celsius":21}' },
      { role: 'tool', tool_call_id: 'call_b', content: '{"celsius":3}' },
    ])
  })

  it('are described to the model, strictly where their schema can be', async () => {
    mock.onMessage('Hello', { content: 'Hi' })
    const { ask } = await serve({ tools: [weather.server(() => ''), mail], toolChoice: { name: 'get_weather' }, parallelToolCalls: false })
    await ask({ messages: [user('Hello')], tools: [{ name: 'theme', description: 'Theme', parameters: { type: 'object', properties: {} } }] })
    expect(asked()[0]?.tools?.map(({ function: { name, strict } }) => [name, strict])).toEqual([
      ['get_weather', true],
      ['send_mail', undefined],
      ['theme', true],
    ])
    expect(asked()[0]?.tools?.[0]?.function.parameters).toEqual({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    })
    expect(asked()[0]).toMatchObject({ tool_choice: { type: 'function', function: { name: 'get_weather' } }, parallel_tool_calls: false })
  })

  it('that get a wrong input say so, and the model may try again', async () => {
    mock.on({ toolResultContains: 'sunny' }, { content: 'It is sunny.' })
    mock.on({ toolResultContains: 'Invalid input' }, { toolCalls: [{ id: 'call_b', name: 'get_weather', arguments: '{"city":"Paris"}' }] })
    mock.onMessage('weather', { toolCalls: [{ id: 'call_a', name: 'get_weather', arguments: '{"town":"Paris"}' }] })
    const { ask } = await serve({ tools: [weather.server(() => 'sunny')] })
    expect((await ask({ messages: [user('weather?')] })).text).toBe('It is sunny.')
    expect(toldByTools()).toEqual([expect.stringMatching(/^Invalid input: city: /) as string, 'sunny'])
  })

  it('that fail keep their secrets from the model and from the client', async () => {
    mock.on({ hasToolResult: true }, { content: 'Sorry.' })
    mock.onMessage('weather', { toolCalls: [{ id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris"}' }] })
    const error = new Error('connect postgres://admin:hunter2@db')
    const { ask, failures } = await serve({ tools: [weather.server(() => Promise.reject(error))] })
    const { chunks, text } = await ask({ messages: [user('weather?')] })
    expect(text).toBe('Sorry.')
    expect(toldByTools()).toEqual(['The tool failed.'])
    expect(JSON.stringify([chunks, asked()])).not.toContain('hunter2')
    expect(failures).toEqual([error])
  })

  it('that a model calls for ever are ended by maxSteps', async () => {
    mock.onMessage('weather', { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Paris"}' }] })
    const { ask } = await serve({ tools: [weather.server(() => 'sunny')], maxSteps: 3 })
    const { last } = await ask({ messages: [user('weather?')] })
    expect(last).toMatchObject({ type: 'RUN_ERROR', code: 'max_steps', usage: [{ provider: 'openai' }] })
    expect(asked()).toHaveLength(3)
  })
})

describe('client tools', () => {
  it('end the run, and the next request goes on with their results', async () => {
    mock.on({ hasToolResult: true }, { content: 'Dark now.' })
    mock.onMessage('dark', { toolCalls: [{ id: 'call_a', name: 'set_theme', arguments: '{"dark":true}' }] })
    const { ask } = await serve({ tools: [weather.server(() => '')] })
    const tools = [{ name: 'set_theme', description: 'Theme', parameters: { type: 'object', properties: { dark: { type: 'boolean' } } } }]
    expect((await ask({ messages: [user('dark!')], tools })).last).toMatchObject({ outcome: { pendingToolCallIds: ['call_a'] } })
    const history = [user('dark!'), called('call_a', 'set_theme', { dark: true }), { id: 't', role: 'tool', toolCallId: 'call_a', content: 'ok' }]
    expect((await ask({ messages: history, tools })).text).toBe('Dark now.')
  })
})

describe('approvals', () => {
  const history = [user('mail Ann'), called('call_a', 'send_mail', { to: 'ann@example.com' })]
  const resume = (payload: object) => [{ interruptId: 'approval_call_a', status: 'resolved', payload }]

  async function served() {
    const sent: string[] = []
    mock.on({ toolResultContains: 'mail-1' }, { content: 'Sent.' })
    mock.on({ toolResultContains: 'denied' }, { content: 'I did not send it.' })
    mock.onMessage('mail', { toolCalls: [{ id: 'call_a', name: 'send_mail', arguments: '{"to":"ann@example.com"}' }] })
    const { ask } = await serve({ tools: [mail.server(({ to }) => ({ id: `mail-${sent.push(to)}` }))] })
    return { ask, sent }
  }

  it('are asked for by an interrupt', async () => {
    const { ask, sent } = await served()
    const { last } = await ask({ messages: [user('mail Ann')] })
    expect(last).toMatchObject({ outcome: { type: 'interrupt', interrupts: [{ id: 'approval_call_a', reason: 'tool_call', toolCallId: 'call_a' }] } })
    expect(sent).toEqual([])
  })

  it('that are given run the call in the next request, once', async () => {
    const { ask, sent } = await served()
    const { chunks, text } = await ask({ messages: history, resume: resume({ approved: true }) })
    expect([sent, text]).toEqual([['ann@example.com'], 'Sent.'])
    const result = chunks.find((chunk) => chunk.type === 'TOOL_CALL_RESULT')!
    const again = [...history, { id: result.messageId, role: 'tool', toolCallId: result.toolCallId, content: result.content }]
    expect((await ask({ messages: again, resume: resume({ approved: true }) })).text).toBe('Sent.')
    expect(sent).toHaveLength(1)
  })

  it('with other arguments run those, and the model reads them', async () => {
    const { ask, sent } = await served()
    await ask({ messages: history, resume: resume({ approved: true, editedArgs: { to: 'bob@example.com' } }) })
    expect(sent).toEqual(['bob@example.com'])
    expect(asked().at(-1)?.messages[1]?.tool_calls?.[0]?.function.arguments).toBe('{"to":"bob@example.com"}')
  })

  it('that are refused tell the model why', async () => {
    const { ask, sent } = await served()
    const { text } = await ask({ messages: history, resume: resume({ approved: false, reason: 'Wrong Ann.' }) })
    expect([sent, text]).toEqual([[], 'I did not send it.'])
    expect(toldByTools()).toEqual(['The user denied this call: Wrong Ann.'])
  })
})

describe('a structured answer', () => {
  const recipe = z.object({ title: z.string(), steps: z.array(z.string()) })

  it('is asked for, streamed and checked, after the tools', async () => {
    mock.on({ hasToolResult: true }, { content: '{"title":"Soup","steps":["Boil it."]}' })
    mock.onMessage('recipe', { content: 'Let me look.', toolCalls: [{ id: 'call_a', name: 'get_weather', arguments: '{"city":"Paris"}' }] })
    const { ask } = await serve({ tools: [weather.server(() => 'cold')] }, recipe)
    const { chunks, last } = await ask({ messages: [user('recipe?')] })
    const customs = chunks.flatMap((chunk) => (chunk.type === 'CUSTOM' ? [chunk] : []))
    const messageId = chunks.findLast((chunk) => chunk.type === 'TEXT_MESSAGE_START')!.messageId
    expect(customs.map(({ name, value }) => [name, value])).toEqual([
      ['structured-output.start', { messageId }],
      ['structured-output.complete', { messageId, object: { title: 'Soup', steps: ['Boil it.'] }, raw: '{"title":"Soup","steps":["Boil it."]}' }],
    ])
    expect(last).toMatchObject({ outcome: { type: 'success' } })
    const closed = { type: 'object', required: ['title', 'steps'], additionalProperties: false }
    for (const { response_format } of asked()) {
      expect(response_format).toMatchObject({ type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: closed } })
    }
  })

  it('that does not fit is an error with the issues', async () => {
    mock.onMessage('recipe', { content: '{"title":"Soup","steps":"Boil it."}' })
    const { ask } = await serve({}, recipe)
    expect((await ask({ messages: [user('recipe?')] })).last).toMatchObject({
      type: 'RUN_ERROR',
      code: 'invalid_output',
      metadata: { retryable: true, issues: [{ path: ['steps'], message: expect.stringContaining('array') as string }] },
    })
  })

  it('that is cut off says that', async () => {
    mock.onMessage('recipe', { content: '{"title":"So', finishReason: 'length' })
    const { ask } = await serve({}, recipe)
    expect((await ask({ messages: [user('recipe?')] })).last).toMatchObject({
      code: 'invalid_output',
      message: expect.stringContaining('cut off') as string,
    })
  })
})
