import { chat, toHttpResponse, toolDefinition, toServerSentEventsResponse } from '@tanstack/ai'
import * as tanstack from '@tanstack/ai-client'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Connection } from './connection.ts'
import { fetchHttpStream } from './fetch-http-stream.ts'
import { fetchServerSentEvents } from './fetch-server-sent-events.ts'
import { bodyOf, ndjson, read, run, serve, sse } from './test-kit.ts'

/** Their adapters are given to ours as they are; only their message types differ. */
const theirs = (connection: unknown) => connection as Connection

describe('TanStack AI connect adapters, unchanged', () => {
  it('fetchServerSentEvents', async () => {
    let body: Record<string, unknown> = {}
    const url = await serve(async (request, response) => {
      body = await bodyOf(request)
      sse(response, ...run('Hello', ' you'))
      response.end()
    })
    const reading = await read(theirs(tanstack.fetchServerSentEvents(url)), { data: { a: 1 } })
    expect(reading.error).toBeUndefined()
    expect(reading.warnings).toEqual([])
    expect(reading.chunks).toEqual(run('Hello', ' you'))
    expect(body).toMatchObject({ threadId: 'thread-1', runId: 'run-1', tools: [], data: { a: 1 } })
  })
  it('fetchHttpStream', async () => {
    const url = await serve((_, response) => {
      ndjson(response, ...run('Hello'))
      response.end()
    })
    expect(await read(theirs(tanstack.fetchHttpStream(url)))).toMatchObject({ text: 'Hello', warnings: [] })
  })
  it('stream', async () => {
    const connection = tanstack.stream(async function* () {
      yield* run('Hello') as never[]
    })
    expect(await read(theirs(connection))).toMatchObject({ text: 'Hello', warnings: [] })
  })
  it('an error of theirs is a connection error with its cause', async () => {
    const url = await serve((_, response) => {
      response.writeHead(500).end()
    })
    expect((await read(theirs(tanstack.fetchServerSentEvents(url)))).error).toMatchObject({
      code: 'connection',
      cause: { message: expect.stringContaining('500') as string },
    })
  })
  it('5: ends at the abort', async () => {
    const controller = new AbortController()
    const url = await serve((_, response) => sse(response, run()[0]))
    const reading = await read(theirs(tanstack.fetchServerSentEvents(url)), { signal: controller.signal, onRead: () => controller.abort() })
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toHaveLength(1)
  })
})

/** A model of two steps: a tool call, then an answer. Its chunks are those of TanStack AI's own adapters. */
const model = {
  kind: 'text',
  name: 'scripted',
  model: 'scripted-1',
  async *chatStream({ messages, threadId = 't', runId = 'r' }: { messages: { role: string }[]; threadId?: string; runId?: string }) {
    const at = { model: 'scripted-1', timestamp: 1 }
    yield { type: 'RUN_STARTED', threadId, runId, ...at }
    const answered = messages.some(({ role }) => role === 'tool')
    if (answered) {
      yield { type: 'TEXT_MESSAGE_START', messageId: 'm2', role: 'assistant', ...at }
      yield { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm2', delta: 'Sunny.', ...at }
      yield { type: 'TEXT_MESSAGE_END', messageId: 'm2', ...at }
    } else {
      yield { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'weather', toolName: 'weather', index: 0, ...at }
      yield { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"city":"Rome"}', ...at }
      yield { type: 'TOOL_CALL_END', toolCallId: 'c1', toolName: 'weather', input: { city: 'Rome' }, ...at }
    }
    const usage = { promptTokens: 5, completionTokens: 6, totalTokens: 11 }
    yield { type: 'RUN_FINISHED', threadId, runId, finishReason: answered ? 'stop' : 'tool_calls', usage, ...at }
  },
}
const weather = toolDefinition({ name: 'weather', description: 'Weather of a city', inputSchema: z.object({ city: z.string() }) })

async function answerWith(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  for await (const bytes of answer.body!) response.write(bytes)
  response.end()
}

describe('a TanStack AI server', () => {
  const run = (tools: unknown[]) => chat({ adapter: model as never, messages: [{ role: 'user', content: 'Rome?' }], tools: tools as never })
  const types = (chunks: { type: string }[]) => chunks.map(({ type }) => type).filter((type) => type !== 'CUSTOM')

  it.each([
    ['toServerSentEventsResponse', toServerSentEventsResponse, fetchServerSentEvents],
    ['toHttpResponse', toHttpResponse, fetchHttpStream],
  ] as const)('%s with a server tool: call, result and answer arrive', async (_, respond, connect) => {
    const url = await serve((_request, response) => {
      void answerWith(response, respond(run([weather.server(async () => ({ sun: true }))]) as never))
    })
    const reading = await read(connect(url))
    expect(reading.error).toBeUndefined()
    expect(reading.text).toBe('Sunny.')
    expect(reading.chunks).toContainEqual(expect.objectContaining({ type: 'TOOL_CALL_RESULT', toolCallId: 'c1' }))
    expect(reading.chunks.at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      metadata: { finishReason: 'stop' },
      usage: [{ inputTokens: 5, outputTokens: 6, totalTokens: 11 }],
    })
    // Their engine sends one RUN_STARTED for all model calls; here each step has its own, so that a cut in any of them shows.
    expect(types(reading.chunks)).toEqual([
      'RUN_STARTED',
      'TOOL_CALL_START',
      'TOOL_CALL_ARGS',
      'TOOL_CALL_END',
      'RUN_FINISHED',
      'TOOL_CALL_RESULT',
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ])
    expect(reading.warnings.map(({ code }) => code)).toEqual(['out_of_order'])
  })
  it('a client tool is left to us', async () => {
    const url = await serve((_request, response) => {
      void answerWith(response, toServerSentEventsResponse(run([weather.client()]) as never))
    })
    const reading = await read(fetchServerSentEvents(url))
    expect(reading.error).toBeUndefined()
    expect(reading.warnings).toEqual([])
    expect(reading.chunks.at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      metadata: { finishReason: 'tool_calls' },
      outcome: { type: 'interrupt', interrupts: [{ toolCallId: 'c1', metadata: { input: { city: 'Rome' } } }] },
    })
  })
})
