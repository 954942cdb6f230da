import { describe, expect, it } from 'vitest'
import type { Chunk } from './chunk.ts'
import { decodeAll, FINISHED, STARTED } from './test-kit.ts'

const text = (delta?: string, more: object = {}) => ({ type: 'TEXT_MESSAGE_CHUNK', ...(delta === undefined ? {} : { delta }), ...more })
const tool = (delta?: string, more: object = {}) => ({ type: 'TOOL_CALL_CHUNK', ...(delta === undefined ? {} : { delta }), ...more })
/** `START m`, `CONTENT m a` and so on: the run without its prefix words. */
const short = (chunks: Chunk[]) =>
  chunks.map((chunk) => {
    const { type, messageId, toolCallId, delta, subagentRunId } = chunk as unknown as Record<string, string | undefined>
    return [type?.replace('TEXT_MESSAGE_', '').replace('TOOL_CALL_', 'CALL_'), messageId ?? toolCallId, delta, subagentRunId && `@${subagentRunId}`]
      .filter(Boolean)
      .join(' ')
  })

describe.each(['tolerant', 'strict'] as const)('*_CHUNK events in profile %s', (profile) => {
  const expand = (...values: unknown[]) => {
    const decoding = decodeAll([STARTED, ...values, FINISHED], { profile })
    expect(decoding.error).toBeUndefined()
    expect(decoding.warnings).toEqual([])
    return short(decoding.chunks.slice(1, -1))
  }
  it('become START, CONTENT and END; a continuation needs no id', () => {
    expect(expand(text('a', { messageId: 'm', role: 'user' }), text('b'), text('c', { messageId: 'm', role: 'user' }))).toEqual([
      'START m',
      'CONTENT m a',
      'CONTENT m b',
      'CONTENT m c',
      'END m',
    ])
  })
  it('of a tool call become START, ARGS and END', () => {
    expect(expand(tool('{', { toolCallId: 'c', toolCallName: 't' }), tool('}'))).toEqual([
      'CALL_START c',
      'CALL_ARGS c {',
      'CALL_ARGS c }',
      'CALL_END c',
    ])
  })
  it('of reasoning become REASONING_MESSAGE events', () => {
    const chunk = { type: 'REASONING_MESSAGE_CHUNK', messageId: 'r', delta: 'hm' }
    expect(expand(chunk)).toEqual(['REASONING_MESSAGE_START r', 'REASONING_MESSAGE_CONTENT r hm', 'REASONING_MESSAGE_END r'])
  })
  it('close at another id, and at another kind', () => {
    expect(expand(text('a', { messageId: 'm' }), text('b', { messageId: 'n' }), tool('{}', { toolCallId: 'c', toolCallName: 't' }))).toEqual([
      'START m',
      'CONTENT m a',
      'END m',
      'START n',
      'CONTENT n b',
      'END n',
      'CALL_START c',
      'CALL_ARGS c {}',
      'CALL_END c',
    ])
  })
  it.each([
    { type: 'CUSTOM', name: 'n', value: 1 },
    { type: 'STATE_SNAPSHOT', snapshot: 1 },
    { type: 'STEP_STARTED', stepName: 's' },
    { type: 'MESSAGES_SNAPSHOT', messages: [] },
  ])('close at $type', (event) => {
    const after = event.type === 'STEP_STARTED' ? [{ type: 'STEP_FINISHED', stepName: 's' }] : []
    expect(expand(text('a', { messageId: 'm' }), event, ...after).slice(0, 4)).toEqual(['START m', 'CONTENT m a', 'END m', event.type])
  })
  it.each([
    { type: 'RAW', event: 1 },
    { type: 'ACTIVITY_SNAPSHOT', messageId: 'a', activityType: 'P', content: {} },
    { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'm', encryptedValue: 'x' },
  ])('stay open at $type', (event) => {
    expect(expand(text('a', { messageId: 'm' }), event, text('b')).at(-2)).toBe('CONTENT m b')
  })
  it('have one lane for each subagent', () => {
    const sub = { subagentRunId: 's' }
    expect(
      expand(
        text('a', { messageId: 'm' }),
        text('x', { messageId: 'n', ...sub }),
        text('b'),
        text('y', sub),
        { type: 'CUSTOM', name: 'n', value: 1, ...sub },
        text('c'),
      ),
    ).toEqual([
      'START m',
      'CONTENT m a',
      'START n @s',
      'CONTENT n x @s',
      'CONTENT m b',
      'CONTENT n y @s',
      'END n @s',
      'CUSTOM @s',
      'CONTENT m c',
      'END m',
    ])
  })
  it('may carry only metadata', () => {
    const { chunks } = decodeAll([STARTED, text('a', { messageId: 'm' }), text(undefined, { metadata: { k: 1 } }), text(), FINISHED], { profile })
    expect(chunks[3]).toEqual({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: '', metadata: { k: 1 } })
    expect(chunks).toHaveLength(6)
  })
  it('are not completed by RUN_ERROR', () => {
    const { types } = decodeAll([STARTED, tool('{', { toolCallId: 'c', toolCallName: 't' }), { type: 'RUN_ERROR', message: 'x' }], { profile })
    expect(types).toEqual(['RUN_STARTED', 'TOOL_CALL_START', 'TOOL_CALL_ARGS', 'RUN_ERROR'])
  })
})

describe('*_CHUNK events that break the rules', () => {
  const cases: [string, unknown[], string[]][] = [
    ['a first text chunk without id', [text('a')], ['START run-1-message-1', 'CONTENT run-1-message-1 a', 'END run-1-message-1']],
    ['a first tool chunk without name', [tool('{}', { toolCallId: 'c' })], []],
    [
      'a contradicting name',
      [tool('{', { toolCallId: 'c', toolCallName: 't' }), tool('}', { toolCallName: 'u' })],
      ['CALL_START c', 'CALL_ARGS c {', 'CALL_ARGS c }', 'CALL_END c'],
    ],
  ]
  it.each(cases)('are one warning in tolerant: %s', (_, values, expected) => {
    const { chunks, warnings } = decodeAll([STARTED, ...values, FINISHED])
    expect(short(chunks.slice(1, -1))).toEqual(expected)
    expect(warnings.map(({ code }) => code)).toEqual(['orphan'])
  })
  it.each(cases)('are an error in strict: %s', (_, values) => {
    expect(decodeAll([STARTED, ...values], { profile: 'strict' }).error).toMatchObject({ code: 'protocol' })
  })
  it('stay open when a response is cut, and are completed when an iterable just ends', () => {
    const values = [tool('{}', { toolCallId: 'c', toolCallName: 't' })]
    expect(short(decodeAll([STARTED, ...values]).chunks)).not.toContain('CALL_END c')
    expect(short(decodeAll(values, { source: 'in-process' }).chunks)).toEqual(['CALL_START c', 'CALL_ARGS c {}', 'CALL_END c'])
  })
})
