import { describe, expect, it } from 'vitest'
import type { Chunk } from './chunk.ts'
import { decodeAll, FINISHED, STARTED } from './test-kit.ts'

const by = (owner: string) => ({ subagentRunId: owner })
const start = (more = {}): Chunk => ({ type: 'TEXT_MESSAGE_START', messageId: 'm', ...more })
const delta = (more = {}): Chunk => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'x', ...more })
const end = (more = {}): Chunk => ({ type: 'TEXT_MESSAGE_END', messageId: 'm', ...more })
const call = (more = {}): Chunk => ({ type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 't', ...more })
const callEnd = (more = {}): Chunk => ({ type: 'TOOL_CALL_END', toolCallId: 'c', ...more })
const plan = (more = {}): Chunk => ({ type: 'ACTIVITY_SNAPSHOT', messageId: 'p', activityType: 'PLAN', content: {}, ...more })
const change = (more = {}): Chunk => ({ type: 'ACTIVITY_DELTA', messageId: 'p', activityType: 'PLAN', patch: [], ...more })
const messagesAre = (...messages: unknown[]): Chunk => ({ type: 'MESSAGES_SNAPSHOT', messages: messages as never })
const answer = (more = {}) => ({ id: 'm', role: 'assistant', content: 'x', ...more })
const inner = (...chunks: Chunk[]) => [STARTED, ...chunks, FINISHED]

const contradictions: [what: string, chunks: Chunk[], whose: string][] = [
  ['a delta', inner(start(by('s')), delta(by('u')), end()), 'message m'],
  ['a delta of a message of the run itself', inner(start(), delta(by('u')), end()), 'message m'],
  ['an end', inner(start(by('s')), end(by('u'))), 'message m'],
  ['a message opened again', inner(start(by('s')), end(), start(by('u')), end()), 'message m'],
  ['a call', inner(call(by('s')), { type: 'TOOL_CALL_ARGS', toolCallId: 'c', delta: '', ...by('u') }, callEnd()), 'tool call c'],
  ['a call and its message', inner(start(by('s')), end(), call({ parentMessageId: 'm', ...by('u') }), callEnd()), 'tool call c'],
  ['a call that inherited its owner', inner(start(by('s')), end(), call({ parentMessageId: 'm' }), callEnd(by('u'))), 'tool call c'],
  ['a span', inner({ type: 'REASONING_START', messageId: 'r', ...by('s') }, { type: 'REASONING_END', messageId: 'r', ...by('u') }), 'reasoning r'],
  ['an activity', inner(plan(by('s')), change(by('u'))), 'activity p'],
  ['a snapshot that keeps the activity', inner(plan(by('s')), plan({ replace: false, ...by('u') }), change(by('u'))), 'activity p'],
  ['what a snapshot settled', inner(messagesAre(answer(by('s'))), start(by('u')), end()), 'message m'],
  ['what a snapshot settled anew', inner(start(by('u')), messagesAre(answer(by('s'))), delta(by('u')), end()), 'message m'],
  [
    'a call in a snapshot',
    inner(
      messagesAre(answer({ toolCalls: [{ id: 'c', type: 'function', function: { name: 't', arguments: '' } }], ...by('s') })),
      call(by('u')),
      callEnd(),
    ),
    'tool call c',
  ],
  ['what the input said', [{ ...STARTED, input: { messages: [null, 7, answer(by('s'))] } } as Chunk, start(by('u')), end(), FINISHED], 'message m'],
]

const agreements: [what: string, chunks: Chunk[]][] = [
  ['what goes on without an owner', inner(start(by('s')), delta(), end(), call(by('s')), callEnd())],
  ['the same owner throughout', inner(start(by('s')), delta(by('s')), end(by('s')))],
  ['a call without an owner, of a message with one', inner(start(by('s')), end(), call({ parentMessageId: 'm' }), callEnd(by('s')))],
  ['an activity that is made anew', inner(plan(by('s')), plan(by('u')), change(by('u')))],
  ['another run', [...inner(start(by('s')), end()), ...inner(start(by('u')), end())]],
  [
    'a result, which is a message of its own',
    inner(call(by('s')), callEnd(), { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: '', ...by('u') }),
  ],
]

describe('whose something is', () => {
  it.each(contradictions)('is fixed, says strict: %s', (_, chunks, whose) => {
    const { error } = decodeAll(chunks, { profile: 'strict' })
    expect(error).toMatchObject({ code: 'protocol', message: expect.stringContaining(`the ${whose} is of`) as string })
  })
  it.each(contradictions)('is fixed, and tolerant warns once and goes on: %s', (_, chunks) => {
    const decoding = decodeAll(chunks)
    expect(decoding.error).toBeUndefined()
    expect(decoding.chunks).toEqual(chunks)
    expect(decoding.warnings.map(({ code }) => code)).toEqual(['out_of_order'])
  })
  it.each(agreements)('is not in question: %s', (_, chunks) => {
    for (const profile of ['strict', 'tolerant'] as const) {
      const { error, warnings } = decodeAll(chunks, { profile })
      expect([error, warnings]).toEqual([undefined, []])
    }
  })
  it('holds for a message that an orphan opened', () => {
    const { warnings } = decodeAll(inner(delta(by('s')), delta(by('u')), delta(by('v')), end()))
    expect(warnings.map(({ code }) => code)).toEqual(['orphan', 'out_of_order'])
  })
})

describe('subagents', () => {
  const subagent = (more = {}): Chunk => ({ type: 'SUBAGENT_STARTED', subagentRunId: 's', name: 'n', ...more })
  const over: Chunk = { type: 'SUBAGENT_FINISHED', subagentRunId: 's' }
  it.each([
    ['an id that ended in this run', inner(subagent(), over, subagent(), over), 'has ended'],
    ['a parent that nobody started', inner(subagent({ parentSubagentRunId: 'x' }), over), 'never started'],
  ] as [string, Chunk[], string][])('do not start with %s', (_, chunks, why) => {
    expect(decodeAll(chunks, { profile: 'strict' }).error).toMatchObject({ message: expect.stringContaining(why) as string })
    expect(decodeAll(chunks)).toMatchObject({ chunks, warnings: [{ code: 'out_of_order' }] })
  })
  it('may have a parent that has ended, and come again in another run', () => {
    const child = { subagentRunId: 'u' }
    const chunks = [
      ...inner(subagent(), over, subagent({ parentSubagentRunId: 's', ...child }), { ...over, ...child } as Chunk),
      ...inner(subagent(), over),
    ]
    expect(decodeAll(chunks, { profile: 'strict' }).error).toBeUndefined()
  })
})

describe('profile off', () => {
  it('takes everything in the order it comes, without a warning', () => {
    const chunks = [
      delta(),
      end(),
      call(),
      start(),
      start(),
      FINISHED,
      delta(by('u')),
      FINISHED,
      { type: 'RUN_ERROR', message: 'no' } as Chunk,
      end(),
    ]
    expect(decodeAll(chunks, { profile: 'off' })).toMatchObject({ chunks, warnings: [] })
  })
  it('still writes shorthand out, knows the names of old, and skips what it does not know', () => {
    const { types, warnings } = decodeAll(
      [
        STARTED,
        { type: 'TEXT_MESSAGE_CHUNK', messageId: 'm', delta: 'x' },
        { type: 'THINKING_START' },
        { type: 'NEW' },
        { type: 'content', delta: 'y' },
        FINISHED,
      ],
      { profile: 'off' },
    )
    expect(types.slice(0, 5)).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END', 'REASONING_START'])
    expect(warnings.map(({ code }) => code)).toEqual(['unknown_chunk'])
  })
  it('does not take what is malformed', () => {
    expect(decodeAll([STARTED, { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm' }], { profile: 'off' }).error).toMatchObject({ code: 'protocol' })
  })
})
