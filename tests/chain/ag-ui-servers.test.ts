import {
  AGUIMock,
  buildCompositeResponse,
  buildErrorResponse,
  buildReasoningResponse,
  buildStateUpdate,
  buildStepWithText,
  buildTextChunkResponse,
  buildTextResponse,
  buildToolCallResponse,
} from '@copilotkit/aimock/agui'
import { type BaseEvent, EventType } from '@ag-ui/core'
import { EventSchemas } from '@ag-ui/core/schemas'
import { EventEncoder } from '@ag-ui/encoder'
import { agUi, type Chunk, type ChunkType, fetchServerSentEvents } from '@statechat/core'
import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { link } from './support/proxy.ts'
import { serveNode } from './support/serve.ts'
import { callsOf, open, openParts, textOf, thoughtOf, transcript, until } from './support/session.ts'

/** A server that frames its events with AG-UI's own encoder, as its docs show. */
function agUiServer(events: readonly Chunk[]): Promise<string> {
  return serveNode((request, response) => {
    const encoder = new EventEncoder({ ...(request.headers.accept !== undefined && { accept: request.headers.accept }) })
    request.resume()
    request.on('end', () => write(response, encoder, events))
  })
}

function write(response: ServerResponse, encoder: EventEncoder, events: readonly Chunk[]): void {
  response.writeHead(200, { 'content-type': encoder.getContentType() })
  for (const event of events) response.write(encoder.encodeBinary(event as BaseEvent))
  response.end()
}

const run = (...events: Chunk[]): Chunk[] => [
  { type: 'RUN_STARTED', threadId: 't', runId: 'r', protocolVersion: '1.0' },
  ...events,
  {
    type: 'RUN_FINISHED',
    threadId: 't',
    runId: 'r',
    outcome: { type: 'success' },
    usage: [{ provider: 'p', model: 'm', inputTokens: 1, outputTokens: 2 }],
  },
]

/** Every kind of event there is, in an order that the specification allows. */
const everyKind: Chunk[] = [
  ...run(
    { type: 'STATE_SNAPSHOT', snapshot: null },
    { type: 'STATE_DELTA', delta: [{ op: 'add', path: '', value: { a: 1 } }] },
    { type: 'ACTIVITY_SNAPSHOT', messageId: 'a1', activityType: 'PLAN', content: { steps: [] } },
    { type: 'ACTIVITY_DELTA', messageId: 'a1', activityType: 'PLAN', patch: [{ op: 'add', path: '/steps/-', value: 1 }] },
    { type: 'STEP_STARTED', stepName: 'think' },
    { type: 'REASONING_START', messageId: 's1' },
    { type: 'REASONING_MESSAGE_START', messageId: 'n1', role: 'reasoning' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 'n1', delta: 'First thought.' },
    { type: 'REASONING_MESSAGE_END', messageId: 'n1' },
    { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'n1', encryptedValue: 'sealed-thought' },
    { type: 'REASONING_END', messageId: 's1' },
    { type: 'REASONING_MESSAGE_CHUNK', messageId: 'n2', delta: 'Second' },
    { type: 'REASONING_MESSAGE_CHUNK', delta: ' thought.' },
    { type: 'STEP_FINISHED', stepName: 'think' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant', metadata: { lang: 'en' } },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'I will ' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'look. ' },
    { type: 'TEXT_MESSAGE_END', messageId: 'm1' },
    { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'look', parentMessageId: 'm1' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"at":' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '"x"}' },
    { type: 'TOOL_CALL_END', toolCallId: 'c1' },
    { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'tool-call', entityId: 'c1', encryptedValue: 'sealed-call' },
    { type: 'TOOL_CALL_RESULT', messageId: 'r1', toolCallId: 'c1', content: '{"seen":true}', role: 'tool' },
    { type: 'TOOL_CALL_CHUNK', toolCallId: 'c2', toolCallName: 'look', parentMessageId: 'm1', delta: '{"at":' },
    { type: 'TOOL_CALL_CHUNK', delta: '"y"}' },
    { type: 'TOOL_CALL_RESULT', messageId: 'r2', toolCallId: 'c2', content: 'nothing', role: 'tool' },
    { type: 'SUBAGENT_STARTED', subagentRunId: 'sub', name: 'helper' },
    { type: 'SUBAGENT_FINISHED', subagentRunId: 'sub', outcome: { type: 'success' } },
    { type: 'SUBAGENT_STARTED', subagentRunId: 'sub2', name: 'helper' },
    { type: 'SUBAGENT_ERROR', subagentRunId: 'sub2', message: 'It failed.' },
    { type: 'RAW', event: { any: 'thing' }, source: 'elsewhere' },
    { type: 'CUSTOM', name: 'app', value: { x: 1 } },
    { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm2', role: 'assistant', delta: 'I saw ' },
    { type: 'TEXT_MESSAGE_CHUNK', delta: 'it.' },
    {
      type: 'MESSAGES_SNAPSHOT',
      messages: [
        { id: 'q1', role: 'user', content: 'Hello' },
        {
          id: 'm1',
          role: 'assistant',
          content: 'I will look. ',
          toolCalls: [
            { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' }, encryptedValue: 'sealed-call' },
            { id: 'c2', type: 'function', function: { name: 'look', arguments: '{"at":"y"}' } },
          ],
        },
        { id: 'r1', role: 'tool', toolCallId: 'c1', content: '{"seen":true}' },
        { id: 'r2', role: 'tool', toolCallId: 'c2', content: 'nothing' },
        { id: 'm2', role: 'assistant', content: 'I saw it.' },
      ],
    },
  ),
]
const failing: Chunk[] = [everyKind[0]!, { type: 'RUN_ERROR', message: 'Out of order', code: 'E1', usage: [{ inputTokens: 1 }] }]

describe('events framed by @ag-ui/encoder', () => {
  it('are all there are', () => {
    const kinds = new Set<ChunkType>([...everyKind, ...failing].map(({ type }) => type))
    expect(Object.values(EventType).filter((type) => !kinds.has(type))).toEqual([])
    for (const event of [...everyKind, ...failing]) EventSchemas.parse(event)
  })

  it.each(['tolerant', 'strict'] as const)('are understood by the %s profile, every kind of them, without a warning', async (profile) => {
    const seen: Chunk[] = []
    const connection = fetchServerSentEvents(await agUiServer(everyKind), { protocol: agUi({ profile }) })
    const { chat, finishes, warnings } = open({ connection, onChunk: (chunk) => void seen.push(chunk) })
    const { outcome, message, error } = await chat.sendMessage('Hello')
    expect(error).toBeUndefined()
    expect(outcome).toBe('finished')
    expect(thoughtOf(message)).toBe('First thought.Second thought.')
    expect(textOf(message)).toBe('I will look. I saw it.')
    expect(callsOf(message)).toMatchObject([
      { id: 'c1', state: 'complete', input: { at: 'x' }, output: { seen: true }, encryptedValue: 'sealed-call' },
      { id: 'c2', state: 'complete', input: { at: 'y' }, output: 'nothing' },
    ])
    expect(finishes[0]?.info.usage).toEqual([{ provider: 'p', model: 'm', inputTokens: 1, outputTokens: 2 }])
    expect([warnings, openParts(chat)]).toEqual([[], []])
    const kinds = new Set(seen.map(({ type }) => type))
    // The shorthands are written out; all else reaches `onChunk` as it is.
    expect(everyKind.filter(({ type }) => !kinds.has(type)).map(({ type }) => type)).toEqual([
      'REASONING_MESSAGE_CHUNK',
      'REASONING_MESSAGE_CHUNK',
      'TOOL_CALL_CHUNK',
      'TOOL_CALL_CHUNK',
      'TEXT_MESSAGE_CHUNK',
      'TEXT_MESSAGE_CHUNK',
    ])
  })

  it('go back with the ids and the sealed values that they came with', async () => {
    let body: { messages: unknown[] } | undefined
    const url = await serveNode((request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', (part: string) => (text += part))
      request.on('end', () => {
        body = JSON.parse(text) as { messages: unknown[] }
        write(response, new EventEncoder(), everyKind)
      })
    })
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    await chat.sendMessage({ content: 'Hello', id: 'q1' })
    await chat.sendMessage('Again')
    expect(body?.messages).toMatchObject([
      { role: 'user', content: 'Hello' },
      { id: 'n1', role: 'reasoning', content: 'First thought.', encryptedValue: 'sealed-thought' },
      { id: 'n2', role: 'reasoning', content: 'Second thought.' },
      { id: 'm1', role: 'assistant', content: 'I will look. ', toolCalls: [{ id: 'c1', encryptedValue: 'sealed-call' }, { id: 'c2' }] },
      { id: 'r1', role: 'tool', toolCallId: 'c1', content: '{"seen":true}' },
      { id: 'r2', role: 'tool', toolCallId: 'c2', content: 'nothing' },
      { id: 'm2', role: 'assistant', content: 'I saw it.' },
      { role: 'user', content: 'Again' },
    ])
  })

  it('may be an error', async () => {
    const { chat } = open({ connection: fetchServerSentEvents(await agUiServer(failing)) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({
      code: 'server',
      serverCode: 'E1',
      message: expect.stringContaining('Out of order') as string,
    })
    expect(chat.getSnapshot().usage).toEqual([{ inputTokens: 1 }])
  })

  it.each<[string, ChunkType[]]>([
    ['text', ['TEXT_MESSAGE_CONTENT']],
    ['arguments', ['TOOL_CALL_ARGS']],
  ])('cut after any of them are truncated, with nothing left open (%s)', async (_what, types) => {
    for (const [index, event] of everyKind.entries()) {
      if (!types.includes(event.type)) continue
      const { chat } = open({ connection: fetchServerSentEvents(await agUiServer(everyKind.slice(0, index + 1))) })
      expect((await chat.sendMessage('Hello')).error?.code).toBe('truncated')
      expect(openParts(chat)).toEqual([])
    }
  })
})

describe('aimock’s AG-UI server', () => {
  async function agent(prepare: (mock: AGUIMock) => void) {
    const mock = new AGUIMock({ port: 0 })
    prepare(mock)
    await mock.start()
    onTestFinished(() => mock.stop())
    return mock.url
  }

  it('streams a text', async () => {
    const url = await agent((mock) => mock.onMessage('Hello', 'Hello to you'))
    const { chat, warnings } = open({ connection: fetchServerSentEvents(url, { protocol: agUi({ profile: 'strict' }) }) })
    expect((await chat.sendMessage('Hello')).outcome).toBe('finished')
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Hello to you'])
    expect(warnings).toEqual([])
  })

  it('streams reasoning, steps, state, text by the piece and tool calls in one run', async () => {
    const events = buildCompositeResponse([
      buildStateUpdate({ a: 1 }),
      buildReasoningResponse('Hm.'),
      buildStepWithText('greet', 'Hello. '),
      buildToolCallResponse('look', '{"at":"x"}', { result: 'seen' }),
      buildTextChunkResponse('Bye.'),
    ])
    const url = await agent((mock) => mock.onRun('Hello', events))
    const { chat, warnings } = open({ connection: fetchServerSentEvents(url, { protocol: agUi({ profile: 'strict' }) }) })
    const { outcome, message } = await chat.sendMessage('Hello')
    expect([outcome, thoughtOf(message), textOf(message), warnings]).toEqual(['finished', 'Hm.', 'Hello. Bye.', []])
    expect(callsOf(message)).toMatchObject([{ name: 'look', state: 'complete', output: 'seen' }])
  })

  it('reports an error', async () => {
    const url = await agent((mock) => mock.onRun('Hello', buildErrorResponse('No', 'E2')))
    const { chat } = open({ connection: fetchServerSentEvents(url) })
    expect((await chat.sendMessage('Hello')).error).toMatchObject({ code: 'server', serverCode: 'E2' })
  })

  it('leaves a call to the client and goes on with its answer, which it finds in the next request', async () => {
    const events = buildToolCallResponse('ask_user', '{"question":"Which?"}')
    const toolCallId = (events.find(({ type }) => type === 'TOOL_CALL_START') as unknown as { toolCallId: string }).toolCallId
    const url = await agent((mock) => {
      mock.onToolResult(toolCallId, buildTextResponse('The red one, then.'))
      mock.onRun('Hello', events)
    })
    const { chat, finishes } = open({ connection: fetchServerSentEvents(url), tools: [{ name: 'ask_user' }] })
    const turn = chat.sendMessage('Hello')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId, output: 'red' })
    const { outcome, message } = await turn
    expect([outcome, textOf(message), finishes.length]).toEqual(['finished', 'The red one, then.', 1])
    expect(callsOf(message)).toMatchObject([{ state: 'complete', input: { question: 'Which?' }, output: 'red' }])
  })

  it('that dies in the middle is a truncation', async () => {
    const url = await agent((mock) => mock.onMessage('Hello', 'Hello to you'))
    const whole = await link(url)
    const session = open({ connection: fetchServerSentEvents(whole.url) })
    await session.chat.sendMessage('Hello')
    const bytes = whole.received[0]!
    const cut = await link(url, { cutAfter: bytes.indexOf('TEXT_MESSAGE_END') })
    const { chat } = open({ connection: fetchServerSentEvents(cut.url) })
    expect(await chat.sendMessage('Hello')).toMatchObject({ outcome: 'failed', error: { code: 'truncated' } })
    expect(transcript(chat)).toEqual(['user: Hello', 'assistant: Hello to you'])
    expect((await chat.retry()).outcome).toBe('finished')
  })
})
