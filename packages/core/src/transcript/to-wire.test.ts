import { RunAgentInputSchema } from '@ag-ui/core/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasoning, run, text, toolCall, toolResult } from '../../testing/index.ts'
import type { Chunk, WireMessage } from '../protocol/chunk.ts'
import type { MessagePart, ToolCallPart, UIMessage } from './message.ts'
import { toWireMessages } from './to-wire.ts'
import { Transcript } from './transcript.ts'

const assistant = (...parts: MessagePart[]): UIMessage => ({ id: 'a', role: 'assistant', parts })
const user = (...parts: MessagePart[]): UIMessage => ({ id: 'u', role: 'user', parts })
const call = (state: Partial<ToolCallPart> & { state: ToolCallPart['state'] }): ToolCallPart =>
  ({ type: 'tool-call', id: 'c', name: 'ask', arguments: '{"n":1}', input: { n: 1 }, ...state }) as ToolCallPart
const image = { type: 'image', source: { type: 'url', value: 'https://example.org/cat.png' } } as const

/** What the run leaves behind, on the wire. */
function wireAfter(chunks: readonly Chunk[], ending: 'finished' | 'stopped' = 'finished'): WireMessage[] {
  let ids = 0
  const transcript = new Transcript({ generateId: () => `id-${++ids}` })
  transcript.append({ id: 'u', role: 'user', parts: [{ type: 'text', content: 'Q' }] })
  transcript.beginRun('u', 'reply')
  transcript.apply(chunks)
  transcript.endRun(ending)
  return toWireMessages(transcript.messages())
}
const calls = (wire: readonly WireMessage[]) => wire.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
const results = (wire: readonly WireMessage[]) => wire.flatMap((message) => (message.role === 'tool' ? [message] : []))

describe('a message of the user', () => {
  it('is text when it is only text, else content parts; data stays here', () => {
    expect(toWireMessages([user({ type: 'text', content: 'a' }, { type: 'text', content: 'b' })])).toEqual([{ id: 'u', role: 'user', content: 'ab' }])
    expect(toWireMessages([user({ type: 'text', content: 'a' }, image, { type: 'data', name: 'x', data: 1 })])).toEqual([
      {
        id: 'u',
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', source: image.source },
        ],
      },
    ])
  })
  it('keeps name and metadata', () => {
    expect(toWireMessages([{ ...user({ type: 'text', content: 'a' }), name: 'Ann', metadata: { m: 1 } }])).toEqual([
      { id: 'u', role: 'user', content: 'a', name: 'Ann', metadata: { m: 1 } },
    ])
  })
  it('of the system is text', () => {
    expect(toWireMessages([{ id: 's', role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] }])).toEqual([
      { id: 's', role: 'system', content: 'Be brief.' },
    ])
  })
})

describe('an answer', () => {
  it('fans out to reasoning, assistant and tool messages with the ids they came with', () => {
    const wire = wireAfter(
      run([
        ...reasoning('r', 'hm'),
        { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'r', encryptedValue: 'sealed' },
        ...text('m1', 'Let me look.'),
        { type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'ask', parentMessageId: 'm1' },
        ...toolCall('c', 'ask', { n: 1 }).slice(1),
        toolResult('c', { ok: true }),
        ...text('m2', 'It is fine.'),
      ]),
    )
    expect(wire).toEqual([
      { id: 'u', role: 'user', content: 'Q' },
      { id: 'r', role: 'reasoning', content: 'hm', encryptedValue: 'sealed' },
      {
        id: 'm1',
        role: 'assistant',
        content: 'Let me look.',
        toolCalls: [{ id: 'c', type: 'function', function: { name: 'ask', arguments: '{"n":1}' } }],
      },
      { id: 'c-result', role: 'tool', toolCallId: 'c', content: '{"ok":true}' },
      { id: 'm2', role: 'assistant', content: 'It is fine.' },
    ])
  })
  it('of several steps keeps their order: call, result, call, result, text', () => {
    const wire = wireAfter(
      run([...toolCall('c1', 'x', {}), toolResult('c1', 1), ...toolCall('c2', 'x', {}), toolResult('c2', 2), ...text('t', 'Done')]),
    )
    expect(
      wire.map((message) =>
        message.role === 'tool'
          ? message.toolCallId
          : message.role === 'assistant'
            ? (message.toolCalls?.map(({ id }) => `call ${id}`).join() ?? message.content)
            : message.role,
      ),
    ).toEqual(['user', 'call c1', 'c1', 'call c2', 'c2', 'Done'])
    expect(new Set(wire.map(({ id }) => id)).size).toBe(wire.length)
  })
  it('with parallel calls is one message with both, then both results', () => {
    const wire = wireAfter(run([...toolCall('c1', 'x', {}), ...toolCall('c2', 'x', {}), toolResult('c2', 2), toolResult('c1', 1)]))
    expect(wire.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool'])
  })
  it('leaves sources and data here', () => {
    expect(toWireMessages([assistant({ type: 'source', id: 's' }, { type: 'data', name: 'x', data: 1 }, { type: 'text', content: 'A' })])).toEqual([
      { id: 'a', role: 'assistant', content: 'A' },
    ])
  })
})

describe('every call has a result', () => {
  it.each<[string, ToolCallPart, object]>([
    [
      'awaiting-input',
      { type: 'tool-call', id: 'c', name: 'ask', arguments: '', state: 'awaiting-input' },
      { error: expect.stringMatching(/cancelled/) },
    ],
    [
      'input-streaming',
      { type: 'tool-call', id: 'c', name: 'ask', arguments: '{"n', state: 'input-streaming' },
      { error: expect.stringMatching(/cancelled/) },
    ],
    ['input-complete', call({ state: 'input-complete' }), { error: expect.stringMatching(/cancelled/) }],
    ['executing', call({ state: 'executing' }), { error: expect.stringMatching(/cancelled/) }],
    ['approval-requested', call({ state: 'approval-requested' }), { error: expect.stringMatching(/cancelled/) }],
    ['complete', call({ state: 'complete', output: { ok: true } }), { content: '{"ok":true}' }],
    ['complete with a text', call({ state: 'complete', output: 'plain' }), { content: 'plain' }],
    ['complete with nothing', call({ state: 'complete', output: undefined }), { content: 'null' }],
    ['error', call({ state: 'error', error: 'no' }), { content: 'no', error: 'no' }],
    ['cancelled', call({ state: 'cancelled' }), { error: expect.stringMatching(/cancelled/) }],
    ['denied', call({ state: 'cancelled', error: 'Too risky.' }), { content: 'Too risky.', error: 'Too risky.' }],
  ])('%s', (_state, part, result) => {
    const wire = toWireMessages([assistant(part)])
    expect(wire).toHaveLength(2)
    expect(wire[1]).toMatchObject({ role: 'tool', toolCallId: 'c', ...result })
  })
  it('but one that is approved and that the server has yet to run', () => {
    expect(toWireMessages([assistant(call({ state: 'approval-responded' }))])).toHaveLength(1)
  })
  it('and one beside a question whose answer is on its way: the server has yet to run that, too', () => {
    const answered = { type: 'interrupt', id: 'i', reason: 'confirmation', state: 'resolved', payload: true } as const
    expect(toWireMessages([assistant(call({ state: 'input-complete' }), answered)])).toHaveLength(1)
    expect(toWireMessages([assistant(call({ state: 'input-complete' }), { ...answered, isDelivered: true })])).toHaveLength(2)
    expect(toWireMessages([assistant(call({ state: 'cancelled' }), answered)])).toHaveLength(2)
  })
  it('and arguments that are JSON, also if it was cut off (race 15)', () => {
    for (const args of ['', '{"n":', '{"n":1', 'nonsense', '{"n":1}']) {
      const cut: ToolCallPart = { type: 'tool-call', id: 'c', name: 'ask', arguments: args, state: 'cancelled' }
      const made = calls(toWireMessages([assistant(cut)]))[0]?.function
      expect(() => JSON.parse(made?.arguments ?? ''), args).not.toThrow()
    }
  })
  it('for any prefix of a run, however it ended', () => {
    const whole = run([
      ...reasoning('r', 'a', 'b'),
      ...text('t', 'a', 'b'),
      ...toolCall('c1', 'x', { a: 1 }),
      ...toolCall('c2', 'y', {}),
      toolResult('c2', 1),
      toolResult('c1', 2),
      ...text('u', 'c'),
      ...toolCall('c3', 'z', { b: [1, 2] }),
    ])
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.constantFrom('finished' as const, 'stopped' as const), (length, ending) => {
        const wire = wireAfter(whole.slice(0, length), ending)
        expect(
          results(wire)
            .map(({ toolCallId }) => toolCallId)
            .sort(),
        ).toEqual(
          calls(wire)
            .map(({ id }) => id)
            .sort(),
        )
        for (const { function: made } of calls(wire)) expect(() => JSON.parse(made.arguments)).not.toThrow()
        expect(new Set(wire.map(({ id }) => id)).size, JSON.stringify(wire)).toBe(wire.length)
        const seen = new Set<string>()
        for (const message of wire) {
          if (message.role === 'assistant') for (const { id } of message.toolCalls ?? []) seen.add(id)
          if (message.role === 'tool') expect(seen.has(message.toolCallId), 'a result follows its call').toBe(true)
        }
        const parsed = RunAgentInputSchema.safeParse({
          threadId: 't',
          runId: 'r',
          state: {},
          messages: wire,
          tools: [],
          context: [],
          forwardedProps: {},
        })
        expect(parsed.error, JSON.stringify(wire)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})
