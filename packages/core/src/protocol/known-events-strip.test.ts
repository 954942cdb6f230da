import { describe, expect, it } from 'vitest'
import { decodeAll, FINISHED, STARTED } from './test-kit.ts'

const text = { type: 'text', text: 'x' }
const stripped: [what: string, event: object, left: object | undefined, path: string][] = [
  ['an outcome', { ...FINISHED, outcome: { type: 'paused' } }, FINISHED, 'outcome'],
  [
    'an outcome of a subagent',
    { type: 'SUBAGENT_FINISHED', subagentRunId: 's', outcome: { type: 'asleep' } },
    { type: 'SUBAGENT_FINISHED', subagentRunId: 's' },
    'outcome',
  ],
  [
    'a part of a result',
    { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: [{ type: 'smell' }, text] },
    { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: [text] },
    'content/0',
  ],
  [
    'a part from an unknown place',
    { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: [text, { type: 'image', source: { type: 'ipfs' } }] },
    { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: [text] },
    'content/1',
  ],
  ['an operation', { type: 'STATE_DELTA', delta: [{ op: 'bump', path: '/a' }] }, { type: 'STATE_DELTA', delta: [] }, 'delta/0'],
  [
    'an operation on an activity',
    { type: 'ACTIVITY_DELTA', messageId: 'p', activityType: 'P', patch: [{ op: 'bump', path: '/a' }] },
    { type: 'ACTIVITY_DELTA', messageId: 'p', activityType: 'P', patch: [] },
    'patch/0',
  ],
  [
    'a message, and a part of another',
    {
      type: 'MESSAGES_SNAPSHOT',
      messages: [
        { id: 'o', role: 'oracle' },
        { id: 'q', role: 'user', content: [{ type: 'smell' }, text] },
      ],
    },
    { type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'q', role: 'user', content: [text] }] },
    'messages/0',
  ],
  [
    'an event that says what it is for',
    { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'dream', entityId: 'x', encryptedValue: 'y' },
    undefined,
    'subtype dream',
  ],
]
const malformed: [what: string, event: object][] = [
  ['an outcome without a type', { ...FINISHED, outcome: {} }],
  ['an operation that is none', { type: 'STATE_DELTA', delta: [7] }],
  ['an operation without a name', { type: 'STATE_DELTA', delta: [{ path: '/a' }] }],
  ['a part without a type', { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: [{ text: 'x' }] }],
  ['a part without a source', { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: [{ type: 'image' }] }],
  ['a message without a role', { type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'q', content: '' }] }],
  ['a result without its call', { type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'q', role: 'tool', content: '' }] }],
  ['an activity without its type', { type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'q', role: 'activity', content: {} }] }],
]

describe.each(['strict', 'tolerant', 'off'] as const)('what AG-UI 1.0 does not know, in profile %s', (profile) => {
  const end = (event: object) => (event === stripped[0]![1] ? [] : [FINISHED])
  const subagent = { type: 'SUBAGENT_STARTED', subagentRunId: 's', name: 'n' }

  it.each(stripped)('goes by itself, with a warning: %s', (_, event, left, path) => {
    const before = 'subagentRunId' in event ? [STARTED, subagent] : [STARTED]
    const { chunks, warnings, error } = decodeAll([...before, event, ...end(event)], { profile })
    expect(error).toBeUndefined()
    expect(chunks).toEqual([...before, ...(left ? [left] : []), ...end(event)])
    expect(warnings[0]).toMatchObject({ code: 'unknown_chunk', message: expect.stringContaining(path) as string, seen: event })
  })
  it('is one warning, however often it comes', () => {
    const delta = { type: 'STATE_DELTA', delta: [{ op: 'bump', path: '/a' }] }
    expect(decodeAll([STARTED, delta, delta, delta, FINISHED], { profile }).warnings).toHaveLength(1)
  })
  it.each(malformed)('is not what is malformed: %s', (_, event) => {
    expect(decodeAll([STARTED, event], { profile }).error).toMatchObject({ code: 'protocol' })
  })
})

describe('a null in a message of a snapshot', () => {
  it('is as good as absent', () => {
    const snapshot = { type: 'MESSAGES_SNAPSHOT', messages: [{ id: 'm', role: 'assistant', content: null, toolCalls: null }] }
    expect(decodeAll([STARTED, snapshot, FINISHED]).error).toBeUndefined()
  })
})
