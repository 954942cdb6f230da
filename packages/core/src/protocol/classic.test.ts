import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChatError, isChatError } from '../errors.ts'
import { mutated } from './model-test-kit.ts'
import { decodeAll, FINISHED, STARTED } from './test-kit.ts'

const base = { model: 'm-1', timestamp: 1 }
const content = (delta: string, id = 'a1') => ({ ...base, type: 'content', id, delta, content: 'ignored' })
const toolCall = (args: string, more: { id?: string; name?: string; index?: number } = {}) => ({
  ...base,
  type: 'tool_call',
  id: 'a1',
  index: more.index ?? 0,
  toolCall: { id: more.id ?? 'c1', type: 'function', function: { name: more.name ?? 'weather', arguments: args } },
})
const done = (finishReason: string | null = 'stop') => ({
  ...base,
  type: 'done',
  id: 'a1',
  finishReason,
  usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 },
})

function chunksOf(...values: unknown[]) {
  const { chunks, warnings, error } = decodeAll(values)
  expect(error).toBeUndefined()
  expect(warnings).toEqual([])
  return chunks
}
const usage = [{ model: 'm-1', inputTokens: 1, outputTokens: 2, totalTokens: 3 }]

describe('classic TanStack AI chunks', () => {
  it('text becomes one message of one run', () => {
    expect(chunksOf(content('Hel'), content('lo'), done())).toEqual([
      STARTED,
      { type: 'TEXT_MESSAGE_START', messageId: 'a1' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a1', delta: 'Hel' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a1', delta: 'lo' },
      { type: 'TEXT_MESSAGE_END', messageId: 'a1' },
      { ...FINISHED, usage, metadata: { finishReason: 'stop' } },
    ])
  })
  it('without delta, the text is what the cumulative content adds', () => {
    const cumulative = ['H', 'He', 'He', 'Hey'].map((text) => ({ type: 'content', id: 'a', content: text }))
    const deltas = chunksOf(...cumulative, done()).flatMap((chunk) => (chunk.type === 'TEXT_MESSAGE_CONTENT' ? [chunk.delta] : []))
    expect(deltas).toEqual(['H', 'e', 'y'])
  })
  it('thinking becomes a reasoning message of its own, closed when the answer begins', () => {
    expect(
      chunksOf({ type: 'thinking', id: 'a1', content: 'h' }, { type: 'thinking', id: 'a1', delta: 'm', content: 'hm' }, content('x'), done()).slice(
        1,
        -1,
      ),
    ).toEqual([
      { type: 'REASONING_MESSAGE_START', messageId: 'a1-thinking', role: 'reasoning' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'a1-thinking', delta: 'h' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'a1-thinking', delta: 'm' },
      { type: 'REASONING_MESSAGE_END', messageId: 'a1-thinking' },
      { type: 'TEXT_MESSAGE_START', messageId: 'a1' },
      { type: 'TEXT_MESSAGE_CONTENT', messageId: 'a1', delta: 'x' },
      { type: 'TEXT_MESSAGE_END', messageId: 'a1' },
    ])
  })
  it('an agent loop: incremental arguments, the result between two steps, each step a run', () => {
    const chunks = chunksOf(
      content('Let me see.'),
      toolCall('{"ci'),
      toolCall('ty":"Rome"}', { id: '', name: '' }),
      done('tool_calls'),
      { ...base, type: 'tool_result', id: 'x', toolCallId: 'c1', content: '{"sun":true}' },
      content('Sunny.', 'a2'),
      done(),
    )
    expect(chunks).toMatchObject([
      STARTED,
      { type: 'TEXT_MESSAGE_START', messageId: 'a1' },
      { type: 'TEXT_MESSAGE_CONTENT' },
      { type: 'TEXT_MESSAGE_END' },
      { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'weather', parentMessageId: 'a1' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"ci' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: 'ty":"Rome"}' },
      { type: 'TOOL_CALL_END', toolCallId: 'c1' },
      { type: 'RUN_FINISHED', metadata: { finishReason: 'tool_calls' } },
      { type: 'TOOL_CALL_RESULT', toolCallId: 'c1', content: '{"sun":true}' },
      STARTED,
      { type: 'TEXT_MESSAGE_START', messageId: 'a2' },
      { type: 'TEXT_MESSAGE_CONTENT', delta: 'Sunny.' },
      { type: 'TEXT_MESSAGE_END' },
      { type: 'RUN_FINISHED', metadata: { finishReason: 'stop' } },
    ])
  })
  it('parallel calls are told apart by index, and arguments before a name are kept', () => {
    const chunks = chunksOf(
      toolCall('{"a"', { id: 'c1', index: 0, name: '' }),
      toolCall(':1}', { id: 'c1', index: 0 }),
      toolCall('{', { id: 'c2', index: 1 }),
      toolCall('}', { id: '', index: 1, name: '' }),
      done('tool_calls'),
    )
    const args = chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_ARGS' ? [`${chunk.toolCallId} ${chunk.delta}`] : []))
    expect(args).toEqual(['c1 {"a":1}', 'c2 {', 'c2 }'])
    expect(chunks.filter((chunk) => chunk.type === 'TOOL_CALL_END')).toHaveLength(2)
  })
  it('client tools and approvals are the CUSTOM chunks of today, after the run', () => {
    const call = { toolCallId: 'c1', toolName: 'weather', input: { city: 'Rome' } }
    const approval = { id: 'ap1', needsApproval: true }
    const chunks = chunksOf(
      toolCall('{"city":"Rome"}'),
      done('tool_calls'),
      { type: 'tool-input-available', ...call },
      { type: 'approval-requested', ...call, approval },
    )
    expect(chunks.slice(-3)).toMatchObject([
      { type: 'RUN_FINISHED' },
      { type: 'CUSTOM', name: 'tool-input-available', value: call },
      { type: 'CUSTOM', name: 'approval-requested', value: { ...call, approval } },
    ])
  })
  it('an announcement completes the call it is about', () => {
    const chunks = chunksOf(toolCall('{}'), { type: 'tool-input-available', toolCallId: 'c1', toolName: 'weather', input: {} }, done('tool_calls'))
    expect(chunks.map(({ type }) => type)).toEqual(['RUN_STARTED', 'TOOL_CALL_START', 'TOOL_CALL_ARGS', 'TOOL_CALL_END', 'CUSTOM', 'RUN_FINISHED'])
  })
  it('a message id that comes again in a later step is another message', () => {
    const ids = chunksOf(content('a', 'x'), done('tool_calls'), content('b', 'x'), done()).flatMap((chunk) =>
      chunk.type === 'TEXT_MESSAGE_START' ? [chunk.messageId] : [],
    )
    expect(ids).toEqual(['x', 'x-1'])
  })
  it('an error is RUN_ERROR with message and code', () => {
    expect(chunksOf(content('x'), { type: 'error', error: { message: 'Too long', code: 400 } }).at(-1)).toEqual({
      type: 'RUN_ERROR',
      message: 'Too long',
      code: '400',
    })
  })
  it('a finish reason of null is none', () => {
    expect(chunksOf(done(null)).at(-1)).not.toHaveProperty('metadata')
  })
  it('a cut leaves the run open', () => {
    expect(chunksOf(content('x')).map(({ type }) => type)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT'])
  })
  it('an iterable that just ends completes its message, with no RUN_STARTED made', () => {
    expect(decodeAll([content('x')], { source: 'in-process' }).types).toEqual(['TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END'])
  })
  it('both vocabularies may come on one stream', () => {
    expect(chunksOf(STARTED, content('x'), { type: 'CUSTOM', name: 'n', value: 1 }, done()).map(({ type }) => type)).toEqual([
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'CUSTOM',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ])
  })
  it.each([{ type: 'content', id: 'a' }, { type: 'tool_call', id: 'a' }, { type: 'tool_result', content: 'x' }, toolCall('', { id: '', index: 9 })])(
    'a malformed chunk is a protocol error with what was seen: %j',
    (value) => {
      const { error } = decodeAll([value])
      expect(error).toMatchObject({ code: 'protocol' })
      expect((error as ChatError).message).toContain(JSON.stringify(value))
    },
  )
  it('30: ids like __proto__ are plain data', () => {
    const chunks = chunksOf(content('x', '__proto__'), toolCall('{}', { id: 'constructor' }), done())
    expect(chunks[1]).toEqual({ type: 'TEXT_MESSAGE_START', messageId: '__proto__' })
    expect(chunks.at(-2)).toEqual({ type: 'TOOL_CALL_END', toolCallId: 'constructor' })
  })
  it('whatever happens to them, what comes out is in order, and nothing is thrown but a ChatError', () => {
    const stream = [
      { type: 'thinking', id: 'a1', delta: 'hm', content: 'hm' },
      content('Let me '),
      content('look'),
      toolCall('{"city":'),
      toolCall('"Oslo"}'),
      toolCall('{}', { id: 'c2', name: 'clock', index: 1 }),
      { type: 'tool_result', toolCallId: 'c1', content: '4 °C' },
      content('Cold', 'a2'),
      done(),
    ]
    expect(decodeAll(stream)).toMatchObject({ warnings: [] })
    fc.assert(
      fc.property(mutated(stream), (values) => {
        const { chunks, error } = decodeAll(values)
        expect(error === undefined || (isChatError(error) && error.code === 'protocol')).toBe(true)
        const again = decodeAll(chunks)
        expect([again.chunks.slice(0, chunks.length), again.warnings, again.error]).toEqual([chunks, [], undefined])
      }),
      { numRuns: 600 },
    )
  })
  it('strict does not know them', () => {
    const { chunks, warnings } = decodeAll([STARTED, content('x'), FINISHED], { profile: 'strict' })
    expect(chunks).toEqual([STARTED, FINISHED])
    expect(warnings).toMatchObject([{ code: 'unknown_chunk' }])
  })
})
