import { HttpAgent } from '@ag-ui/client'
import { EventSchemas } from '@ag-ui/core/schemas'
import { fetchServerSentEvents } from '@tanstack/ai-client'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ai, type Chunk, isChatRequestError, type ModelAdapter, parseChatRequest, toHttpStreamResponse, toStreamResponse } from '../src/index.ts'
import { openai } from '../src/openai/index.ts'
import { scripted } from '../src/scripted/index.ts'
import { serve, serveNode } from './support/http.ts'

/** The handler as the README shows it. */
const handler = (adapter: ModelAdapter, respond = toStreamResponse) =>
  serve(async (request) => {
    try {
      const chat = await parseChatRequest(request)
      return respond(ai(adapter, { onError: () => {} }).chat(chat), { signal: request.signal })
    } catch (error) {
      if (isChatRequestError(error)) return error.toResponse()
      throw error
    }
  })

const post = (url: string, body: unknown, signal?: AbortSignal) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...(signal && { signal }) })

describe('AG-UI’s own HttpAgent', () => {
  async function talk(question: string, script: ModelAdapter = scripted({ delayMs: 0 })) {
    const agent = new HttpAgent({ url: await handler(script), threadId: 'thread', initialMessages: [{ id: 'u', role: 'user', content: question }] })
    const events: unknown[] = []
    const result = await agent.runAgent({ runId: 'run' }, { onEvent: ({ event }) => void events.push(event) })
    for (const event of events) EventSchemas.parse(event)
    return { agent, events: events as Chunk[], result }
  }

  it('accepts a whole Markdown answer', async () => {
    const { agent, events } = await talk('Tell me something')
    expect(events[0]).toMatchObject({ type: 'RUN_STARTED', threadId: 'thread', runId: 'run' })
    expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'success' } })
    expect(agent.messages.at(-1)).toMatchObject({ role: 'assistant', content: expect.stringContaining('“Tell me something”') })
  })

  it('makes of reasoning, tool call and result the messages that they are', async () => {
    expect((await talk('think')).agent.messages.map(({ role }) => role)).toEqual(['user', 'reasoning', 'assistant'])
    const { agent } = await talk('What is 12 * 7?')
    expect(agent.messages.slice(1)).toMatchObject([
      { role: 'assistant', toolCalls: [{ function: { name: 'calculate', arguments: '{"expression":"12 * 7"}' } }] },
      { role: 'tool', content: '84' },
      { role: 'assistant', content: '12 * 7 = **84**' },
    ])
  })

  it('sends the result of its own tool, and gets the answer to it', async () => {
    const agent = new HttpAgent({
      url: await handler(scripted({ delayMs: 0 })),
      initialMessages: [{ id: 'u', role: 'user', content: 'weather in Oslo' }],
    })
    const tools = [{ name: 'get_weather', description: 'Weather', parameters: {} }]
    await agent.runAgent({ tools })
    const call = agent.messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))[0]!
    agent.addMessage({ id: 't', role: 'tool', toolCallId: call.id, content: '{"temperature":-3}' })
    await agent.runAgent({ tools })
    expect(agent.messages.at(-1)).toMatchObject({ role: 'assistant', content: '**Oslo**: -3 °C.' })
  })

  it('sees a failure as a run error', async () => {
    const { events } = await talk('fail')
    expect(events.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'provider_unavailable' })
  })
})

describe('TanStack AI’s client half', () => {
  it('is understood, and understands', async () => {
    const { connect } = fetchServerSentEvents(await handler(scripted({ delayMs: 0 })))
    const message = { id: 'u', role: 'user' as const, parts: [{ type: 'text' as const, content: '0.1 + 0.2' }] }
    let text = ''
    for await (const chunk of connect([message], { model: 'x' }, new AbortController().signal)) {
      if (chunk.type === 'TEXT_MESSAGE_CONTENT') text += chunk.delta
    }
    expect(text).toBe('0.1 + 0.2 = **0.3**')
  })
})

describe('a plain client', () => {
  it('reads NDJSON line by line', async () => {
    const response = await post(await handler(scripted({ delayMs: 0 }), toHttpStreamResponse), { messages: [{ role: 'user', content: 'hello' }] })
    const chunks = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => EventSchemas.parse(JSON.parse(line)))
    expect([chunks[0]?.type, chunks.at(-1)?.type]).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
  })

  it('gets a 400 with the field for a bad body', async () => {
    const response = await post(await handler(scripted()), { messages: [{ role: 'user' }] })
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: { code: 'bad_request', message: expect.any(String), field: 'messages[0].content' } },
    ])
  })
})

describe('the model behind it', () => {
  /** A provider that says one word and then nothing, seen from its own socket. */
  async function silentProvider() {
    const requests: ServerResponse[] = []
    let arrived = () => {}
    const request = new Promise<void>((resolve) => (arrived = resolve))
    const url = await serveNode((_request, response) => {
      requests.push(response)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n')
      arrived()
    })
    return { adapter: openai({ baseURL: url, model: 'm' }), request, closed: async () => once((await request, requests[0]!), 'close') }
  }

  it('is hung up on when the client goes', async () => {
    const { adapter, closed } = await silentProvider()
    const controller = new AbortController()
    const response = await post(await handler(adapter), { messages: [{ role: 'user', content: 'x' }] }, controller.signal)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"delta":"Hi"')) text += (await reader.read()).value
    const gone = closed()
    controller.abort()
    await expect(gone).resolves.toBeDefined()
  })

  it('is hung up on by break', async () => {
    const { adapter, closed } = await silentProvider()
    const gone = closed()
    for await (const chunk of ai(adapter).chat({ messages: [{ role: 'user', content: 'x' }] })) if (chunk.type === 'TEXT_MESSAGE_CONTENT') break
    await expect(gone).resolves.toBeDefined()
  })

  it('is hung up on when the signal aborts before it has said anything', async () => {
    let asked: (response: ServerResponse) => void = () => {}
    const request = new Promise<ServerResponse>((resolve) => (asked = resolve))
    const adapter = openai({ baseURL: await serveNode((_request, response) => asked(response)), model: 'm' })
    const controller = new AbortController()
    const types: string[] = []
    const run = (async () => {
      for await (const chunk of ai(adapter).chat({ messages: [{ role: 'user', content: 'x' }], signal: controller.signal })) types.push(chunk.type)
    })()
    const gone = once(await request, 'close')
    controller.abort()
    await run
    await gone
    expect(types).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
  })

  it('runs ahead of a reader that does not read by no more than the socket buffers', async () => {
    let produced = 0
    const firehose: ModelAdapter = {
      name: 'firehose',
      defaultModel: 'x',
      async *stream({ messageId }) {
        const delta = 'x'.repeat(10_000)
        for (; produced < 100_000; produced++) yield { type: 'TEXT_MESSAGE_CONTENT', messageId, delta }
        yield { type: 'finish', reason: 'stop' }
      },
    }
    let released = () => {}
    const done = new Promise<void>((resolve) => (released = resolve))
    const adapter: ModelAdapter = {
      ...firehose,
      async *stream(request) {
        request.signal.addEventListener('abort', () => released())
        yield* firehose.stream(request)
      },
    }
    const controller = new AbortController()
    const response = await post(await handler(adapter), { messages: [{ role: 'user', content: 'x' }] }, controller.signal)
    const reader = response.body!.getReader()
    await reader.read()
    // Until the count stands still for some rounds of the event loop, nothing of it on a timer.
    for (let last = -1, still = 0; still < 200; still = produced === last ? still + 1 : 0, last = produced) await new Promise(setImmediate)
    expect(produced).toBeLessThan(10_000)
    controller.abort()
    await done
  })
})
