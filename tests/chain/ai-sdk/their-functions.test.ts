import { fetcher, fetchHttpStream, fetchServerSentEvents } from '@statechat/core'
import {
  convertToModelMessages,
  createUIMessageStream,
  createUIMessageStreamResponse,
  isStepCount,
  jsonSchema,
  streamText,
  tool,
  toUIMessageStream,
  type ToolSet,
  type UIMessage as AiMessage,
  type UIMessageChunk,
  validateUIMessages,
} from 'ai'
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test'
import { describe, expect, it } from 'vitest'
import { serveWeb } from '../support/serve.ts'
import { open, openParts, textOf, thoughtOf, until } from '../support/session.ts'
import { resumeUrl, uiMessageStream } from './from-source.ts'
import { comparable } from './support.ts'

type StreamOptions = Parameters<MockLanguageModelV4['doStream']>[0]
type Part = Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never

const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 2, text: 2, reasoning: undefined },
}
const finish = (unified: 'stop' | 'tool-calls' | 'length' = 'stop'): Part => ({ type: 'finish', finishReason: { unified, raw: unified }, usage })
const says = (...deltas: string[]): Part[] => [
  { type: 'text-start', id: '0' },
  ...deltas.map((delta): Part => ({ type: 'text-delta', id: '0', delta })),
  { type: 'text-end', id: '0' },
]
const thinks = (...deltas: string[]): Part[] => [
  { type: 'reasoning-start', id: '0' },
  ...deltas.map((delta): Part => ({ type: 'reasoning-delta', id: '0', delta })),
  { type: 'reasoning-end', id: '0', providerMetadata: { acme: { signature: 'sealed' } } },
]
const calls = (toolCallId: string, toolName: string, input: object): Part[] => [
  { type: 'tool-input-start', id: toolCallId, toolName },
  { type: 'tool-input-delta', id: toolCallId, delta: JSON.stringify(input) },
  { type: 'tool-input-end', id: toolCallId },
  { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input), providerMetadata: { acme: { item: `item-${toolCallId}` } } },
]

interface ServerOptions {
  tools?: ToolSet
  /** What the model says in each of its calls. */
  model: Part[][]
  streamText?: Partial<Parameters<typeof streamText>[0]>
}

/** A route as the AI SDK's documentation has it. Keeps what it would store, and what it was asked. */
async function theirRoute({ tools, model: script, ...more }: ServerOptions) {
  const stored: AiMessage[][] = []
  const bodies: { id: string; messages: AiMessage[]; trigger: string; messageId?: string }[] = []
  const steps = script.values()
  const model = new MockLanguageModelV4({
    doStream: async () => ({ stream: simulateReadableStream({ chunks: steps.next().value ?? [], chunkDelayInMs: null }) }),
  })
  const url = await serveWeb(async (request) => {
    const body = (await request.json()) as (typeof bodies)[number]
    bodies.push(body)
    // What we send is what their own client sends.
    const messages = await validateUIMessages({ messages: body.messages })
    const result = streamText({
      model,
      messages: await convertToModelMessages(messages, tools && { tools }),
      stopWhen: isStepCount(5),
      abortSignal: request.signal,
      onError: () => {},
      ...(tools && { tools }),
      ...more.streamText,
    } as Parameters<typeof streamText>[0])
    const stream = toUIMessageStream({
      stream: result.stream,
      originalMessages: messages,
      generateMessageId: () => `answer-${bodies.length}`,
      sendSources: true,
      onEnd: ({ messages }) => void stored.push(messages),
      ...(tools && { tools }),
    })
    return createUIMessageStreamResponse({ stream })
  })
  return { connection: fetchServerSentEvents(url, { protocol: uiMessageStream() }), url, model, stored, bodies }
}

/** What the model was told in one of its calls. */
const promptOf = (call: StreamOptions | undefined) =>
  call!.prompt.flatMap(({ role, content }) => (typeof content === 'string' ? [] : content.map((part) => ({ role, ...part }))))

const weather = tool({
  description: 'Weather of a city',
  inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }),
})
const withExecute = (execute: (input: { city: string }) => unknown) => tool({ ...weather, execute } as never)

describe('streamText of the AI SDK', () => {
  it('sends text and reasoning, and gets the whole conversation with the next request', async () => {
    const { connection, stored, bodies, model } = await theirRoute({
      model: [
        [...thinks('Hm', 'mm.'), ...says('Grüß', ' Gott 🎉'), finish()],
        [...says('Again.'), finish()],
      ],
    })
    const { chat, finishes, warnings } = open({ connection, threadId: 'chat-1' })
    const { outcome, message } = await chat.sendMessage('Hello', { data: { model: 'small' } })
    expect([outcome, thoughtOf(message), textOf(message)]).toEqual(['finished', 'Hmmm.', 'Grüß Gott 🎉'])
    expect(finishes[0]?.info.finishReason).toBe('stop')
    await chat.sendMessage('And?')
    expect(chat.messages.get().map(comparable)).toEqual(stored[1]!.map(comparable))
    expect(bodies[0]).toMatchObject({ id: 'chat-1', trigger: 'submit-message', model: 'small' })
    // The signature of the provider came back to it.
    expect(promptOf(model.doStreamCalls[1])).toContainEqual(
      expect.objectContaining({ type: 'reasoning', text: 'Hmmm.', providerOptions: { acme: { signature: 'sealed' } } }),
    )
    expect([warnings, openParts(chat)]).toEqual([[], []])
  })

  it('runs its own tools in several steps, side by side, one of which fails', async () => {
    const { connection, stored, model } = await theirRoute({
      tools: {
        weather: withExecute(({ city }) => {
          if (city === 'Nowhere') throw new Error('no such city')
          return { city, sun: true }
        }),
      },
      model: [
        [...says('Let me look.'), ...calls('c1', 'weather', { city: 'Rome' }), ...calls('c2', 'weather', { city: 'Nowhere' }), finish('tool-calls')],
        [...thinks('One is sunny.'), ...says('Rome is sunny.'), finish()],
        [...says('You are welcome.'), finish()],
      ],
    })
    const { chat, warnings } = open({ connection })
    const { outcome, message } = await chat.sendMessage('Weather?')
    expect(outcome).toBe('finished')
    expect(message?.parts.flatMap((part) => (part.type === 'tool-call' ? [[part.state, part.output ?? part.error]] : []))).toEqual([
      ['complete', { city: 'Rome', sun: true }],
      ['error', 'Error: no such city'],
    ])
    expect(chat.messages.get().map(comparable)).toEqual(stored[0]!.map(comparable))
    await chat.sendMessage('Thanks')
    // The steps are still apart: call and result come before what was said about them.
    expect(promptOf(model.doStreamCalls[2]).map(({ role, type }) => `${role} ${type}`)).toEqual([
      'user text',
      'assistant text',
      'assistant tool-call',
      'assistant tool-call',
      'tool tool-result',
      'tool tool-result',
      'assistant reasoning',
      'assistant text',
      'user text',
    ])
    expect(promptOf(model.doStreamCalls[2])).toContainEqual(
      expect.objectContaining({ type: 'tool-call', toolCallId: 'c1', input: { city: 'Rome' }, providerOptions: { acme: { item: 'item-c1' } } }),
    )
    expect(warnings).toEqual([])
  })

  it('is complete when it stopped after the last step that it may take', async () => {
    const { connection } = await theirRoute({
      tools: { weather: withExecute(() => 'sun') },
      model: [[...calls('c1', 'weather', { city: 'Rome' }), finish('tool-calls')]],
      streamText: { stopWhen: isStepCount(1) },
    })
    const { chat, errors } = open({ connection })
    const { outcome } = await chat.sendMessage('Weather?')
    expect([outcome, errors]).toEqual(['finished', []])
  })

  it('leaves a tool to the client, whose answer continues the same message', async () => {
    const { connection, stored, bodies } = await theirRoute({
      tools: { weather: weather as never },
      model: [
        [...says('Where are you?'), ...calls('c1', 'weather', { city: 'here' }), finish('tool-calls')],
        [...says('Sunny there.'), finish()],
      ],
    })
    const { chat, warnings } = open({ connection, tools: [{ name: 'weather' }] })
    const turn = chat.sendMessage('Weather?')
    await until(chat, ({ status }) => status === 'tool-calling')
    chat.addToolResult({ toolCallId: 'c1', output: { sun: true } })
    const { outcome, message } = await turn
    expect([outcome, textOf(message)]).toEqual(['finished', 'Where are you?Sunny there.'])
    expect(chat.messages.get().map(comparable)).toEqual(stored[1]!.map(comparable))
    expect(bodies[1]).toMatchObject({ trigger: 'submit-message', messageId: message?.id })
    expect([chat.messages.get().length, warnings]).toEqual([2, []])
  })

  it.each([
    ['approved', true, 'output-available'],
    ['denied', false, 'output-denied'],
  ] as const)('asks for an approval; what was %s goes on in the same message', async (_what, approved, state) => {
    const ran: unknown[] = []
    const { connection, stored } = await theirRoute({
      tools: { weather: withExecute((input) => (ran.push(input), 'sun')) },
      model: [
        [...says('May I?'), ...calls('c1', 'weather', { city: 'Rome' }), finish('tool-calls')],
        [...says(approved ? 'Sunny.' : 'Then not.'), finish()],
      ],
      streamText: { toolApproval: { weather: 'user-approval' } as never },
    })
    const { chat, warnings } = open({ connection })
    const turn = chat.sendMessage('Weather?')
    await until(chat, ({ status }) => status === 'tool-calling')
    expect(chat.messages.get().map(comparable)).toEqual(stored[0]!.map(comparable))
    if (approved) await chat.approve('c1')
    else chat.deny('c1', 'Too private.')
    const { outcome, error } = await turn
    expect([outcome, error]).toEqual(['finished', undefined])
    expect(ran).toEqual(approved ? [{ city: 'Rome' }] : [])
    const theirs = stored[1]!.at(-1)!.parts.find((part) => part.type === 'tool-weather')
    expect(theirs).toMatchObject({ state })
    expect(chat.messages.get().map(comparable)).toEqual(stored[1]!.map(comparable))
    expect(warnings).toEqual([])
  })

  it('reports an error with the text that it has for the client', async () => {
    const { connection } = await theirRoute({ model: [[...says('Half'), { type: 'error', error: new Error('secret') }, finish()]] })
    const { chat } = open({ connection })
    const { outcome, error, message } = await chat.sendMessage('Hello')
    expect([outcome, error?.code, textOf(message)]).toEqual(['failed', 'server', 'Half'])
    expect(error?.message).toContain('An error occurred.')
  })

  it('says why it stopped', async () => {
    const { connection } = await theirRoute({ model: [[...says('To be con'), finish('length')]] })
    const { chat, finishes } = open({ connection })
    await chat.sendMessage('Hello')
    expect(finishes[0]?.info.finishReason).toBe('length')
  })
})

describe('createUIMessageStream of the AI SDK', () => {
  const route = async (execute: Parameters<typeof createUIMessageStream>[0]['execute']) => {
    const url = await serveWeb(() => createUIMessageStreamResponse({ stream: createUIMessageStream({ execute }) }))
    return fetchServerSentEvents(url, { protocol: uiMessageStream() })
  }

  it('mixes data of the application with the answer of a model', async () => {
    const connection = await route(({ writer }) => {
      writer.write({ type: 'start' })
      writer.write({ type: 'data-progress', id: 'p', data: { percent: 0 } })
      const model = new MockLanguageModelV4({
        doStream: async () => ({ stream: simulateReadableStream({ chunks: [...says('Done.'), finish()], chunkDelayInMs: null }) }),
      })
      writer.merge(toUIMessageStream({ stream: streamText({ model, prompt: 'x' }).stream, sendStart: false }))
      writer.write({ type: 'data-progress', id: 'p', data: { percent: 100 } })
    })
    const { chat, warnings } = open({ connection })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, textOf(message)]).toEqual(['finished', 'Done.'])
    expect(message?.parts[0]).toEqual({ type: 'data', name: 'progress', id: 'p', data: { percent: 100 } })
    expect(warnings).toEqual([])
  })

  it('says what is for onData alone, which does not stay', async () => {
    const connection = await route(({ writer }) => {
      writer.write({ type: 'start' })
      writer.write({ type: 'data-toast', data: 'Hi', transient: true })
      writer.write({ type: 'data-note', id: 'n', data: 'kept' })
      writer.write({ type: 'finish' })
    })
    const heard: unknown[] = []
    const { chat } = open({ connection, onData: (part) => void heard.push(part) })
    const { message } = await chat.sendMessage('Hello')
    expect(heard).toMatchObject([
      { name: 'toast', data: 'Hi' },
      { name: 'note', id: 'n', data: 'kept' },
    ])
    expect(message?.parts).toEqual([{ type: 'data', name: 'note', id: 'n', data: 'kept' }])
  })

  it('that is aborted leaves the turn stopped, with what there was', async () => {
    const connection = await route(({ writer }) => {
      for (const chunk of [{ type: 'start' }, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'Half' }] as const)
        writer.write(chunk)
      writer.write({ type: 'abort', reason: 'shutdown' })
    })
    const { chat } = open({ connection })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, textOf(message), openParts(chat)]).toEqual(['stopped', 'Half', []])
  })

  it('keeps its connection alive with comments, which say nothing', async () => {
    const url = await serveWeb(() =>
      createUIMessageStreamResponse({
        keepAliveMs: 60_000,
        stream: createUIMessageStream({
          execute({ writer }) {
            writer.write({ type: 'start' })
            writer.write({ type: 'text-start', id: '0' })
            writer.write({ type: 'text-delta', id: '0', delta: 'Here.' })
            writer.write({ type: 'text-end', id: '0' })
            writer.write({ type: 'finish' })
          },
        }),
      }),
    )
    const { chat, warnings } = open({ connection: fetchServerSentEvents(url, { protocol: uiMessageStream() }) })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, textOf(message), warnings]).toEqual(['finished', 'Here.', []])
  })
})

describe('a stream that was cut', () => {
  it('is truncated when the body closes before finish, and what came is kept', async () => {
    const url = await serveWeb(() => {
      const chunks: UIMessageChunk[] = [{ type: 'start' }, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'Half' }]
      return new Response(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''), { headers: { 'content-type': 'text/event-stream' } })
    })
    const { chat } = open({ connection: fetchServerSentEvents(url, { protocol: uiMessageStream() }) })
    const { outcome, error, message } = await chat.sendMessage('Hello')
    expect([outcome, error?.code, textOf(message)]).toEqual(['failed', 'truncated', 'Half'])
  })
})

describe('the same chunks as newline-delimited JSON', () => {
  it('are read by the other adapter with the same protocol', async () => {
    const url = await serveWeb(() => {
      const chunks: UIMessageChunk[] = [
        { type: 'start' },
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'By line.' },
        { type: 'text-end', id: '0' },
        { type: 'finish' },
      ]
      return new Response(chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join(''), { headers: { 'content-type': 'application/x-ndjson' } })
    })
    const { chat } = open({ connection: fetchHttpStream(url, { protocol: uiMessageStream() }) })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, textOf(message)]).toEqual(['finished', 'By line.'])
  })
})

describe('a stream in flight', () => {
  it('is read from its start by GET, with resumeUrl', async () => {
    const asked: string[] = []
    const url = await serveWeb((request) => {
      const { pathname, search } = new URL(request.url)
      asked.push(`${request.method} ${pathname}${search}`)
      const chunks: UIMessageChunk[] = [
        { type: 'start', messageId: 'a1' },
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'From the start.' },
        { type: 'text-end', id: '0' },
        { type: 'finish' },
      ]
      return createUIMessageStreamResponse({ stream: simulateReadableStream({ chunks, chunkDelayInMs: null }) })
    })
    const join = fetcher(({ threadId }, { signal }) => fetch(resumeUrl(`${url}/api/chat?v=1`, threadId), { signal }), { protocol: uiMessageStream() })
    const { chat } = open({ connection: join, threadId: 'a/b c' })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, textOf(message)]).toEqual(['finished', 'From the start.'])
    expect(asked).toEqual(['GET /api/chat/a%2Fb%20c/stream?v=1'])
  })
})
