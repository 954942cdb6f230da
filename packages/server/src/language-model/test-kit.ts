import type { Chunk, WireMessage, WireTool } from '@statechat/core/wire'
import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test'
import { collect } from '../../test/support/collect.ts'
import { counter } from '../../test/support/count.ts'
import { ai, type ChatDefaults, type ChatOptions, type ModelChunk, type ModelRequest } from '../index.ts'
import { languageModel, type LanguageModelOptions } from './index.ts'
import type { LanguageModel } from './model.ts'

type Part = Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never

export const STOP: Extract<Part, { type: 'finish' }> = {
  type: 'finish',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: {
    inputTokens: { total: 3, noCache: 1, cacheRead: 2, cacheWrite: 0 },
    outputTokens: { total: 4, text: 3, reasoning: 1 },
  },
}

export const says = (delta: string, id = '0'): Part[] => [
  { type: 'text-start', id },
  { type: 'text-delta', id, delta },
  { type: 'text-end', id },
]

export const thinks = (delta: string, id = '0'): Part[] => [
  { type: 'reasoning-start', id },
  { type: 'reasoning-delta', id, delta },
  { type: 'reasoning-end', id },
]

export const calls = (toolCallId: string, toolName: string, input: string): Part[] => [{ type: 'tool-call', toolCallId, toolName, input }]

/** A model of the AI SDK's own that gives one answer per call, and remembers what it was asked. */
export const answering = (...answers: Part[][]): MockLanguageModelV4 =>
  new MockLanguageModelV4({
    provider: 'mock.chat',
    modelId: 'mock-1',
    doStream: answers.map((parts) => ({ stream: convertArrayToReadableStream(parts) })),
  })

/** A model of any version, made by hand. */
export const handMade = (
  specificationVersion: LanguageModel['specificationVersion'],
  parts: readonly object[],
  fields: Partial<LanguageModel> = {},
): LanguageModel => ({
  specificationVersion,
  provider: 'mock.chat',
  modelId: 'mock-1',
  supportedUrls: {},
  doStream: async () => ({ stream: convertArrayToReadableStream(parts as { type: string }[]) }),
  ...fields,
})

const ASK: WireMessage = { id: 'u', role: 'user', content: '?' }

/** Tools of the client: a call of any other is answered by the loop. */
const tools: WireTool[] = ['f', 'g'].map((name) => ({ name, description: '' }))

interface Run extends Partial<ChatOptions>, ChatDefaults {
  options?: LanguageModelOptions
}

/** One run of a model, checked against AG-UI. */
export const run = (model: LanguageModel, { options, ...chat }: Run = {}): Promise<Chunk[]> =>
  collect(ai(languageModel(model, options), { generateId: counter(), onError: () => {} }).chat({ messages: [ASK], tools, ...chat }))

/** One call of a model, and nothing around it. */
export async function call(model: LanguageModel, request: Partial<ModelRequest> = {}, options?: LanguageModelOptions): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = []
  const { signal } = new AbortController()
  const ids = { messageId: 'm', threadId: 't', runId: 'r', generateId: counter() }
  for await (const chunk of languageModel(model, options).stream({ model: 'mock-1', messages: [ASK], tools: [], signal, ...ids, ...request }))
    chunks.push(chunk)
  return chunks
}

/** The prompt that a model gets for these messages. */
export async function promptFor(model: MockLanguageModelV4, messages: readonly WireMessage[], options?: LanguageModelOptions): Promise<unknown[]> {
  await call(model, { messages }, options)
  return model.doStreamCalls.at(-1)!.prompt
}

/** The values of CUSTOM chunks with a name. */
export const custom = (chunks: readonly (Chunk | ModelChunk)[], name: string): unknown[] =>
  chunks.flatMap((chunk) => (chunk.type === 'CUSTOM' && chunk.name === name ? [chunk.value] : []))

/** What was sealed, by what it belongs to; the last one wins. */
export const seals = (chunks: readonly (Chunk | ModelChunk)[]): Record<string, unknown> =>
  Object.fromEntries(
    chunks.flatMap((chunk) => (chunk.type === 'REASONING_ENCRYPTED_VALUE' ? [[chunk.entityId, JSON.parse(chunk.encryptedValue)]] : [])),
  )
