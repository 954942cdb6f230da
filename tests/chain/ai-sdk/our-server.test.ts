import { Chat as ReactChat } from '@ai-sdk/react'
import { Chat as VueChat } from '@ai-sdk/vue'
import {
  ai,
  type Chunk,
  isChatRequestError,
  type ModelAdapter,
  type ModelChunk,
  type ModelRequest,
  parseChatBody,
  toolDefinition,
} from '@statechat/server'
import {
  AbstractChat,
  type ChatInit,
  type ChatState,
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  type UIMessage as AiMessage,
} from 'ai'
import { describe, expect, it } from 'vitest'
import { serveWeb } from '../support/serve.ts'
import { toUIMessageStreamResponse } from './from-source.ts'
import { SvelteChat } from './svelte-chat.ts'

/** The state that a framework would hold. */
class PlainState implements ChatState<AiMessage> {
  status: ChatState<AiMessage>['status'] = 'ready'
  error: Error | undefined
  messages: AiMessage[] = []
  constructor(messages: AiMessage[] = []) {
    this.messages = messages
  }
  pushMessage = (message: AiMessage) => void this.messages.push(message)
  popMessage = () => void this.messages.pop()
  replaceMessage = (index: number, message: AiMessage) => void (this.messages[index] = structuredClone(message))
  snapshot = <T>(thing: T): T => structuredClone(thing)
}

/** `AbstractChat` of the newest `ai`; the packages of the frameworks bring their own version of it. */
class PlainChat extends AbstractChat<AiMessage> {
  constructor(init: ChatInit<AiMessage>) {
    super({ ...init, state: new PlainState(init.messages) })
  }
}

type AnyChat = Pick<PlainChat, 'messages' | 'status' | 'error' | 'sendMessage' | 'regenerate' | 'addToolOutput' | 'addToolApprovalResponse'>
type Make = (init: ChatInit<AiMessage>) => AnyChat

const CLIENTS: [name: string, make: Make][] = [
  ['AbstractChat of ai', (init) => new PlainChat(init)],
  ['Chat of @ai-sdk/react', (init) => new ReactChat(init as never) as unknown as AnyChat],
  ['Chat of @ai-sdk/vue', (init) => new VueChat(init as never) as unknown as AnyChat],
  ['Chat of @ai-sdk/svelte', (init) => new SvelteChat(init)],
]

/** A tool that the client runs. Its declaration is the server's: the AI SDK's clients send none. */
const WEATHER = { name: 'weather', description: 'Weather of a city' }

/** Our server with both halves of the AI SDK's language; the model says what a test wants in each of its calls. */
async function ourRoute(...script: (ModelChunk[] | ((request: ModelRequest) => ModelChunk[]))[]) {
  const asked: ModelRequest[] = []
  const model: ModelAdapter = {
    name: 'test',
    defaultModel: 'test-1',
    async *stream(request) {
      const next = script[asked.push(request) - 1] ?? []
      yield* typeof next === 'function' ? next(request) : next
    },
  }
  return { asked, ...(await route(({ messages, threadId }) => ai(model, { onError: () => {} }).chat({ messages, tools: [WEATHER], threadId }))) }
}

async function route(answer: (request: ReturnType<typeof parseChatBody>) => AsyncIterable<Chunk> | Iterable<Chunk>) {
  const requests: ReturnType<typeof parseChatBody>[] = []
  const url = await serveWeb(async (request) => {
    try {
      const body = (await request.json()) as unknown
      const parsed = parseChatBody(body)
      requests.push(parsed)
      return toUIMessageStreamResponse(answer(parsed), { signal: request.signal })
    } catch (error) {
      if (isChatRequestError(error)) return error.toResponse()
      throw error
    }
  })
  return { url, requests }
}

function client(make: Make, url: string, init: Partial<ChatInit<AiMessage>> = {}) {
  const data: unknown[] = []
  const ends: unknown[] = []
  const chat = make({
    id: 'chat-1',
    transport: new DefaultChatTransport({ api: url, body: { flavour: 'sweet' } }),
    onData: (part) => void data.push(part),
    onFinish: ({ finishReason, isError, isAbort }) => void ends.push({ finishReason, isError, isAbort }),
    ...init,
  })
  return { chat, data, ends }
}

const stop: ModelChunk = { type: 'finish', reason: 'stop' }
const forTools: ModelChunk = { type: 'finish', reason: 'tool_calls' }
const say = (messageId: string, ...deltas: string[]): ModelChunk[] => deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta }))
const think = (messageId: string, ...deltas: string[]): ModelChunk[] =>
  deltas.map((delta) => ({ type: 'REASONING_MESSAGE_CONTENT', messageId, delta }))
const call = (toolCallId: string, name: string, input: object): ModelChunk[] => [
  { type: 'TOOL_CALL_START', toolCallId, toolCallName: name },
  { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input).slice(0, 4) },
  { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input).slice(4) },
  { type: 'TOOL_CALL_END', toolCallId },
]
const textOf = (message: AiMessage | undefined) => (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe.each(CLIENTS)('%s with our server', (_name, make) => {
  it('shows text and reasoning, and sends the conversation back', async () => {
    const { url, asked, requests } = await ourRoute(
      [...think('r1', 'Hm', 'mm.'), ...say('m1', 'Grüß', ' Gott 🎉'), stop],
      [...say('m2', 'Again.'), stop],
    )
    const { chat, ends } = client(make, url)
    await chat.sendMessage({ text: 'Hello' })
    expect(chat.error).toBeUndefined()
    expect([chat.status, chat.messages.length]).toEqual(['ready', 2])
    expect(plain(chat.messages[1]!.parts)).toMatchObject([
      { type: 'step-start' },
      { type: 'reasoning', text: 'Hmmm.', state: 'done' },
      { type: 'text', text: 'Grüß Gott 🎉', state: 'done' },
    ])
    expect(ends).toEqual([{ finishReason: 'stop', isError: false, isAbort: false }])
    await chat.sendMessage({ text: 'And?' })
    expect(chat.messages.map((message) => `${message.role}: ${textOf(message)}`)).toEqual([
      'user: Hello',
      'assistant: Grüß Gott 🎉',
      'user: And?',
      'assistant: Again.',
    ])
    expect(asked[1]!.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'Hello'],
      ['reasoning', 'Hmmm.'],
      ['assistant', 'Grüß Gott 🎉'],
      ['user', 'And?'],
    ])
    expect(requests[1]).toMatchObject({ threadId: 'chat-1', body: { flavour: 'sweet', trigger: 'submit-message' } })
  })

  it('answers again', async () => {
    const { url, asked, requests } = await ourRoute([...say('m1', 'One.'), stop], [...say('m2', 'Two.'), stop])
    const { chat } = client(make, url)
    await chat.sendMessage({ text: 'Hello' })
    await chat.regenerate()
    expect(chat.messages.map(textOf)).toEqual(['Hello', 'Two.'])
    expect(asked[1]!.messages).toHaveLength(1)
    expect(requests[1]!.body).toMatchObject({ trigger: 'regenerate-message' })
  })

  it('runs a tool of its own, and goes on with the same message', async () => {
    const { url, asked } = await ourRoute(
      [...say('m1', 'Let me look.'), ...call('c1', 'weather', { city: 'Rome' }), forTools],
      [...say('m2', 'Sunny.'), stop],
    )
    const { chat } = client(make, url, {
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
      onToolCall: ({ toolCall }) => {
        void chat.addToolOutput({ tool: toolCall.toolName, toolCallId: toolCall.toolCallId, output: { sun: true } })
      },
    })
    await chat.sendMessage({ text: 'Weather?' })
    expect(chat.error).toBeUndefined()
    expect(chat.messages).toHaveLength(2)
    expect(plain(chat.messages[1]!.parts)).toMatchObject([
      { type: 'step-start' },
      { type: 'text', text: 'Let me look.' },
      { type: 'tool-weather', state: 'output-available', input: { city: 'Rome' }, output: { sun: true } },
      { type: 'step-start' },
      { type: 'text', text: 'Sunny.' },
    ])
    expect(plain(asked[1]!.messages.slice(1))).toMatchObject([
      { role: 'assistant', content: 'Let me look.', toolCalls: [{ id: 'c1', function: { name: 'weather', arguments: '{"city":"Rome"}' } }] },
      { role: 'tool', toolCallId: 'c1', content: '{"sun":true}' },
    ])
  })

  it.each([
    ['yes', true],
    ['no', false],
  ])('says %s to an approval, which arrives as the answer to the interrupt', async (_what, approved) => {
    const ids = { threadId: 't', runId: 'r' }
    const { url, requests } = await route(({ resume }) =>
      resume === undefined
        ? [
            { type: 'RUN_STARTED', ...ids },
            { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'pay', parentMessageId: 'm1' },
            { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"sum":5}' },
            { type: 'TOOL_CALL_END', toolCallId: 'c1' },
            { type: 'RUN_FINISHED', ...ids, outcome: { type: 'interrupt', interrupts: [{ id: 'int-1', reason: 'approval', toolCallId: 'c1' }] } },
          ]
        : [
            { type: 'RUN_STARTED', ...ids },
            {
              type: 'TOOL_CALL_RESULT',
              messageId: 'c1-result',
              toolCallId: 'c1',
              content: approved ? '"paid"' : 'denied',
              ...(!approved && { metadata: { error: 'denied', denied: true } }),
            },
            { type: 'TEXT_MESSAGE_START', messageId: 'm2' },
            { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm2', delta: 'Very well.' },
            { type: 'TEXT_MESSAGE_END', messageId: 'm2' },
            { type: 'RUN_FINISHED', ...ids },
          ],
    )
    const { chat, ends } = client(make, url, { sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses })
    await chat.sendMessage({ text: 'Pay!' })
    expect(chat.messages[1]!.parts[1]).toMatchObject({ type: 'tool-pay', state: 'approval-requested', approval: { id: 'int-1' } })
    await chat.addToolApprovalResponse({ id: 'int-1', approved, reason: 'because' })
    await until(() => ends.length === 2)
    expect(chat.error).toBeUndefined()
    expect(requests[1]!.resume).toEqual([{ interruptId: 'int-1', status: 'resolved', payload: { approved, reason: 'because' } }])
    expect(plain(chat.messages[1]!.parts.slice(1))).toMatchObject([
      approved ? { state: 'output-available', output: 'paid' } : { state: 'output-denied', approval: { approved: false } },
      { type: 'step-start' },
      { type: 'text', text: 'Very well.' },
    ])
  })

  it('says yes to a tool of ours that needs it, which then runs', async () => {
    const ran: unknown[] = []
    const pay = toolDefinition({ name: 'pay', description: 'Pays', needsApproval: true }).server((input: unknown) => (ran.push(input), 'paid'))
    const script = [
      [...call('c1', 'pay', { sum: 5 }), forTools],
      [...say('m2', 'Paid.'), stop],
    ].values()
    const model: ModelAdapter = {
      name: 'test',
      defaultModel: 'test-1',
      async *stream() {
        yield* script.next().value ?? []
      },
    }
    const { url } = await route(({ messages, resume }) => ai(model, { tools: [pay] }).chat({ messages, resume }))
    const { chat, ends } = client(make, url, { sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses })
    await chat.sendMessage({ text: 'Pay!' })
    const [, asked] = chat.messages[1]!.parts
    expect(asked).toMatchObject({ type: 'tool-pay', state: 'approval-requested', input: { sum: 5 } })
    await chat.addToolApprovalResponse({ id: (asked as { approval: { id: string } }).approval.id, approved: true })
    await until(() => ends.length === 2)
    expect(chat.error).toBeUndefined()
    expect(ran).toEqual([{ sum: 5 }])
    expect(plain(chat.messages[1]!.parts.slice(1))).toMatchObject([
      { type: 'tool-pay', state: 'output-available', output: 'paid' },
      { type: 'step-start' },
      { type: 'text', text: 'Paid.' },
    ])
  })

  it('shows sources, files and data, and hears what is for its ear alone', async () => {
    const { url } = await route(() => [
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      { type: 'CUSTOM', name: 'message-metadata', value: { model: 'small' } },
      { type: 'CUSTOM', name: 'source', value: { id: 's1', url: 'https://example.org', title: 'Example' } },
      { type: 'CUSTOM', name: 'source', value: { id: 's2', title: 'A book', mimeType: 'application/pdf' } },
      { type: 'CUSTOM', name: 'file', value: { url: 'data:text/plain;base64,SGk=', mediaType: 'text/plain' } },
      { type: 'CUSTOM', name: 'data-progress', value: { id: 'p', data: 1 } },
      { type: 'CUSTOM', name: 'data-progress', value: { id: 'p', data: 2 } },
      { type: 'CUSTOM', name: 'data-toast', value: { data: 'Hi', transient: true } },
      { type: 'CUSTOM', name: 'ping', value: { n: 1 } },
      { type: 'STATE_SNAPSHOT', snapshot: {} },
      { type: 'RUN_FINISHED', threadId: 't', runId: 'r' },
    ])
    const { chat, data } = client(make, url)
    await chat.sendMessage({ text: 'Hello' })
    expect(chat.error).toBeUndefined()
    expect(plain(chat.messages[1])).toMatchObject({
      metadata: { model: 'small' },
      parts: [
        { type: 'source-url', sourceId: 's1', url: 'https://example.org', title: 'Example' },
        { type: 'source-document', sourceId: 's2', title: 'A book', mediaType: 'application/pdf' },
        { type: 'file', url: 'data:text/plain;base64,SGk=', mediaType: 'text/plain' },
        { type: 'data-progress', id: 'p', data: 2 },
      ],
    })
    expect(plain(data.slice(2))).toMatchObject([
      { type: 'data-toast', data: 'Hi', transient: true },
      { type: 'data-ping', data: { n: 1 }, transient: true },
    ])
  })

  it('shows a failed tool, and a failed run with the masked message', async () => {
    const { url } = await ourRoute(
      [
        ...call('c1', 'weather', { city: 'x' }),
        { type: 'TOOL_CALL_RESULT', messageId: 'c1-r', toolCallId: 'c1', content: 'no such city', metadata: { error: 'no such city' } },
        ...say('m1', 'Sorry.'),
        stop,
      ],
      () => {
        throw new Error('secret')
      },
    )
    const { chat, ends } = client(make, url)
    await chat.sendMessage({ text: 'Weather?' })
    expect(chat.messages[1]!.parts).toContainEqual(
      expect.objectContaining({ type: 'tool-weather', state: 'output-error', errorText: 'no such city' }),
    )
    await chat.sendMessage({ text: 'And?' })
    expect([chat.status, chat.error?.message]).toEqual(['error', 'The model could not answer.'])
    expect(ends.at(-1)).toMatchObject({ isError: true })
  })

  it('takes several runs in one answer as the steps of one message', async () => {
    const run = (...chunks: Chunk[]): Chunk[] => [
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      ...chunks,
      { type: 'RUN_FINISHED', threadId: 't', runId: 'r', metadata: { finishReason: 'stop' } },
    ]
    const { url } = await route(() => [
      ...run(
        { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'weather', parentMessageId: 'm1' },
        { type: 'TOOL_CALL_END', toolCallId: 'c1' },
      ),
      { type: 'TOOL_CALL_RESULT', messageId: 'c1-r', toolCallId: 'c1', content: 'sun' },
      ...run({ type: 'TEXT_MESSAGE_CHUNK', messageId: 'm2', delta: 'Sun' }, { type: 'TEXT_MESSAGE_CHUNK', delta: 'ny.' }),
    ])
    const { chat, ends } = client(make, url)
    await chat.sendMessage({ text: 'Weather?' })
    expect(plain(chat.messages[1]!.parts)).toMatchObject([
      { type: 'step-start' },
      { type: 'tool-weather', state: 'output-available', input: {}, output: 'sun' },
      { type: 'step-start' },
      { type: 'text', text: 'Sunny.' },
    ])
    expect(ends).toEqual([{ finishReason: 'stop', isError: false, isAbort: false }])
  })
})

/** The request that an approval starts is not waited for by what started it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}
