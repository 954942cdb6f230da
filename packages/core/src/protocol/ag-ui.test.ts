import { EventSchemas } from '@ag-ui/core/schemas'
import { describe, expect, it } from 'vitest'
import type { ChatError } from '../errors.ts'
import { agUi } from './ag-ui.ts'
import type { Chunk } from './chunk.ts'
import { decodeAll, FINISHED, STARTED } from './test-kit.ts'

/** One valid event of every type, in an order that `strict` accepts. */
const everyType: Chunk[] = [
  { ...STARTED, protocolVersion: '1.0', parentRunId: 'run-0', input: { threadId: 'thread-1', runId: 'run-1', messages: [] } } as Chunk,
  { type: 'STEP_STARTED', stepName: 's' },
  { type: 'REASONING_START', messageId: 'r' },
  { type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' },
  { type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'hm' },
  { type: 'REASONING_MESSAGE_END', messageId: 'r' },
  { type: 'REASONING_END', messageId: 'r' },
  { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'r', encryptedValue: 'x' },
  { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant', name: 'Bot' },
  { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: '' },
  { type: 'TEXT_MESSAGE_END', messageId: 'm', metadata: { a: null } },
  { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'weather', parentMessageId: 'm' },
  { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '{}' },
  { type: 'TOOL_CALL_END', toolCallId: 'c' },
  { type: 'TOOL_CALL_RESULT', messageId: 'c-result', toolCallId: 'c', content: [{ type: 'text', text: 'sun' }] },
  { type: 'STATE_SNAPSHOT', snapshot: null },
  { type: 'STATE_DELTA', delta: [{ op: 'add', path: '/a', value: 1 }] },
  { type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'u', role: 'user', content: 'hi' }] },
  { type: 'ACTIVITY_SNAPSHOT', messageId: 'a', activityType: 'PLAN', content: {}, replace: false },
  { type: 'ACTIVITY_DELTA', messageId: 'a', activityType: 'PLAN', patch: [] },
  { type: 'RAW', event: { any: 1 }, source: 'openai' },
  { type: 'CUSTOM', name: 'x', value: 0 },
  { type: 'SUBAGENT_STARTED', subagentRunId: 'sub', name: 'researcher' },
  { type: 'SUBAGENT_FINISHED', subagentRunId: 'sub', outcome: { type: 'success' } },
  { type: 'SUBAGENT_STARTED', subagentRunId: 'sub-2', name: 'writer' },
  { type: 'SUBAGENT_ERROR', subagentRunId: 'sub-2', message: 'no' },
  { type: 'STEP_FINISHED', stepName: 's' },
  { ...FINISHED, usage: [{ inputTokens: 1, outputTokens: 2 }], outcome: { type: 'success' } } as Chunk,
]
const chunkTypes: Chunk[] = [
  { type: 'TEXT_MESSAGE_CHUNK', messageId: 'k', delta: 'a' },
  { type: 'TOOL_CALL_CHUNK', toolCallId: 'k', toolCallName: 't', delta: '{}' },
  { type: 'REASONING_MESSAGE_CHUNK', messageId: 'k', delta: 'b' },
]
const failed: Chunk[] = [{ type: 'RUN_ERROR', message: 'boom', code: 'E' }]

describe('agUi', () => {
  it.each(['tolerant', 'strict'] as const)('%s passes every event through by identity', (profile) => {
    for (const event of [...everyType, ...chunkTypes, ...failed]) expect(() => EventSchemas.parse(event)).not.toThrow()
    const { chunks, warnings, error } = decodeAll(everyType, { profile })
    expect(error).toBeUndefined()
    expect(warnings).toEqual([])
    expect(chunks).toHaveLength(everyType.length)
    chunks.forEach((chunk, index) => expect(chunk).toBe(everyType[index]))
  })

  describe.each(['tolerant', 'strict'] as const)('in profile %s', (profile) => {
    it('a malformed known event is a protocol error with what was seen', () => {
      const malformed: unknown[] = [
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 7, delta: 'x' },
        { type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'tool' },
        { type: 'TOOL_CALL_START', toolCallId: 'c' },
        { type: 'TOOL_CALL_RESULT', messageId: 'm', toolCallId: 'c', content: 7 },
        { type: 'STATE_DELTA', delta: {} },
        { type: 'STATE_SNAPSHOT' },
        { type: 'MESSAGES_SNAPSHOT', messages: [{ role: 'user' }] },
        { type: 'CUSTOM' },
        { type: 'RUN_ERROR' },
        { type: 'RUN_FINISHED', threadId: 't', runId: 'r', outcome: { type: 'interrupt', interrupts: [] } },
        { type: 'SUBAGENT_STARTED', name: 'x' },
      ]
      for (const value of malformed) {
        const { error } = decodeAll([STARTED, value], { profile })
        expect(error, JSON.stringify(value)).toMatchObject({ code: 'protocol' })
        expect((error as ChatError).message).toContain(JSON.stringify(value))
      }
    })
    it.each([null, 7, 'text', [], {}, { type: 1 }])('%j is not a chunk', (value) => {
      expect(decodeAll([STARTED, value], { profile }).error).toMatchObject({ code: 'protocol' })
    })
    it('an unknown type is skipped with one warning for each type', () => {
      const { chunks, warnings } = decodeAll([STARTED, { type: 'A' }, { type: 'A' }, { type: '__proto__' }, FINISHED], { profile })
      expect(chunks).toEqual([STARTED, FINISHED])
      expect(warnings.map(({ code }) => code)).toEqual(['unknown_chunk', 'unknown_chunk'])
    })
    it('legacy THINKING events become REASONING events', () => {
      const legacy = [
        { type: 'THINKING_START', title: 'Hm' },
        { type: 'THINKING_TEXT_MESSAGE_START' },
        { type: 'THINKING_TEXT_MESSAGE_CONTENT', delta: 'a' },
        { type: 'THINKING_TEXT_MESSAGE_END' },
        { type: 'THINKING_TEXT_MESSAGE_START' },
        { type: 'THINKING_TEXT_MESSAGE_CONTENT', delta: 'b' },
        { type: 'THINKING_TEXT_MESSAGE_END' },
        { type: 'THINKING_END' },
      ]
      const { chunks, warnings, error } = decodeAll([STARTED, ...legacy, FINISHED], { profile })
      expect(error).toBeUndefined()
      expect(warnings).toEqual([])
      expect(chunks.slice(1, -1)).toMatchObject([
        { type: 'REASONING_START', messageId: 'run-1-thinking-1' },
        { type: 'REASONING_MESSAGE_START', messageId: 'run-1-thought-1', role: 'reasoning' },
        { type: 'REASONING_MESSAGE_CONTENT', messageId: 'run-1-thought-1', delta: 'a' },
        { type: 'REASONING_MESSAGE_END', messageId: 'run-1-thought-1' },
        { type: 'REASONING_MESSAGE_START', messageId: 'run-1-thought-2' },
        { type: 'REASONING_MESSAGE_CONTENT', messageId: 'run-1-thought-2', delta: 'b' },
        { type: 'REASONING_MESSAGE_END', messageId: 'run-1-thought-2' },
        { type: 'REASONING_END', messageId: 'run-1-thinking-1' },
      ])
    })
  })

  it('tolerant fills in missing ids of RUN_STARTED and RUN_FINISHED, strict does not', () => {
    const values = [{ type: 'RUN_STARTED' }, { type: 'RUN_FINISHED', runId: null }]
    expect(decodeAll(values).chunks).toEqual([STARTED, FINISHED])
    expect(decodeAll(values, { profile: 'strict' }).error).toMatchObject({ code: 'protocol' })
  })
  it.each<Chunk>([
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'x' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 'm', delta: 'x' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'm', delta: 'x' },
  ])('the optional fields of a delta are looked at, too: $type', (delta) => {
    for (const wrong of [{ metadata: 'x' }, { subagentRunId: 1 }])
      expect(decodeAll([STARTED, { ...delta, ...wrong }]).error).toMatchObject({
        code: 'protocol',
        message: expect.stringContaining(Object.keys(wrong)[0]!),
      })
  })
  it('tolerant takes null for an absent optional field, strict does not', () => {
    const call = { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 't', parentMessageId: null, metadata: null }
    expect(decodeAll([STARTED, call]).chunks[1]).toEqual({ type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 't' })
    expect(decodeAll([STARTED, call], { profile: 'strict' }).error).toMatchObject({ code: 'protocol' })
  })
  it('tolerant takes the field names of the first TanStack AI AG-UI servers', () => {
    const { chunks, error } = decodeAll([
      STARTED,
      { type: 'TOOL_CALL_START', toolCallId: 'c', toolName: 'weather' },
      { type: 'TOOL_CALL_END', toolCallId: 'c' },
      { type: 'RUN_ERROR', error: { message: 'boom', code: 429 } },
    ])
    expect(error).toBeUndefined()
    expect(chunks).toMatchObject([{}, { toolCallName: 'weather' }, {}, { message: 'boom', code: '429' }])
  })

  it.each([
    [{ metadata: { finishReason: 'length' } }, 'length'],
    [{ finishReason: 'tool_calls' }, 'tool_calls'],
    [{ metadata: { tanstack: { finishReason: 'content_filter' }, other: 1 } }, 'content_filter'],
    [{ finishReason: 'tool-calls' }, 'tool_calls'],
    [{ finishReason: 'end_turn' }, 'stop'],
    [{ finishReason: '__proto__' }, 'other'],
    [{ finishReason: null }, undefined],
    [{}, undefined],
  ])('%j means finish reason %j', (more, finishReason) => {
    const { chunks } = decodeAll([STARTED, { ...FINISHED, ...more }])
    const finished = chunks[1] as Extract<Chunk, { type: 'RUN_FINISHED' }>
    expect(finished.metadata?.finishReason).toBe(finishReason)
    expect(finished.metadata).toMatchObject(
      (more as { metadata?: object }).metadata === undefined || finishReason === undefined
        ? (finished.metadata ?? {})
        : { ...(more as { metadata: object }).metadata },
    )
  })
  it('usage of TanStack AI becomes AG-UI usage, on RUN_FINISHED and RUN_ERROR', () => {
    const usage = {
      promptTokens: 3,
      completionTokens: 4,
      totalTokens: 7,
      promptTokensDetails: { cachedTokens: 1 },
      completionTokensDetails: { reasoningTokens: 2 },
    }
    const expected = { usage: [{ model: 'm', inputTokens: 3, outputTokens: 4, totalTokens: 7, cachedInputTokens: 1, reasoningTokens: 2 }] }
    expect(decodeAll([STARTED, { ...FINISHED, usage, model: 'm' }]).chunks[1]).toMatchObject(expected)
    expect(decodeAll([STARTED, { type: 'RUN_ERROR', message: 'x', usage, model: 'm' }]).chunks[1]).toMatchObject(expected)
  })

  it('a failed tool of a TanStack AI server has its reason in metadata.error', () => {
    const result = {
      type: 'TOOL_CALL_RESULT',
      messageId: 'm',
      toolCallId: 'c',
      content: '{"error":"no net"}',
      metadata: { tanstack: { state: 'output-error' } },
    }
    expect(decodeAll([STARTED, result]).chunks[1]).toMatchObject({ metadata: { error: 'no net', tanstack: { state: 'output-error' } } })
    expect(decodeAll([STARTED, { ...result, content: 'no net' }]).chunks[1]).toMatchObject({ metadata: { error: 'no net' } })
  })

  it('a request always carries state, tools, context and forwardedProps', () => {
    const input = { threadId: 't', runId: 'r', messages: [] } as never
    expect(agUi().encodeRequest({ input, messages: [] })).toEqual({
      threadId: 't',
      runId: 'r',
      messages: [],
      state: {},
      tools: [],
      context: [],
      forwardedProps: {},
    })
  })
})
