import { describe, expect, it } from 'vitest'
import { chunksOf, decodeModel, expectHardy, RUN, STARTED, terminalsOf } from '../model-test-kit.ts'
import { openaiChat } from './openai-chat.ts'

const protocol = openaiChat({ model: 'qwen3' })
const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  model: 'gpt-5.4',
  choices: [{ index: 0, delta, finish_reason }],
})
const usage = { id: 'c1', model: 'gpt-5.4', choices: [], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } }
const call = (more: object) => chunk({ tool_calls: [more] })
const counted = [{ provider: 'openai', model: 'gpt-5.4', inputTokens: 3, outputTokens: 5, totalTokens: 8 }]
const decode = (...events: unknown[]) => decodeModel(protocol, events)

describe('an answer', () => {
  it('is text, its finish reason and its usage', () => {
    expect(
      chunksOf(protocol, chunk({ role: 'assistant', content: '' }), chunk({ content: 'Hel' }), chunk({ content: 'lo' }), chunk({}, 'stop'), usage),
    ).toEqual([
      STARTED,
      { type: 'TEXT_MESSAGE_START', messageId: 'c1-run-1' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'c1-run-1', delta: 'Hel' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'c1-run-1', delta: 'lo' },
      { type: 'TEXT_MESSAGE_END', messageId: 'c1-run-1' },
      { type: 'RUN_FINISHED', ...RUN, usage: counted, metadata: { finishReason: 'stop' } },
    ])
  })
  it('ends with the stream when the server sends no usage', () => {
    expect(chunksOf(protocol, chunk({ content: 'Hi' }), chunk({}, 'stop')).at(-1)).toEqual({
      type: 'RUN_FINISHED',
      ...RUN,
      metadata: { finishReason: 'stop' },
    })
  })
  it('is over with its usage: what trails after it does no harm', () => {
    const { chunks, error } = decode(chunk({ content: 'Hi' }, 'stop'), usage, { error: 'too late' }, 'not even an event')
    expect(error).toBeUndefined()
    expect(terminalsOf(chunks)).toMatchObject([{ type: 'RUN_FINISHED', usage: counted }])
  })
  it('has details of its usage', () => {
    const details = { prompt_tokens_details: { cached_tokens: 2 }, completion_tokens_details: { reasoning_tokens: 4 } }
    expect(chunksOf(protocol, chunk({ content: 'Hi' }, 'stop'), { ...usage, usage: { ...usage.usage, ...details } }).at(-1)).toMatchObject({
      usage: [{ cachedInputTokens: 2, reasoningTokens: 4 }],
    })
  })
  it.each(['reasoning_content', 'reasoning'])('may begin with %s, a message of its own before the text', (field) => {
    const chunks = chunksOf(protocol, chunk({ [field]: 'Hm' }), chunk({ [field]: '.' }), chunk({ content: 'Hi' }, 'stop'))
    expect(chunks.slice(1, -1)).toEqual([
      { type: 'REASONING_MESSAGE_START', messageId: 'c1-run-1-thinking', role: 'reasoning' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'c1-run-1-thinking', delta: 'Hm' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'c1-run-1-thinking', delta: '.' },
      { type: 'REASONING_MESSAGE_END', messageId: 'c1-run-1-thinking' },
      { type: 'TEXT_MESSAGE_START', messageId: 'c1-run-1' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'c1-run-1', delta: 'Hi' },
      { type: 'TEXT_MESSAGE_END', messageId: 'c1-run-1' },
    ])
  })
  it('thinks again after it has spoken: another thought, before another message', () => {
    const ids = chunksOf(protocol, chunk({ content: 'a' }), chunk({ reasoning: 'b' }), chunk({ content: 'c' }, 'stop')).flatMap((each) =>
      each.type === 'TEXT_MESSAGE_START' || each.type === 'REASONING_MESSAGE_START' ? [each.messageId] : [],
    )
    expect(ids).toEqual(['c1-run-1', 'c1-run-1-2-thinking', 'c1-run-1-2'])
  })
  it('may be a refusal: text that says so', () => {
    const chunks = chunksOf(protocol, chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot.' }), chunk({}, 'stop'))
    expect(chunks[1]).toEqual({ type: 'TEXT_MESSAGE_START', messageId: 'c1-run-1', metadata: { refusal: true } })
    expect(decode(chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot.' }), chunk({}, 'stop')).text).toBe('I cannot.')
    expect(chunks.at(-1)).toMatchObject({ metadata: { finishReason: 'content_filter' } })
  })
  it.each([
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['eos', 'other'],
  ])('that ended by %s says %s', (given, expected) => {
    expect(chunksOf(protocol, chunk({ content: 'x' }, given)).at(-1)).toMatchObject({ metadata: { finishReason: expected } })
  })
  it('takes its ids from the run when the server gives none', () => {
    expect(chunksOf(protocol, { choices: [{ delta: { content: 'x' }, finish_reason: 'stop' }] })[1]).toMatchObject({ messageId: 'run-1-message' })
  })
  it('keeps its id when a later chunk has another', () => {
    const ids = chunksOf(protocol, chunk({ content: 'a' }), { ...chunk({ content: 'b' }, 'stop'), id: 'c2' }).flatMap((each) =>
      'messageId' in each ? [each.messageId] : [],
    )
    expect(new Set(ids)).toEqual(new Set(['c1-run-1']))
  })
  it('is the first of several', () => {
    expect(decode(chunk({ content: 'a' }), { choices: [{ index: 1, delta: { content: 'b' }, finish_reason: 'stop' }] }, chunk({}, 'stop')).text).toBe(
      'a',
    )
  })
})

describe('tool calls', () => {
  it('come in pieces and are left to the client', () => {
    const chunks = chunksOf(
      protocol,
      chunk({ content: 'Let me look.' }),
      call({ index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"city":' } }),
      call({ index: 1, id: 'b', type: 'function', function: { name: 'time', arguments: '{}' } }),
      call({ index: 0, function: { arguments: '"Rome"}' } }),
      chunk({}, 'tool_calls'),
      usage,
    )
    expect(chunks.slice(4)).toEqual([
      { type: 'TOOL_CALL_START', toolCallId: 'a', toolCallName: 'weather', parentMessageId: 'c1-run-1' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'a', delta: '{"city":' },
      { type: 'TOOL_CALL_START', toolCallId: 'b', toolCallName: 'time', parentMessageId: 'c1-run-1' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'b', delta: '{}' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'a', delta: '"Rome"}' },
      { type: 'TOOL_CALL_END', toolCallId: 'a' },
      { type: 'TOOL_CALL_END', toolCallId: 'b' },
      {
        type: 'RUN_FINISHED',
        ...RUN,
        usage: counted,
        outcome: { type: 'success', pendingToolCallIds: ['a', 'b'] },
        metadata: { finishReason: 'tool_calls' },
      },
    ])
  })
  const idsAndArgs = (...events: unknown[]) => {
    const args = new Map<string, string>()
    for (const each of chunksOf(protocol, ...events, chunk({}, 'stop'))) {
      if (each.type === 'TOOL_CALL_START') args.set(each.toolCallId, `${each.toolCallName} `)
      if (each.type === 'TOOL_CALL_ARGS') args.set(each.toolCallId, `${args.get(each.toolCallId)}${each.delta}`)
    }
    return [...args]
  }
  it('of Ollama have no index or the same one, come whole, and end with `stop`', () => {
    const one = { id: 'a', function: { name: 'weather', arguments: '{"city":"Rome"}' } }
    const two = { id: 'b', function: { name: 'weather', arguments: '{"city":"Paris"}' } }
    const expected = [
      ['a', 'weather {"city":"Rome"}'],
      ['b', 'weather {"city":"Paris"}'],
    ]
    expect(idsAndArgs(call(one), call(two))).toEqual(expected)
    expect(idsAndArgs(call({ index: 0, ...one }), call({ index: 0, ...two }))).toEqual(expected)
    expect(chunksOf(protocol, call(one), chunk({}, 'stop')).at(-1)).toMatchObject({
      outcome: { pendingToolCallIds: ['a'] },
      metadata: { finishReason: 'tool_calls' },
    })
  })
  it('without an id get one of the run', () => {
    expect(idsAndArgs(call({ index: 0, function: { name: 'f', arguments: '{' } }), call({ index: 0, function: { arguments: '}' } }))).toEqual([
      ['run-1-call-1', 'f {}'],
    ])
  })
  it('without an index or an id go on with the last one', () => {
    expect(idsAndArgs(call({ id: 'a', function: { name: 'f', arguments: '{' } }), call({ function: { arguments: '}' } }))).toEqual([['a', 'f {}']])
  })
  it('without an index are told apart by their ids', () => {
    const one = { id: 'a', function: { name: 'f', arguments: '{"n"' } }
    expect(
      idsAndArgs(call(one), call({ id: 'b', function: { name: 'g', arguments: '{}' } }), call({ id: 'a', function: { arguments: ':1}' } })),
    ).toEqual([
      ['a', 'f {"n":1}'],
      ['b', 'g {}'],
    ])
  })
  it('with the same id twice are two', () => {
    const same = (index: number) => call({ index, id: '0', function: { name: 'f', arguments: `{"n":${index}}` } })
    expect(idsAndArgs(same(0), same(1))).toEqual([
      ['0', 'f {"n":0}'],
      ['0-2', 'f {"n":1}'],
    ])
  })
  it('may have arguments before the name, or arguments that are an object', () => {
    expect(
      idsAndArgs(call({ index: 0, id: 'a', function: { arguments: '{"a"' } }), call({ index: 0, function: { name: 'f', arguments: ':1}' } })),
    ).toEqual([['a', 'f {"a":1}']])
    expect(idsAndArgs(call({ index: 0, id: 'a', function: { name: 'f', arguments: { a: 1 } } }))).toEqual([['a', 'f {"a":1}']])
  })
  it('of Gemini are sealed, which it wants back', () => {
    const extra_content = { google: { thought_signature: 'signed' } }
    expect(
      chunksOf(protocol, call({ index: 0, id: 'a', extra_content, function: { name: 'f', arguments: '{}' } }), chunk({}, 'stop')),
    ).toContainEqual({
      type: 'REASONING_ENCRYPTED_VALUE',
      subtype: 'tool-call',
      entityId: 'a',
      encryptedValue: 'signed',
    })
  })
  it('30: with ids like __proto__ are plain data', () => {
    expect(idsAndArgs(call({ index: 0, id: '__proto__', function: { name: 'constructor', arguments: '{}' } }))).toEqual([
      ['__proto__', 'constructor {}'],
    ])
  })
  it('that a limit cut off are not owed, even if they happen to be JSON', () => {
    const chunks = chunksOf(protocol, call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }), chunk({}, 'length'))
    expect(chunks.slice(-2)).toMatchObject([
      { type: 'TOOL_CALL_END', toolCallId: 'a', metadata: { incomplete: true } },
      { outcome: { type: 'success', pendingToolCallIds: [] }, metadata: { finishReason: 'length' } },
    ])
  })
  it('without a name are ignored with a warning', () => {
    const { chunks, warnings } = decode(call({ index: 0, id: 'a', function: { arguments: '{}' } }), chunk({ content: 'x' }, 'stop'))
    expect(warnings).toMatchObject([{ code: 'orphan' }])
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_FINISHED', metadata: { finishReason: 'stop' } })
  })
})

describe('what goes wrong', () => {
  it('an error in the stream is RUN_ERROR with message and code, and nothing after it counts', () => {
    const { chunks } = decode(
      chunk({ content: 'x' }),
      { error: { message: 'Overloaded', type: 'server_error', code: null } },
      chunk({ content: 'y' }, 'stop'),
    )
    expect(chunks.slice(3)).toEqual([{ type: 'RUN_ERROR', message: 'Overloaded', code: 'server_error' }])
  })
  it('a failure that the same request meets again is not to be retried', () => {
    const failure = (error: unknown) => decode({ error }).chunks.at(-1)
    expect(failure({ message: 'Too long', type: 'invalid_request_error', code: 'context_length_exceeded' })).toEqual({
      type: 'RUN_ERROR',
      message: 'Too long',
      code: 'context_length_exceeded',
      metadata: { retryable: false },
    })
    expect(failure({ message: 'No credit', code: 402 })).toMatchObject({ code: '402', metadata: { retryable: false } })
    expect(failure({ message: 'Slow down', code: 429 })).toEqual({ type: 'RUN_ERROR', message: 'Slow down', code: '429' })
    expect(failure('out of memory')).toEqual({ type: 'RUN_ERROR', message: 'out of memory' })
  })
  it('an error after the finish reason fails the run', () => {
    expect(terminalsOf(decode(chunk({ content: 'x' }, 'stop'), { error: { message: 'no' } }).chunks)).toMatchObject([{ type: 'RUN_ERROR' }])
  })
  it('without a finish reason the run is left open', () => {
    expect(decode(chunk({ content: 'x' }), usage).types).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT'])
  })
  it('an event without choices is skipped, with one warning for all of them', () => {
    const { chunks, warnings } = decode({ type: 'ping' }, { object: 'x' }, chunk({ content: 'x' }, 'stop'))
    expect(warnings).toMatchObject([{ code: 'unknown_chunk', seen: { type: 'ping' } }])
    expect(chunks.at(-1)?.type).toBe('RUN_FINISHED')
  })
  it.each([
    'text',
    null,
    { choices: {} },
    { choices: ['x'] },
    chunk({ content: ['x'] }),
    chunk({ tool_calls: {} }),
    chunk({ tool_calls: ['x'] }),
    call({ index: 0, id: 7 }),
    { choices: [{ delta: 'x' }] },
    { choices: [{ delta: {}, finish_reason: 7 }] },
  ])('a malformed event is a protocol error: %j', (event) => {
    expect(decode(event).error).toMatchObject({ name: 'ChatError', code: 'protocol' })
  })
  it('no change to the events of a stream makes it do anything else', () => {
    const stream = [
      chunk({ reasoning_content: 'Hm.' }),
      chunk({ content: 'Let me ' }),
      chunk({ content: 'look.' }),
      call({ index: 0, id: 'a', function: { name: 'weather', arguments: '{"city":' } }),
      call({ index: 0, function: { arguments: '"Rome"}' } }),
      call({ index: 1, id: 'b', function: { name: 'time', arguments: '{}' } }),
      chunk({}, 'tool_calls'),
      usage,
    ]
    // The finish reason is the terminal; the usage after it may be missing.
    expectHardy(protocol, stream, 2)
  })
})
