import { convertArrayToReadableStream } from 'ai/test'
import { describe, expect, it, vi } from 'vitest'
import { outline, textOf } from '../../test/support/collect.ts'
import { ai } from '../index.ts'
import { languageModel } from './index.ts'
import type { LanguageModel } from './model.ts'
import { answering, call, calls, custom, handMade, run, says, STOP } from './test-kit.ts'

describe('languageModel()', () => {
  it('takes its names from the model', () => {
    expect(languageModel(answering())).toMatchObject({ name: 'mock.chat', defaultModel: 'mock-1' })
  })

  it('answers for its own model only', async () => {
    const model = answering([STOP])
    expect((await run(model, { model: 'other' })).at(-1)).toMatchObject({ code: 'misconfigured' })
    expect(model.doStreamCalls).toEqual([])
  })

  it('passes on settings, tools and options', async () => {
    const model = answering([STOP])
    const options = {
      settings: { topK: 5, seed: 1, reasoning: 'low', headers: { 'x-a': 'b' } },
      tools: { search: { id: 'mock.search_1', args: { max: 3 } }, browse: { id: 'mock.browse' } },
    }
    const signal = new AbortController().signal
    const parameters = { type: 'object', properties: { x: { type: 'number' } } }
    await call(
      model,
      {
        signal,
        tools: [
          { name: 'f', description: 'F', parameters, metadata: { strict: true, providerOptions: { mock: { cache: true } } } },
          { name: 'g', description: 'G' },
          { name: 'search', description: 'Not the provider’s' },
        ],
        toolChoice: { name: 'f' },
        temperature: 0,
        topP: 1,
        maxTokens: 9,
        stop: ['END'],
        responseFormat: { name: 'answer', schema: { type: 'object' } },
        providerOptions: { mock: { x: 1 } },
      },
      options,
    )
    expect(model.doStreamCalls[0]).toEqual({
      prompt: [{ role: 'user', content: [{ type: 'text', text: '?' }] }],
      abortSignal: signal,
      temperature: 0,
      topP: 1,
      maxOutputTokens: 9,
      stopSequences: ['END'],
      topK: 5,
      seed: 1,
      reasoning: 'low',
      headers: { 'x-a': 'b' },
      tools: [
        { type: 'function', name: 'f', description: 'F', inputSchema: parameters, strict: true, providerOptions: { mock: { cache: true } } },
        { type: 'function', name: 'g', description: 'G', inputSchema: { type: 'object', properties: {} } },
        { type: 'provider', id: 'mock.search_1', name: 'search', args: { max: 3 } },
        { type: 'provider', id: 'mock.browse', name: 'browse', args: {} },
      ],
      toolChoice: { type: 'tool', toolName: 'f' },
      responseFormat: { type: 'json', name: 'answer', schema: { type: 'object' } },
      providerOptions: { mock: { x: 1 } },
    })
  })

  it('takes no model of a specification that it does not know', () => {
    const model = { ...handMade('v4', []), specificationVersion: 'v1' as never }
    expect(() => languageModel(model)).toThrow(expect.objectContaining({ code: 'misuse', message: expect.stringContaining('v1') }))
  })

  it('takes no tools but the provider’s', () => {
    expect(() => languageModel(answering(), { tools: { f: { type: 'function' } } })).toThrow(expect.objectContaining({ code: 'misuse' }))
  })

  it.each(['auto', 'none', 'required'] as const)('passes on the choice %s', async (toolChoice) => {
    const model = answering([STOP], [STOP])
    await call(model, { tools: [{ name: 'f', description: '' }], toolChoice })
    await call(model, { toolChoice })
    expect(model.doStreamCalls[0]).toMatchObject({ toolChoice: { type: toolChoice } })
    expect(model.doStreamCalls[1]).not.toHaveProperty('toolChoice')
  })

  it('says what these models have no setting for', async () => {
    const onWarning = vi.fn()
    await call(answering([STOP]), { parallelToolCalls: false }, { onWarning })
    expect(onWarning.mock.calls).toEqual([[{ type: 'unsupported', feature: 'parallelToolCalls' }]])
  })

  it('closes the stream when nobody reads it any more', async () => {
    const cancel = vi.fn()
    const stream = new ReadableStream({
      start(controller) {
        for (const part of says('Hi')) controller.enqueue(part)
      },
      cancel,
    })
    const model = handMade('v4', [], { doStream: async () => ({ stream }) })
    const chunks = languageModel(model).stream({
      model: 'mock-1',
      messages: [],
      tools: [],
      signal: new AbortController().signal,
      messageId: 'm',
      threadId: 't',
      runId: 'r',
      generateId: () => 'x',
    })
    for await (const chunk of chunks) if (chunk.type === 'TEXT_MESSAGE_CONTENT') break
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('ends as cancelled when the signal aborts, also where the model hangs', async () => {
    const controller = new AbortController()
    const model = handMade('v4', [], { doStream: () => new Promise(() => {}) })
    const stream = ai(languageModel(model)).chat({ messages: [{ role: 'user', content: '?' }], signal: controller.signal })
    await stream.next()
    const next = stream.next()
    controller.abort()
    expect((await next).value).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } })
  })

  it('tells a stream that breaks from one that never was', async () => {
    const broken = (parts: { type: string }[]) =>
      handMade('v4', [], {
        doStream: async () => ({
          stream: new ReadableStream({
            start(controller) {
              for (const part of parts) controller.enqueue(part)
            },
            pull: (controller) => controller.error(new TypeError('terminated')),
          }),
        }),
      })
    expect((await run(broken(says('Hel')))).at(-1)).toMatchObject({ code: 'truncated' })
    const failed = { type: 'error', error: { type: 'overloaded_error', message: 'x' } }
    expect((await run(broken([failed]))).at(-1)).toMatchObject({ code: 'provider_unavailable' })
    expect((await run(handMade('v4', [], { doStream: () => Promise.reject(new Error('x')) }))).at(-1)).toMatchObject({ code: 'provider_error' })
  })
})

/** The forms that only older models speak. */
describe.each<LanguageModel['specificationVersion']>(['v2', 'v3'])('a model of %s', (version) => {
  const usage = {
    v2: { inputTokens: 3, outputTokens: 4, totalTokens: 9, reasoningTokens: 1, cachedInputTokens: 2 },
    v3: { inputTokens: { total: 3, cacheRead: 2 }, outputTokens: { total: 4, reasoning: 1 } },
    v4: {},
  }[version]
  const end = (reason: string) => ({ type: 'finish', finishReason: version === 'v2' ? reason : { unified: reason, raw: reason }, usage })

  it('answers', async () => {
    const chunks = await run(handMade(version, [{ type: 'stream-start', warnings: [] }, ...says('Hi'), end('stop')]))
    expect(textOf(chunks)).toBe('Hi')
    expect(chunks.at(-1)).toMatchObject({
      metadata: { finishReason: 'stop' },
      usage: [
        {
          provider: 'mock',
          model: 'mock-1',
          inputTokens: 3,
          outputTokens: 4,
          totalTokens: version === 'v2' ? 9 : 7,
          reasoningTokens: 1,
          cachedInputTokens: 2,
        },
      ],
    })
  })

  it('calls', async () => {
    const chunks = await run(handMade(version, [...calls('a', 'f', '{}'), end('tool-calls')]))
    expect(chunks.at(-1)).toMatchObject({ outcome: { pendingToolCallIds: ['a'] }, metadata: { finishReason: 'tool_calls' } })
  })

  it('makes files, bare', async () => {
    const chunks = await run(
      handMade(version, [
        { type: 'file', mediaType: 'image/png', data: 'AA==' },
        { type: 'file', mediaType: 'image/png', data: new Uint8Array([0]) },
        end('stop'),
      ]),
    )
    expect(custom(chunks, 'file')).toMatchObject([{ url: 'data:image/png;base64,AA==' }, { url: 'data:image/png;base64,AA==' }])
  })

  it('that never says why it stopped was cut off', async () => {
    const finishReason = version === 'v2' ? 'unknown' : { unified: 'other' }
    expect((await run(handMade(version, [...says('Hel'), { ...end(''), finishReason }]))).at(-1)).toMatchObject({ code: 'truncated' })
  })

  it('has tools of its provider by their own name', async () => {
    let seen: unknown
    const doStream: LanguageModel['doStream'] = async ({ tools }) => {
      seen = tools
      return { stream: convertArrayToReadableStream([end('stop')]) }
    }
    await call(handMade(version, [], { doStream }), {}, { tools: { search: { id: 'mock.search' } } })
    expect(seen).toEqual([{ type: version === 'v2' ? 'provider-defined' : 'provider', id: 'mock.search', name: 'search', args: {} }])
  })
})

it('a text without usage or metadata is an answer too', async () => {
  const chunks = await run(handMade('v3', [...says('Hi'), { type: 'finish', finishReason: { unified: 'stop' } }]))
  expect(outline(chunks).at(-1)).toBe('RUN_FINISHED')
  expect(chunks.at(-1)).not.toHaveProperty('usage')
})
