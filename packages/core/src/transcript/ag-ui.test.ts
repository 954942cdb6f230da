import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { text, toolCall } from '../../testing/index.ts'
import type { ChatWarning } from '../errors.ts'
import type { Chunk, WireMessage } from '../protocol/chunk.ts'
import { fromWireMessages } from './from-wire.ts'
import type { UIMessage } from './message.ts'
import { toWireMessages } from './to-wire.ts'
import { Transcript } from './transcript.ts'

const question: UIMessage = { id: 'Q', role: 'user', parts: [{ type: 'text', content: 'Q' }] }

function open(initial: readonly UIMessage[] = [question], initialState?: unknown) {
  let ids = 0
  const warnings: ChatWarning[] = []
  const transcript = new Transcript(
    { generateId: () => `id-${++ids}`, warn: (warning) => void warnings.push(warning) },
    { messages: initial, state: initialState },
  )
  transcript.beginRun(transcript.head(), 'reply')
  const apply = (...chunks: Chunk[]) => transcript.apply(chunks)
  const parts = () => transcript.messages().at(-1)!.parts
  return { transcript, apply, parts, warnings }
}

describe('state', () => {
  it('is what the last snapshot said, null and other falsy values included', () => {
    for (const snapshot of [{ a: 1 }, null, 0, '', false]) {
      const { transcript, apply } = open()
      apply({ type: 'STATE_SNAPSHOT', snapshot })
      expect(transcript.state()).toEqual(snapshot)
    }
  })
  it('changes by patches; what a patch does not touch keeps its identity', () => {
    const { transcript, apply } = open([question], { plan: { steps: ['a'] }, user: { name: 'Ada' } })
    const before = transcript.state() as { user: object }
    apply({
      type: 'STATE_DELTA',
      delta: [
        { op: 'add', path: '/plan/steps/-', value: 'b' },
        { op: 'test', path: '/user/name', value: 'Ada' },
      ],
    })
    expect(transcript.state()).toEqual({ plan: { steps: ['a', 'b'] }, user: { name: 'Ada' } })
    expect((transcript.state() as { user: object }).user).toBe(before.user)
  })
  it('stays as it is, with a warning, when one operation of a patch does not fit', () => {
    const { transcript, apply, warnings } = open([question], { n: 1 })
    const before = transcript.state()
    apply({
      type: 'STATE_DELTA',
      delta: [
        { op: 'replace', path: '/n', value: 2 },
        { op: 'test', path: '/n', value: 3 },
      ],
    })
    apply({ type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/not/there', value: 2 }] })
    apply({ type: 'STATE_DELTA', delta: ['nonsense', null] })
    expect(transcript.state()).toBe(before)
    expect(warnings.map(({ code }) => code)).toEqual(['bad_patch', 'bad_patch', 'bad_patch'])
  })
  it('grows from nothing', () => {
    const { transcript, apply } = open()
    apply({ type: 'STATE_DELTA', delta: [{ op: 'add', path: '/n', value: 1 }] })
    expect(transcript.state()).toEqual({ n: 1 })
  })
  it('takes keys like __proto__ as data', () => {
    const { transcript, apply } = open([question], {})
    apply({ type: 'STATE_DELTA', delta: [{ op: 'add', path: '/__proto__', value: { polluted: true } }] })
    apply({ type: 'STATE_DELTA', delta: [{ op: 'add', path: '/constructor', value: 1 }] })
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(transcript.state())).toBe(Object.prototype)
  })
})

describe('activities', () => {
  const plan = (content: Record<string, unknown>, more = {}): Chunk => ({
    type: 'ACTIVITY_SNAPSHOT',
    messageId: 'p',
    activityType: 'PLAN',
    content,
    ...more,
  })
  it('are parts that are replaced in place, or left alone with replace: false', () => {
    const { apply, parts } = open()
    apply(plan({ n: 1 }), ...text('a', 'Hi'), plan({ n: 2 }), plan({ n: 3 }, { replace: false }))
    expect(parts()).toMatchObject([
      { type: 'activity', id: 'p', activityType: 'PLAN', content: { n: 2 } },
      { type: 'text', content: 'Hi' },
    ])
  })
  it('change by patches, also those of an earlier run', () => {
    const { transcript, apply, parts } = open()
    apply(plan({ steps: [] }))
    transcript.endRun('finished')
    const answer = transcript.head()
    transcript.append({ id: 'Q2', role: 'user', parts: [] })
    transcript.beginRun('Q2', 'reply')
    apply(
      { type: 'ACTIVITY_DELTA', messageId: 'p', activityType: 'PLAN', patch: [{ op: 'add', path: '/steps/-', value: 'x' }] },
      ...text('b', 'On it.'),
    )
    expect(transcript.get(answer!)?.parts).toMatchObject([{ content: { steps: ['x'] } }])
    expect(parts()).toMatchObject([{ type: 'text' }])
  })
  it('keep what they were, with a warning, when a patch does not fit or there is no such activity', () => {
    const { apply, parts, warnings } = open()
    const patch = [{ op: 'remove', path: '/nothing' }]
    apply(plan({ n: 1 }), { type: 'ACTIVITY_DELTA', messageId: 'p', activityType: 'PLAN', patch })
    apply({ type: 'ACTIVITY_DELTA', messageId: 'nobody', activityType: 'PLAN', patch: [] })
    apply({ type: 'ACTIVITY_DELTA', messageId: 'p', activityType: 'PLAN', patch: [{ op: 'replace', path: '', value: 7 }] })
    expect(parts()).toMatchObject([{ content: { n: 1 } }])
    expect(warnings).toHaveLength(3)
  })
  it('are never sent', () => {
    const { transcript, apply } = open()
    apply(plan({ n: 1 }), ...text('a', 'Hi'))
    expect(toWireMessages(transcript.messages()).map(({ role }) => role)).toEqual(['user', 'assistant'])
  })
})

describe('subagents', () => {
  it('are parts with a state, and what they say and do carries their id', () => {
    const { apply, parts } = open()
    apply(
      { type: 'SUBAGENT_STARTED', subagentRunId: 's', name: 'Searcher', description: 'Looks things up', parentToolCallId: 'c' },
      ...text('a', 'Found it.').map((chunk) => ({ ...chunk, subagentRunId: 's' }) as Chunk),
      ...toolCall('d', 'search', {}).map((chunk) => ({ ...chunk, subagentRunId: 's' }) as Chunk),
    )
    expect(parts()).toMatchObject([
      { type: 'subagent', id: 's', name: 'Searcher', state: 'running', toolCallId: 'c' },
      { type: 'text', subagentRunId: 's' },
      { type: 'tool-call', subagentRunId: 's', state: 'input-complete' },
    ])
    apply({ type: 'SUBAGENT_FINISHED', subagentRunId: 's', result: 42 })
    expect(parts()[0]).toMatchObject({ state: 'finished', result: 42 })
  })
  it('may be suspended, fail, or be cut off with their run', () => {
    const { transcript, apply, parts } = open()
    for (const id of ['a', 'b', 'c']) apply({ type: 'SUBAGENT_STARTED', subagentRunId: id, name: id })
    apply(
      { type: 'SUBAGENT_FINISHED', subagentRunId: 'a', outcome: { type: 'suspended' } },
      { type: 'SUBAGENT_ERROR', subagentRunId: 'b', message: 'No.' },
    )
    transcript.endRun('stopped')
    expect(parts()).toMatchObject([{ state: 'suspended' }, { state: 'error', error: 'No.' }, { state: 'cancelled' }])
  })
})

describe('MESSAGES_SNAPSHOT', () => {
  const snapshot = (...messages: unknown[]): Chunk => ({ type: 'MESSAGES_SNAPSHOT', messages: messages as WireMessage[] })
  const wireQ = { id: 'Q', role: 'user', content: 'Q' }

  it('is the answer of a server that sends no other', () => {
    const { transcript, apply } = open()
    apply(snapshot(wireQ, { id: 'A', role: 'assistant', content: 'Hello' }))
    expect(transcript.messages()).toMatchObject([question, { id: 'A', role: 'assistant', parts: [{ type: 'text', content: 'Hello' }] }])
    expect(transcript.runMessage()?.id).toBe('A')
  })
  it.each(['approval-requested', 'approval-responded', 'executing'] as const)(
    'that has only the arguments of a call does not forget that it is %s',
    (state) => {
      const approval = { id: 'p', needsApproval: true, askedBy: 'server' } as const
      const part = { type: 'tool-call', id: 'c', name: 't', arguments: '{"n":1}', input: { n: 1 }, approval, state } as const
      const { transcript, apply } = open([question, { id: 'A', role: 'assistant', parts: [part] }])
      const wireCall = (args: string) => ({ id: 'c', type: 'function', function: { name: 't', arguments: args } })
      const before = transcript.messages()[1]
      apply(snapshot(wireQ, { id: 'A', role: 'assistant', toolCalls: [wireCall('{ "n": 1 }')] }))
      expect(transcript.messages()[1]).toBe(before)
      apply(snapshot(wireQ, { id: 'A', role: 'assistant', toolCalls: [wireCall('{"n":2}')] }))
      expect(transcript.messages()[1]?.parts).toMatchObject([{ state: 'input-complete', input: { n: 2 } }])
    },
  )
  it('leaves what it repeats as it is, by identity', () => {
    const { transcript, apply } = open()
    apply(
      ...text('A', 'Hello'),
      { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 't', parentMessageId: 'A' },
      { type: 'TOOL_CALL_END', toolCallId: 'c' },
    )
    const before = [...transcript.messages()]
    apply(
      snapshot(wireQ, {
        id: 'A',
        role: 'assistant',
        content: 'Hello',
        toolCalls: [{ id: 'c', type: 'function', function: { name: 't', arguments: '' } }],
      }),
    )
    expect(transcript.messages()[0]).toBe(before[0])
    expect(transcript.messages()[1]?.parts[0]).toBe(before[1]?.parts[0])
  })
  it('replaces in place, appends what is unseen and drops what is absent', () => {
    const { transcript, apply } = open([
      question,
      { id: 'A', role: 'assistant', parts: [{ type: 'text', content: 'old', messageId: 'A' }] },
      { ...question, id: 'Q2' },
    ])
    apply(snapshot(wireQ, { id: 'A', role: 'assistant', content: 'new' }, { id: 'Q3', role: 'user', content: 'another' }))
    expect(transcript.messages().map(({ id, parts }) => [id, (parts[0] as { content: string }).content])).toEqual([
      ['Q', 'Q'],
      ['A', 'new'],
      ['Q3', 'another'],
    ])
  })
  it('keeps thoughts, activities and what only a UI knows, unless it carries such', () => {
    const { transcript, apply, parts } = open()
    apply(
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 't', delta: 'Hm' },
      { type: 'ACTIVITY_SNAPSHOT', messageId: 'p', activityType: 'PLAN', content: {} },
      { type: 'CUSTOM', name: 'data-chart', value: { data: [1] } },
      ...text('a', 'old'),
      snapshot(wireQ, { id: 'a', role: 'assistant', content: 'new' }),
    )
    expect(parts().map(({ type }) => type)).toEqual(['thinking', 'activity', 'data', 'text'])
    apply(snapshot(wireQ, { id: 'r', role: 'reasoning', content: 'Aha' }, { id: 'a', role: 'assistant', content: 'new' }))
    expect(parts().map((part) => ('content' in part ? part.content : part.type))).toEqual(['Aha', {}, 'data', 'new'])
    expect(transcript.messages()).toHaveLength(2)
  })
  it('in the middle of a text goes on with it', () => {
    const { apply, parts } = open()
    apply({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'Hel' }, snapshot(wireQ, { id: 'a', role: 'assistant', content: 'Hel' }))
    apply({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'lo' })
    expect(parts()).toMatchObject([{ content: 'Hello', state: 'streaming' }])
  })
  it('that knows nothing of the answer takes it away; what follows is written anew', () => {
    const { transcript, apply } = open()
    apply(...text('a', 'gone'), snapshot(wireQ), ...text('b', 'here'))
    expect(transcript.messages().map(({ id }) => id)).toEqual(['Q', 'b'])
  })
  it('keeps the other branches when it adds to the one that is shown', () => {
    const { transcript, apply } = open()
    transcript.append({ id: 'other', role: 'assistant', parts: [] }, 'Q')
    transcript.beginRun('Q', 'reply')
    apply(snapshot(wireQ, { id: 'A', role: 'assistant', content: 'Hello' }))
    expect(transcript.branches('A').map(({ id }) => id)).toEqual(['other', 'A'])
  })
  it('takes ids like __proto__ as ids', () => {
    const { transcript, apply } = open()
    apply(snapshot({ id: '__proto__', role: 'user', content: 'x' }, { id: 'constructor', role: 'assistant', content: 'y' }))
    expect(transcript.messages().map(({ id }) => id)).toEqual(['__proto__', 'constructor'])
  })
})

describe('RUN_STARTED with an input', () => {
  const started = (messages: unknown): Chunk => ({ type: 'RUN_STARTED', threadId: 't', runId: 'r', input: { messages } })
  it('adds the questions that are not known, before the answer', () => {
    const { transcript, apply } = open()
    apply(
      started([
        { id: 'Q', role: 'user', content: 'Q' },
        { id: 'Q2', role: 'user', content: 'from another tab' },
      ]),
      ...text('a', 'Hi'),
    )
    expect(transcript.messages().map(({ id }) => id)).toEqual(['Q', 'Q2', 'a'])
  })
  it('takes nothing else from it, whatever it may be', () => {
    for (const input of [undefined, null, 7, [null, 7, { role: 'user' }, { id: 'x', role: 'tool', content: '' }, { id: 'y', role: 'user' }]]) {
      const { transcript, apply } = open()
      apply(started(input))
      expect(transcript.messages()).toEqual([expect.objectContaining({ id: 'Q' })])
    }
  })
})

describe('fromWireMessages', () => {
  const id = fc.string({ minLength: 1, maxLength: 4 })
  const said = fc.record({
    content: fc.option(fc.string(), { nil: undefined }),
    calls: fc.array(fc.string(), { maxLength: 2 }),
    thought: fc.boolean(),
  })
  /** A conversation as a server would store it: unique ids, every call answered right after the message that made it. */
  const conversation = fc.array(fc.oneof(fc.string(), said), { maxLength: 8 }).map((turns): WireMessage[] => {
    let n = 0
    return turns.flatMap((turn): WireMessage[] => {
      const messageId = `m${++n}`
      if (typeof turn === 'string') return [{ id: messageId, role: 'user', content: turn }]
      const toolCalls = turn.calls.map((args, i) => ({
        id: `${messageId}-${i}`,
        type: 'function' as const,
        function: { name: 't', arguments: JSON.stringify(args) },
      }))
      if (turn.content === undefined && toolCalls.length === 0) return []
      return [
        ...(turn.thought ? [{ id: `${messageId}-r`, role: 'reasoning' as const, content: 'Hm', encryptedValue: 'sealed' }] : []),
        {
          id: messageId,
          role: 'assistant',
          ...(turn.content !== undefined && { content: turn.content }),
          ...(toolCalls.length > 0 && { toolCalls }),
          ...(turn.content !== undefined && { metadata: { k: turn.content } }),
        },
        ...toolCalls.map((call, i): WireMessage =>
          i % 2 === 0
            ? { id: `${call.id}-result`, role: 'tool', toolCallId: call.id, content: '1' }
            : { id: `${call.id}-result`, role: 'tool', toolCallId: call.id, content: 'no', error: 'no' },
        ),
      ]
    })
  })

  it('is undone by toWireMessages: nothing is lost on the way', () => {
    fc.assert(
      fc.property(conversation, (wire) => {
        expect(toWireMessages(fromWireMessages(wire))).toEqual(wire)
      }),
      { numRuns: 300 },
    )
  })
  it('makes one message of a turn, with the id of its first wire message', () => {
    const messages = fromWireMessages([
      {
        id: 'u',
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image', source: { type: 'url', value: 'https://a.b/c.png' } },
        ],
      },
      { id: 'r', role: 'reasoning', content: 'Hm' },
      { id: 'a', role: 'assistant', content: 'Wait', toolCalls: [{ id: 'c', type: 'function', function: { name: 't', arguments: '{"n":1}' } }] },
      { id: 'c-result', role: 'tool', toolCallId: 'c', content: '{"ok":true}' },
      { id: 'p', role: 'activity', activityType: 'PLAN', content: { n: 1 } },
      { id: 'b', role: 'assistant', content: 'Done' },
    ])
    expect(messages.map(({ id: of, role, parts }) => [of, role, parts.map(({ type }) => type)])).toEqual([
      ['u', 'user', ['text', 'image']],
      ['r', 'assistant', ['thinking', 'text', 'tool-call', 'tool-result', 'activity', 'text']],
    ])
    expect(messages[1]?.parts[2]).toMatchObject({ state: 'complete', input: { n: 1 }, output: { ok: true } })
  })
  it('takes any ids', () => {
    fc.assert(
      fc.property(id, (each) => {
        expect(fromWireMessages([{ id: each, role: 'user', content: '' }])[0]?.id).toBe(each)
      }),
    )
  })
})
