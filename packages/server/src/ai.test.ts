import type { Chunk } from '@statechat/core/wire'
import { describe, expect, it, vi } from 'vitest'
import { args, endCall, hanging, say, startCall, stop, think, yielding } from '../test/support/adapters.ts'
import { collect, outline } from '../test/support/collect.ts'
import { counter } from '../test/support/count.ts'
import { ai, type ChatOptions, ModelError } from './index.ts'

const hello = [{ role: 'user' as const, content: 'Hello' }]
const f = { name: 'f', description: '' }
const quiet = { onError: () => {} }

describe('a run', () => {
  it('starts with RUN_STARTED and ends with RUN_FINISHED, reason and usage included', async () => {
    const adapter = yielding(say('Hi'), say(' there'), {
      type: 'finish',
      reason: 'length',
      usage: { model: 'x', outputTokens: 2 },
      metadata: { seed: 1 },
    })
    const stream = ai(adapter).chat({ messages: hello, threadId: 'T', runId: 'R', parentRunId: 'P' })
    expect(await collect(stream)).toEqual([
      { type: 'RUN_STARTED', threadId: 'T', runId: 'R', protocolVersion: '1.0', parentRunId: 'P' },
      { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'Hi' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: ' there' },
      { type: 'TEXT_MESSAGE_END', messageId: 'm' },
      {
        type: 'RUN_FINISHED',
        threadId: 'T',
        runId: 'R',
        usage: [{ model: 'x', outputTokens: 2 }],
        outcome: { type: 'success' },
        metadata: { seed: 1, finishReason: 'length' },
      },
    ])
    expect([stream.threadId, stream.runId]).toEqual(['T', 'R'])
  })

  it('asks the model for nothing until it is read', async () => {
    const adapter = yielding(stop)
    const stream = ai(adapter).chat({ messages: hello })
    expect(adapter.requests).toHaveLength(0)
    await collect(stream)
    expect(adapter.requests).toHaveLength(1)
  })

  it('makes its ids with generateId', async () => {
    const adapter = yielding(stop)
    const [started] = await collect(ai(adapter, { generateId: counter() }).chat({ messages: hello }))
    expect(started).toMatchObject({ threadId: 'id-2', runId: 'id-3' })
    expect(adapter.requests[0]).toMatchObject({ messageId: 'id-4', messages: [{ id: 'id-1', role: 'user', content: 'Hello' }] })
  })

  it('gives the settings of the call to the adapter, those of ai() where it has none', async () => {
    const adapter = yielding(stop)
    const defaults = { model: 'a', temperature: 0.1, system: 'Be brief.', providerOptions: { test: { x: 1 } } }
    await collect(ai(adapter, defaults).chat({ messages: hello, model: 'b', temperature: undefined, maxTokens: 5, toolChoice: 'none' }))
    expect(adapter.requests[0]).toMatchObject({ ...defaults, model: 'b', maxTokens: 5, toolChoice: 'none' })
  })

  it('closes what the adapter left open, reasoning before text before the end', async () => {
    const adapter = yielding(think('hm'), say('a'), startCall('c'), args('c', '{}'), say('b', 'm2'), stop)
    const chunks = await collect(ai(adapter).chat({ messages: hello, tools: [f] }))
    expect(outline(chunks)).toEqual([
      'RUN_STARTED',
      'REASONING_START',
      'REASONING_MESSAGE_START',
      'REASONING_MESSAGE_CONTENT hm',
      'REASONING_MESSAGE_END',
      'REASONING_END',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT a',
      'TEXT_MESSAGE_END',
      'TOOL_CALL_START f',
      'TOOL_CALL_ARGS {}',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT b',
      'TEXT_MESSAGE_END',
      'TOOL_CALL_END',
      'CUSTOM',
      'RUN_FINISHED',
    ])
  })

  it('names the calls that nobody has answered', async () => {
    const result = { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'a', content: '1' } as const
    const chunks = await collect(
      ai(yielding(startCall('a'), endCall('a'), result, startCall('b'), endCall('b'), startCall('__proto__'), endCall('__proto__'), stop)).chat({
        messages: hello,
        tools: [f],
      }),
    )
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: ['b', '__proto__'] } })
    expect(chunks.find((chunk) => chunk.type === 'TOOL_CALL_START')?.parentMessageId).toBeDefined()
  })

  it('stops reading an adapter that goes on after its finish', async () => {
    const chunks = await collect(ai(yielding(say('a'), stop, say('b'), stop)).chat({ messages: hello }))
    expect(outline(chunks)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT a', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
  })
})

describe('a failing model', () => {
  it('ends the run with a masked message and a code, after closing its text', async () => {
    const seen: unknown[] = []
    const secret = new Error('key sk-123 is wrong')
    const chunks = await collect(ai(yielding(say('a'), secret), { onError: (error) => void seen.push(error) }).chat({ messages: hello }))
    expect(chunks.at(-2)?.type).toBe('TEXT_MESSAGE_END')
    expect(chunks.at(-1)).toEqual({ type: 'RUN_ERROR', message: 'The model could not answer.', code: 'internal', metadata: { retryable: true } })
    expect(seen).toEqual([secret])
  })

  it('tells code and retryAfter of a ModelError, not its message', async () => {
    const error = new ModelError('rate_limit', 'acme says 429 for sk-123', { retryAfter: 3000 })
    const last = (await collect(ai(yielding(error), quiet).chat({ messages: hello }))).at(-1)
    expect(last).toEqual({
      type: 'RUN_ERROR',
      message: 'The model is busy. Try again in a moment.',
      code: 'rate_limit',
      metadata: { retryable: true, retryAfter: 3000 },
    })
  })

  it('may be given another message by onError', async () => {
    const last = (await collect(ai(yielding(new Error('x'))).chat({ messages: hello, onError: () => 'Out for lunch.' }))).at(-1)
    expect(last).toMatchObject({ message: 'Out for lunch.' })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('logger down')
      },
    ],
    ['rejects', (() => Promise.reject(new Error('logger down'))) as () => void],
  ])('ends the run also when onError %s', async (_how, onError) => {
    const last = (await collect(ai(yielding(new Error('x'))).chat({ messages: hello, onError }))).at(-1)
    expect(last).toMatchObject({ type: 'RUN_ERROR', message: 'The model could not answer.' })
  })

  it('is logged when nobody handles it, since the client is told nothing', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = new Error('x')
    await collect(ai(yielding(error)).chat({ messages: hello }))
    expect(log).toHaveBeenCalledWith(expect.any(String), error)
    log.mockRestore()
  })

  it('is truncated when its stream ends without a finish', async () => {
    expect((await collect(ai(yielding(say('a')), quiet).chat({ messages: hello }))).at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'truncated' })
  })

  it('does not end a tool call whose arguments broke off: nobody shall run it', async () => {
    const types = outline(await collect(ai(yielding(startCall('c'), new Error('x')), quiet).chat({ messages: hello })))
    expect(types).toEqual(['RUN_STARTED', 'TOOL_CALL_START f', 'RUN_ERROR'])
  })

  it.each([
    ['arguments of a call that it never started', args('nope', '{}')],
    ['a chunk that is not the model’s to send', { type: 'RUN_FINISHED', threadId: 't', runId: 'r' } as never],
  ])('ends the run when it yields %s', async (_what, chunk) => {
    expect((await collect(ai(yielding(chunk, stop), quiet).chat({ messages: hello }))).at(-1)).toMatchObject({
      type: 'RUN_ERROR',
      code: 'bad_response',
    })
  })

  it('may also throw before it streams', async () => {
    const adapter = {
      name: 'broken',
      defaultModel: 'x',
      stream: () => {
        throw new ModelError('auth', 'no key')
      },
    }
    expect(outline(await collect(ai(adapter, quiet).chat({ messages: hello })))).toEqual(['RUN_STARTED', 'RUN_ERROR'])
  })
})

describe('leaving a run', () => {
  async function readUntil(type: Chunk['type'], stream: AsyncIterator<Chunk>) {
    while ((await stream.next()).value?.type !== type);
  }

  it('ends as cancelled at once when the signal aborts, though the model ignores it', async () => {
    const adapter = hanging(say('a'), startCall('c'))
    const controller = new AbortController()
    const stream = ai(adapter).chat({ messages: hello, signal: controller.signal })
    await readUntil('TOOL_CALL_START', stream)
    const rest = collectRest(stream)
    controller.abort()
    expect(await rest).toEqual([
      { type: 'TOOL_CALL_END', toolCallId: 'c', metadata: { incomplete: true } },
      { type: 'RUN_FINISHED', threadId: stream.threadId, runId: stream.runId, outcome: { type: 'cancelled' } },
    ])
    expect(adapter.signal().aborted).toBe(true)
  })

  async function collectRest(stream: AsyncIterable<Chunk>) {
    const chunks: Chunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return chunks
  }

  it('is a whole run that AG-UI accepts also when it was cancelled in the middle of arguments', async () => {
    const controller = new AbortController()
    const adapter = yielding(think('hm'), startCall('c'), args('c', '{"a'))
    const cancelling = {
      ...adapter,
      async *stream(request: never) {
        yield* adapter.stream(request)
        controller.abort()
        await new Promise(() => {})
      },
    }
    const chunks = await collect(ai(cancelling).chat({ messages: hello, signal: controller.signal }))
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'cancelled' } })
  })

  it('is cancelled, not failed, when the adapter answers the abort with an error', async () => {
    const controller = new AbortController()
    const adapter = {
      name: 'x',
      defaultModel: 'x',
      async *stream() {
        controller.abort()
        throw new DOMException('aborted', 'AbortError')
      },
    }
    const chunks = await collect(ai(adapter).chat({ messages: hello, signal: controller.signal }))
    expect(outline(chunks)).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
  })

  it('never calls the model when the signal has aborted before', async () => {
    const adapter = yielding(say('a'), stop)
    const pulled = vi.fn()
    const lazy = {
      ...adapter,
      async *stream(request: never) {
        pulled()
        yield* adapter.stream(request)
      },
    }
    const chunks = await collect(ai(lazy).chat({ messages: hello, signal: AbortSignal.abort() }))
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'cancelled' } })
    expect(pulled).not.toHaveBeenCalled()
  })

  it('aborts the model on break', async () => {
    const adapter = hanging(say('a'))
    for await (const chunk of ai(adapter).chat({ messages: hello })) if (chunk.type === 'TEXT_MESSAGE_CONTENT') break
    expect(adapter.signal().aborted).toBe(true)
  })

  it('aborts the model when the reader leaves while the model is silent', async () => {
    const adapter = hanging(say('a'))
    const stream = ai(adapter).chat({ messages: hello })
    await readUntil('TEXT_MESSAGE_CONTENT', stream)
    const pending = stream.next()
    await stream.return()
    expect(adapter.signal().aborted).toBe(true)
    await pending
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  it.each(['after its finish', 'on break'])('lets the adapter clean up %s', async (when) => {
    let cleaned = false
    const adapter = {
      ...yielding(),
      async *stream() {
        try {
          yield say('a')
          yield stop
          yield say('b')
        } finally {
          cleaned = true
        }
      },
    }
    for await (const chunk of ai(adapter).chat({ messages: hello })) if (when === 'on break' && chunk.type === 'TEXT_MESSAGE_CONTENT') break
    expect(cleaned).toBe(true)
  })

  it('leaves no listener on the signal', async () => {
    const controller = new AbortController()
    const add = vi.spyOn(controller.signal, 'addEventListener')
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    await collect(ai(yielding(say('a'), stop)).chat({ messages: hello, signal: controller.signal }))
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length)
  })
})

describe('misuse', () => {
  const { defaultModel: _, ...nameless } = yielding(stop)

  it.each<[string, ChatOptions, RegExp]>([
    ['no model', { messages: hello }, /no model.*"test"/],
    ['no messages', { messages: [], model: 'x' }, /no messages/],
    ['no step at all', { messages: hello, model: 'x', maxSteps: 0 }, /maxSteps is 0/],
    ['a bad message', { messages: [...hello, { role: 'robot' } as never], model: 'x' }, /messages\[1\]\.role: expected one of user, /],
  ])('%s is said at once', (_what, options, message) => {
    expect(() => ai(nameless).chat(options)).toThrow(message)
  })
})

describe('the history', () => {
  it('reaches the adapter with one result after each call, whatever order it came in', async () => {
    const adapter = yielding(stop)
    const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '{}' } })
    await collect(
      ai(adapter, { generateId: counter() }).chat({
        messages: [
          { id: 'u', role: 'user', content: 'Q' },
          { id: 'a', role: 'assistant', toolCalls: [call('1'), call('2'), call('3')] },
          { id: 'u2', role: 'user', content: 'Never mind' },
          { id: 't2', role: 'tool', toolCallId: '2', content: 'two' },
          { id: 't1', role: 'tool', toolCallId: '1', content: 'one' },
          { id: 't9', role: 'tool', toolCallId: '9', content: 'of no call' },
        ],
      }),
    )
    expect(adapter.requests[0]?.messages.map(({ id, content }) => [id, content])).toEqual([
      ['u', 'Q'],
      ['a', undefined],
      ['t1', 'one'],
      ['t2', 'two'],
      [expect.any(String), 'The call was not answered.'],
      ['u2', 'Never mind'],
    ])
  })
})
