import { describe, expect, it } from 'vitest'
import { chunksOf, decodeModel, expectHardy, RUN, STARTED } from '../model-test-kit.ts'
import { anthropicMessages } from './anthropic-messages.ts'

const protocol = anthropicMessages({ model: 'claude-sonnet-5-5' })
const decode = (...events: unknown[]) => decodeModel(protocol, events)

const started = (usage: object = { input_tokens: 9, output_tokens: 1 }) => ({
  type: 'message_start',
  message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], usage },
})
const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
const delta = (index: number, change: object) => ({ type: 'content_block_delta', index, delta: change })
const text = (index: number, value: string) => delta(index, { type: 'text_delta', text: value })
const json = (index: number, partial_json: string) => delta(index, { type: 'input_json_delta', partial_json })
const stop = (index: number) => ({ type: 'content_block_stop', index })
const over = (stop_reason: string | null, usage: object = { output_tokens: 20 }) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
  { type: 'message_stop' },
]
const TEXT = { type: 'text', text: '' }
const THINKING = { type: 'thinking', thinking: '', signature: '' }
const call = (id: string, name: string, input: unknown = {}) => ({ type: 'tool_use', id, name, input })
const counted = [{ provider: 'anthropic', model: 'claude-sonnet-5-5', inputTokens: 9, outputTokens: 20, totalTokens: 29 }]

const answer = [
  started(),
  { type: 'ping' },
  block(0, THINKING),
  delta(0, { type: 'thinking_delta', thinking: 'H' }),
  delta(0, { type: 'thinking_delta', thinking: 'm.' }),
  delta(0, { type: 'signature_delta', signature: 'signed' }),
  stop(0),
  block(1, { type: 'redacted_thinking', data: 'secret' }),
  stop(1),
  block(2, TEXT),
  text(2, 'Let me '),
  text(2, 'look.'),
  stop(2),
  block(3, call('toolu_a', 'weather')),
  json(3, ''),
  json(3, '{"city":'),
  json(3, '"Rome"}'),
  stop(3),
  block(4, call('toolu_b', 'time')),
  stop(4),
  ...over('tool_use'),
]

describe('a message', () => {
  it('is thinking with its signature, redacted thinking, text, calls and usage', () => {
    expect(chunksOf(protocol, ...answer)).toEqual([
      STARTED,
      { type: 'REASONING_MESSAGE_START', messageId: 'msg_1-thinking-0', role: 'reasoning' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'msg_1-thinking-0', delta: 'H' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'msg_1-thinking-0', delta: 'm.' },
      { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'msg_1-thinking-0', encryptedValue: 'signed' },
      { type: 'REASONING_MESSAGE_END', messageId: 'msg_1-thinking-0' },
      { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'msg_1-thinking-redacted-1', encryptedValue: 'secret' },
      { type: 'TEXT_MESSAGE_START', messageId: 'msg_1' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'msg_1', delta: 'Let me ' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'msg_1', delta: 'look.' },
      { type: 'TEXT_MESSAGE_END', messageId: 'msg_1' },
      { type: 'TOOL_CALL_START', toolCallId: 'toolu_a', toolCallName: 'weather', parentMessageId: 'msg_1' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'toolu_a', delta: '{"city":' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'toolu_a', delta: '"Rome"}' },
      { type: 'TOOL_CALL_END', toolCallId: 'toolu_a' },
      { type: 'TOOL_CALL_START', toolCallId: 'toolu_b', toolCallName: 'time', parentMessageId: 'msg_1' },
      { type: 'TOOL_CALL_END', toolCallId: 'toolu_b' },
      {
        type: 'RUN_FINISHED',
        ...RUN,
        usage: counted,
        outcome: { type: 'success', pendingToolCallIds: ['toolu_a', 'toolu_b'] },
        metadata: { finishReason: 'tool_calls' },
      },
    ])
  })
  it('of several texts is one text', () => {
    expect(
      decode(started(), block(0, TEXT), text(0, 'a'), stop(0), block(1, { type: 'text', text: 'b' }), text(1, 'c'), stop(1), ...over('end_turn'))
        .text,
    ).toBe('abc')
  })
  it('may think again before it calls: the thought stands before another message', () => {
    const chunks = chunksOf(
      protocol,
      started(),
      block(0, TEXT),
      text(0, 'Hm.'),
      stop(0),
      block(1, THINKING),
      delta(1, { type: 'signature_delta', signature: 'signed' }),
      stop(1),
      block(2, call('toolu_a', 'f')),
      stop(2),
      ...over('tool_use'),
    )
    expect(chunks).toContainEqual({ type: 'TOOL_CALL_START', toolCallId: 'toolu_a', toolCallName: 'f', parentMessageId: 'msg_1-2' })
  })
  it('may give the input of a call at the start', () => {
    const chunks = chunksOf(protocol, started(), block(0, call('a', 'f', { city: 'Rome' })), stop(0), ...over('tool_use'))
    expect(chunks).toContainEqual({ type: 'TOOL_CALL_ARGS', toolCallId: 'a', delta: '{"city":"Rome"}' })
  })
  it('counts what came from the cache as input, and what went into it', () => {
    const usage = { input_tokens: 9, cache_read_input_tokens: 100, cache_creation_input_tokens: 10, output_tokens: 1 }
    const final = { output_tokens: 20, input_tokens: null, output_tokens_details: { thinking_tokens: 7 } }
    expect(chunksOf(protocol, started(usage), block(0, TEXT), text(0, 'x'), stop(0), ...over('end_turn', final)).at(-1)).toMatchObject({
      usage: [{ inputTokens: 119, outputTokens: 20, totalTokens: 139, cachedInputTokens: 100, cacheWriteInputTokens: 10, reasoningTokens: 7 }],
    })
  })
  it('without any count has no usage', () => {
    const message = { id: 'msg_1', model: 'claude-sonnet-5-5' }
    expect(chunksOf(protocol, { type: 'message_start', message }, { type: 'message_stop' }).at(-1)).not.toHaveProperty('usage')
  })
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'other'],
  ])('that ended by %s says %s', (given, expected) => {
    expect(chunksOf(protocol, started(), block(0, TEXT), text(0, 'x'), stop(0), ...over(given)).at(-1)).toMatchObject({
      metadata: { finishReason: expected },
    })
  })
  it('that a limit cut off owes the calls that were whole', () => {
    const chunks = chunksOf(
      protocol,
      started(),
      block(0, call('a', 'f')),
      json(0, '{}'),
      stop(0),
      block(1, call('b', 'f')),
      json(1, '{}'),
      ...over('max_tokens'),
    )
    expect(chunks.slice(-2)).toMatchObject([
      { type: 'TOOL_CALL_END', toolCallId: 'b', metadata: { incomplete: true } },
      { outcome: { pendingToolCallIds: ['a'] }, metadata: { finishReason: 'length' } },
    ])
  })
  it('30: ids like __proto__ are plain data', () => {
    const chunks = chunksOf(protocol, started(), block(0, call('__proto__', 'constructor')), json(0, '{}'), stop(0), ...over('tool_use'))
    expect(chunks).toContainEqual({ type: 'TOOL_CALL_ARGS', toolCallId: '__proto__', delta: '{}' })
  })
  it('with tools of the provider shows none of their input', () => {
    const chunks = chunksOf(
      protocol,
      started(),
      block(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
      json(0, '{"query":"x"}'),
      stop(0),
      block(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
      stop(1),
      block(2, TEXT),
      delta(2, { type: 'citations_delta', citation: {} }),
      text(2, 'Found.'),
      stop(2),
      ...over('end_turn'),
    )
    expect(chunks.map(({ type }) => type)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
  })
})

describe('what goes wrong', () => {
  it('an error is RUN_ERROR with its type as the code', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    expect(decode(started(), error, ...over('end_turn')).chunks.slice(1)).toEqual([
      { type: 'RUN_ERROR', message: 'Overloaded', code: 'overloaded_error' },
    ])
    expect(decode({ type: 'error', error: { type: 'authentication_error', message: 'No' } }).chunks.at(-1)).toMatchObject({
      metadata: { retryable: false },
    })
  })
  it('without message_stop the run is left open', () => {
    expect(decode(...answer.slice(0, -1)).types.at(-1)).toBe('TOOL_CALL_END')
  })
  it('unknown events, blocks and deltas are skipped, with one warning for each type', () => {
    const { chunks, warnings } = decode(
      started(),
      { type: 'sparkle' },
      { type: 'sparkle' },
      block(0, { type: 'hologram' }),
      delta(0, { type: 'hologram_delta' }),
      stop(0),
      block(1, TEXT),
      delta(1, { type: 'sparkle_delta' }),
      text(1, 'x'),
      stop(1),
      ...over('end_turn'),
    )
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['unknown_chunk', 'Events of the unknown type "sparkle" are skipped.'],
      ['unknown_chunk', 'Blocks of the unknown type "hologram" are skipped.'],
      ['unknown_chunk', 'Deltas of the unknown type "sparkle_delta" are skipped.'],
    ])
    expect(chunks.at(-1)?.type).toBe('RUN_FINISHED')
  })
  it('a delta for a block that is not open is ignored with a warning', () => {
    expect(decode(started(), json(3, '{}')).warnings).toMatchObject([{ code: 'orphan' }])
  })
  it.each([
    'text',
    { type: {} },
    { type: 'message_start' },
    { type: 'content_block_start', index: 0 },
    block(0, { type: 'tool_use', name: 'f' }),
    block(0, { type: 'tool_use', id: 'a' }),
    block(0, { type: 'text', text: 7 }),
    { type: 'content_block_delta', index: 0 },
    { type: 'message_delta' },
  ])('a malformed event is a protocol error: %j', (event) => {
    expect(decode(event).error).toMatchObject({ name: 'ChatError', code: 'protocol' })
  })
  it('no change to the events of a stream makes it do anything else', () => {
    expectHardy(protocol, answer)
  })
})
