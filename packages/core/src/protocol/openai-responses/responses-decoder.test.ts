import { describe, expect, it } from 'vitest'
import { chunksOf, decodeModel, expectHardy, RUN, STARTED } from '../model-test-kit.ts'
import { openaiResponses } from './openai-responses.ts'

const protocol = openaiResponses({ model: 'gpt-5.4' })
const decode = (...events: unknown[]) => decodeModel(protocol, events)

const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } }
const usage = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 14,
}
const completed = { type: 'response.completed', response: { id: 'resp_1', model: 'gpt-5.4-2026', status: 'completed', usage } }
const counted = [
  { provider: 'openai', model: 'gpt-5.4-2026', inputTokens: 9, outputTokens: 5, totalTokens: 14, reasoningTokens: 2, cachedInputTokens: 4 },
]
const added = (output_index: number, item: object) => ({ type: 'response.output_item.added', output_index, item })
const done = (output_index: number, item: object) => ({ type: 'response.output_item.done', output_index, item })
const text = (output_index: number, item_id: string, delta: string) => ({
  type: 'response.output_text.delta',
  output_index,
  item_id,
  content_index: 0,
  delta,
})
const args = (output_index: number, item_id: string, delta: string) => ({
  type: 'response.function_call_arguments.delta',
  output_index,
  item_id,
  delta,
})
const message = (id: string) => ({ type: 'message', id, role: 'assistant', content: [] })
const functionCall = (id: string, call_id: string, name: string, json = '') => ({ type: 'function_call', id, call_id, name, arguments: json })
const summary = (output_index: number, item_id: string, delta: string) => ({
  type: 'response.reasoning_summary_text.delta',
  output_index,
  item_id,
  summary_index: 0,
  delta,
})

const answer = [
  created,
  { type: 'response.in_progress', response: {} },
  added(0, { type: 'reasoning', id: 'rs_1', summary: [] }),
  { type: 'response.reasoning_summary_part.added', output_index: 0, item_id: 'rs_1', summary_index: 0, part: {} },
  summary(0, 'rs_1', 'Hm'),
  { type: 'response.reasoning_summary_text.done', output_index: 0, item_id: 'rs_1', summary_index: 0, text: 'Hm' },
  { type: 'response.reasoning_summary_part.added', output_index: 0, item_id: 'rs_1', summary_index: 1, part: {} },
  { ...summary(0, 'rs_1', 'Aha'), summary_index: 1 },
  done(0, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed' }),
  added(1, message('msg_1')),
  { type: 'response.content_part.added', output_index: 1, item_id: 'msg_1', content_index: 0, part: {} },
  text(1, 'msg_1', 'Let me '),
  text(1, 'msg_1', 'look.'),
  { type: 'response.output_text.done', output_index: 1, item_id: 'msg_1', text: 'Let me look.' },
  done(1, message('msg_1')),
  added(2, functionCall('fc_1', 'call_a', 'weather')),
  args(2, 'fc_1', '{"city":'),
  args(2, 'fc_1', '"Rome"}'),
  { type: 'response.function_call_arguments.done', output_index: 2, item_id: 'fc_1', arguments: '{"city":"Rome"}' },
  done(2, functionCall('fc_1', 'call_a', 'weather', '{"city":"Rome"}')),
  completed,
]

describe('a response', () => {
  it('is reasoning with its seal, text, calls and usage', () => {
    expect(chunksOf(protocol, ...answer)).toEqual([
      STARTED,
      { type: 'REASONING_MESSAGE_START', messageId: 'rs_1', role: 'reasoning' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'rs_1', delta: 'Hm' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'rs_1', delta: '\n\n' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'rs_1', delta: 'Aha' },
      { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'rs_1', encryptedValue: 'sealed' },
      { type: 'REASONING_MESSAGE_END', messageId: 'rs_1' },
      { type: 'TEXT_MESSAGE_START', messageId: 'msg_1' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'msg_1', delta: 'Let me ' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'msg_1', delta: 'look.' },
      { type: 'TEXT_MESSAGE_END', messageId: 'msg_1' },
      { type: 'TOOL_CALL_START', toolCallId: 'call_a', toolCallName: 'weather', parentMessageId: 'msg_1' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'call_a', delta: '{"city":' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'call_a', delta: '"Rome"}' },
      { type: 'TOOL_CALL_END', toolCallId: 'call_a' },
      {
        type: 'RUN_FINISHED',
        ...RUN,
        usage: counted,
        outcome: { type: 'success', pendingToolCallIds: ['call_a'] },
        metadata: { finishReason: 'tool_calls' },
      },
    ])
  })
  it('without calls ended by itself', () => {
    expect(chunksOf(protocol, created, added(0, message('msg_1')), text(0, 'msg_1', 'Hi'), completed).at(-1)).toEqual({
      type: 'RUN_FINISHED',
      ...RUN,
      usage: counted,
      metadata: { finishReason: 'stop' },
    })
  })
  it('without any count has no usage', () => {
    expect(chunksOf(protocol, created, { type: 'response.completed', response: {} }).at(-1)).not.toHaveProperty('usage')
  })
  it('may have a thought without words, of which only the seal is known', () => {
    expect(chunksOf(protocol, created, done(0, { type: 'reasoning', id: 'rs_1', encrypted_content: 'sealed' }), completed)[1]).toEqual({
      type: 'REASONING_ENCRYPTED_VALUE',
      subtype: 'message',
      entityId: 'rs_1',
      encryptedValue: 'sealed',
    })
  })
  it('of an open model has its reasoning in full', () => {
    const event = { type: 'response.reasoning_text.delta', output_index: 0, item_id: 'rs_1', content_index: 0, delta: 'Hm.' }
    expect(decode(created, event, completed).thought).toBe('Hm.')
  })
  it('may think between two calls: each thought stands before what it led to', () => {
    const chunks = chunksOf(
      protocol,
      created,
      done(0, { type: 'reasoning', id: 'rs_1', encrypted_content: 'one' }),
      done(1, functionCall('fc_1', 'call_a', 'f', '{}')),
      done(2, { type: 'reasoning', id: 'rs_2', encrypted_content: 'two' }),
      done(3, functionCall('fc_2', 'call_b', 'f', '{}')),
      completed,
    )
    expect(chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_START' ? [chunk.parentMessageId] : []))).toEqual(['resp_1', 'resp_1-2'])
  })
  it('may be several messages', () => {
    const chunks = chunksOf(
      protocol,
      created,
      added(0, message('msg_1')),
      text(0, 'msg_1', 'a'),
      added(1, message('msg_2')),
      text(1, 'msg_2', 'b'),
      completed,
    )
    expect(chunks.flatMap((chunk) => (chunk.type === 'TEXT_MESSAGE_CONTENT' ? [`${chunk.messageId} ${chunk.delta}`] : []))).toEqual([
      'msg_1 a',
      'msg_2 b',
    ])
  })
  it('may be a refusal', () => {
    const refusal = { type: 'response.refusal.delta', output_index: 0, item_id: 'msg_1', content_index: 0, delta: 'No.' }
    const chunks = chunksOf(protocol, created, added(0, message('msg_1')), refusal, completed)
    expect(chunks[1]).toEqual({ type: 'TEXT_MESSAGE_START', messageId: 'msg_1', metadata: { refusal: true } })
    expect(chunks.at(-1)).toMatchObject({ metadata: { finishReason: 'content_filter' } })
  })
  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content_filter'],
    [undefined, 'other'],
  ])('that is incomplete because of %s says %s', (reason, expected) => {
    const event = { type: 'response.incomplete', response: { incomplete_details: { reason }, usage } }
    expect(chunksOf(protocol, created, text(0, 'msg_1', 'Hi'), event).at(-1)).toMatchObject({
      type: 'RUN_FINISHED',
      usage: [{ totalTokens: 14 }],
      metadata: { finishReason: expected },
    })
  })
})

describe('servers that are not OpenAI', () => {
  it('may give an item another id with every event', () => {
    const chunks = chunksOf(
      protocol,
      created,
      added(0, functionCall('x1', 'call_a', 'f')),
      args(0, 'x2', '{"a"'),
      args(0, 'x3', ':1}'),
      done(0, functionCall('x4', 'call_a', 'f', '{"a":1}')),
      completed,
    )
    expect(chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_ARGS' ? [chunk.delta] : []))).toEqual(['{"a"', ':1}'])
    const thought = decode(
      created,
      summary(0, 'x1', 'a'),
      summary(0, 'x2', 'b'),
      done(0, { type: 'reasoning', id: 'x3', encrypted_content: 's' }),
      completed,
    )
    expect(thought.types.filter((type) => type === 'REASONING_MESSAGE_START')).toHaveLength(1)
    expect(thought.chunks).toContainEqual({ type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'x1', encryptedValue: 's' })
  })
  it('may give a call whole, or no ids at all', () => {
    expect(chunksOf(protocol, created, done(0, functionCall('fc', 'call_a', 'f', '{"a":1}')), completed)).toContainEqual({
      type: 'TOOL_CALL_ARGS',
      toolCallId: 'call_a',
      delta: '{"a":1}',
    })
    expect(chunksOf(protocol, { type: 'response.output_text.delta', delta: 'Hi' }, completed)[1]).toMatchObject({ messageId: 'run-1-message' })
  })
  it('may say in the status of a completed response that it is not complete', () => {
    const ended = (response: object) => decode(created, text(0, 'm', 'x'), { type: 'response.completed', response }).chunks.at(-1)
    expect(ended({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })).toMatchObject({
      metadata: { finishReason: 'length' },
    })
    expect(ended({ status: 'failed', error: { code: 'server_error', message: 'Oops' } })).toMatchObject({ type: 'RUN_ERROR', code: 'server_error' })
  })
  it('30: ids like __proto__ are plain data', () => {
    const call = functionCall('__proto__', '__proto__', 'constructor')
    const event = { type: 'response.function_call_arguments.delta', item_id: '__proto__', delta: '{}' }
    expect(chunksOf(protocol, { type: 'response.output_item.added', item: call }, event, completed)).toContainEqual({
      type: 'TOOL_CALL_ARGS',
      toolCallId: '__proto__',
      delta: '{}',
    })
  })
})

describe('what goes wrong', () => {
  it('a failed response is RUN_ERROR', () => {
    const failed = { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error', message: 'Oops' } } }
    expect(decode(created, text(0, 'm', 'x'), failed, completed).chunks.at(-1)).toEqual({ type: 'RUN_ERROR', message: 'Oops', code: 'server_error' })
  })
  it.each([
    { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down', param: null, sequence_number: 1 },
    { type: 'error', error: { type: 'x', code: 'rate_limit_exceeded', message: 'Slow down' } },
    { error: { code: 'rate_limit_exceeded', message: 'Slow down' } },
  ])('so is %j', (event) => {
    expect(decode(created, event).chunks.at(-1)).toEqual({ type: 'RUN_ERROR', message: 'Slow down', code: 'rate_limit_exceeded' })
  })
  it('without its last event the run is left open', () => {
    expect(decode(...answer.slice(0, -1)).types.at(-1)).toBe('TOOL_CALL_END')
  })
  it('events of an unknown type are skipped, with one warning; the progress of hosted tools needs none', () => {
    const { chunks, warnings } = decode(
      created,
      { type: 'response.sparkle' },
      { type: 'response.sparkle' },
      { type: 'keepalive' },
      { type: 'response.web_search_call.searching', output_index: 0, item_id: 'ws_1' },
      { type: 'response.mcp_list_tools.completed', output_index: 0, item_id: 'mcp_1' },
      done(0, { type: 'web_search_call', id: 'ws_1' }),
      completed,
    )
    expect(warnings).toMatchObject([{ code: 'unknown_chunk', seen: { type: 'response.sparkle' } }])
    expect(chunks.map(({ type }) => type)).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
  })
  it('arguments for a call that nobody opened are ignored with a warning', () => {
    expect(decode(created, args(0, 'fc', '{}')).warnings).toMatchObject([{ code: 'orphan' }])
  })
  it.each([
    'text',
    { type: 7 },
    { type: 'response.created' },
    { type: 'response.output_item.added', output_index: 0 },
    added(0, { type: 'function_call', id: 'fc_1', name: 'f' }),
    added(0, { type: 'function_call', id: 'fc_1', call_id: 'a' }),
    { type: 'response.output_text.delta', delta: {} },
    { type: 'response.completed', response: null },
  ])('a malformed event is a protocol error: %j', (event) => {
    expect(decode(event).error).toMatchObject({ name: 'ChatError', code: 'protocol' })
  })
  it('no change to the events of a stream makes it do anything else', () => {
    expectHardy(protocol, answer)
  })
})
