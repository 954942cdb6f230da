import type { Chunk } from '@statechat/core/wire'
import { uiMessageChunkSchema } from 'ai'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createUiMessageEncoder, type EncoderOptions } from './encoder.ts'
import type { UiChunk } from './encoding.ts'

const ids = { threadId: 't', runId: 'r' }
const started: Chunk = { type: 'RUN_STARTED', ...ids }
const finished: Chunk = { type: 'RUN_FINISHED', ...ids }
const text = (messageId: string, delta: string): Chunk[] => [
  { type: 'TEXT_MESSAGE_START', messageId },
  { type: 'TEXT_MESSAGE_CONTENT', messageId, delta },
  { type: 'TEXT_MESSAGE_END', messageId },
]
const thought = (messageId: string, delta: string): Chunk[] => [
  { type: 'REASONING_MESSAGE_START', messageId, role: 'reasoning' },
  { type: 'REASONING_MESSAGE_CONTENT', messageId, delta },
  { type: 'REASONING_MESSAGE_END', messageId },
]
const call = (toolCallId: string, args: string, parentMessageId = 'm'): Chunk[] => [
  { type: 'TOOL_CALL_START', toolCallId, toolCallName: 'f', parentMessageId },
  { type: 'TOOL_CALL_ARGS', toolCallId, delta: args },
  { type: 'TOOL_CALL_END', toolCallId },
]
const result = (toolCallId: string, content: string): Chunk => ({ type: 'TOOL_CALL_RESULT', messageId: `${toolCallId}-r`, toolCallId, content })

function encode(chunks: readonly Chunk[], options?: EncoderOptions): UiChunk[] {
  const encoder = createUiMessageEncoder(options)
  return [...chunks.flatMap((chunk) => encoder.encode(chunk)), ...encoder.end()]
}
/** Types of a whole run of these chunks, without the frame. */
const inside = (...chunks: Chunk[]): UiChunk[] => encode([started, ...chunks, finished]).slice(1, -1)
const types = (chunks: readonly UiChunk[]): string[] => chunks.map(({ type }) => type)

/** Whether the AI SDK's own schema takes it. */
async function isValid(chunk: unknown): Promise<boolean> {
  const schema = uiMessageChunkSchema()
  return (await schema.validate!(chunk)).success
}

describe('a run', () => {
  it('is a message between start and finish', () => {
    expect(encode([started, { ...finished, metadata: { finishReason: 'content_filter' } }])).toEqual([
      { type: 'start' },
      { type: 'finish', finishReason: 'content-filter' },
    ])
  })

  it('is called as the option says, or the run itself', () => {
    const named: Chunk = { ...started, metadata: { messageId: 'theirs' } }
    expect(encode([named, finished])[0]).toEqual({ type: 'start', messageId: 'theirs' })
    expect(encode([named, finished], { messageId: 'mine' })[0]).toEqual({ type: 'start', messageId: 'mine' })
  })

  it('tells metadata of the message at its start and at its end', () => {
    const chunks = encode([started, { ...finished, usage: [{ totalTokens: 5 }] }], {
      messageMetadata: (chunk) => (chunk.type === 'RUN_STARTED' ? { thread: chunk.threadId } : { tokens: chunk.usage?.[0]?.totalTokens }),
    })
    expect(chunks.map((chunk) => chunk['messageMetadata'])).toEqual([{ thread: 't' }, { tokens: 5 }])
  })

  it('that was cancelled is aborted, and has no finish', () => {
    expect(types(encode([started, ...text('m', 'a'), { ...finished, outcome: { type: 'cancelled' } }]))).toEqual([
      'start',
      'start-step',
      'text-start',
      'text-delta',
      'text-end',
      'finish-step',
      'abort',
    ])
  })

  it('that failed ends with its message', () => {
    expect(createUiMessageEncoder().encode({ type: 'RUN_ERROR', message: 'no' } as Chunk)).toEqual([
      { type: 'start' },
      { type: 'error', errorText: 'no' },
    ])
  })

  it('leaves out what has no form', () => {
    expect(
      inside(
        { type: 'STATE_SNAPSHOT', snapshot: 1 },
        { type: 'RAW', event: {} },
        { type: 'STEP_STARTED', stepName: 's' },
        { type: 'STEP_FINISHED', stepName: 's' },
        { type: 'ACTIVITY_SNAPSHOT', messageId: 'a', activityType: 'x', content: {} },
        { type: 'TEXT_MESSAGE_START', messageId: 'u', role: 'user' },
        { type: 'TEXT_MESSAGE_CONTENT', messageId: 'u', delta: 'x' },
        { type: 'TEXT_MESSAGE_END', messageId: 'u' },
      ),
    ).toEqual([])
  })
})

describe('steps', () => {
  it('are told apart by the answers to their calls', () => {
    expect(
      types(
        inside(...thought('r1', 'Hm'), ...text('m1', 'a'), ...call('c', '{}', 'm1'), result('c', '1'), ...thought('r2', 'Ah'), ...text('m2', 'b')),
      ),
    ).toEqual([
      ...['start-step', 'reasoning-start', 'reasoning-delta', 'reasoning-end', 'text-start', 'text-delta', 'text-end'],
      ...['tool-input-start', 'tool-input-delta', 'tool-input-available', 'tool-output-available', 'finish-step'],
      ...['start-step', 'reasoning-start', 'reasoning-delta', 'reasoning-end', 'text-start', 'text-delta', 'text-end', 'finish-step'],
    ])
  })

  it('keep calls together that one message made, though one is answered already', () => {
    const chunks = types(inside(...call('c1', '{}', 'm1'), result('c1', '1'), ...call('c2', '{}', 'm1'), result('c2', '2')))
    expect(chunks.filter((type) => type === 'start-step')).toHaveLength(1)
  })
})

describe('tool calls', () => {
  it('have their input parsed', () => {
    expect(inside(...call('c', ' ')).at(-2)).toEqual({ type: 'tool-input-available', toolCallId: 'c', toolName: 'f', input: {} })
    expect(inside(...call('c', '[1]')).at(-2)).toMatchObject({ input: [1] })
  })

  it('whose input is no JSON failed', () => {
    expect(inside(...call('c', '{"a')).at(-2)).toEqual({
      type: 'tool-input-error',
      toolCallId: 'c',
      toolName: 'f',
      input: '{"a',
      errorText: 'The arguments of f are not valid JSON.',
    })
  })

  it('that broke off have no input', () => {
    const [start, args] = call('c', '{"a":1}')
    expect(types(inside(start!, args!, { type: 'TOOL_CALL_END', toolCallId: 'c', metadata: { incomplete: true } }))).not.toContain(
      'tool-input-available',
    )
  })

  it.each([
    ['a value', result('c', '{"a":1}'), { type: 'tool-output-available', output: { a: 1 } }],
    ['text', result('c', 'sunny'), { type: 'tool-output-available', output: 'sunny' }],
    ['content parts', { ...result('c', ''), content: [{ type: 'text', text: 'x' }] } as Chunk, { output: [{ type: 'text', text: 'x' }] }],
    ['an error', { ...result('c', 'no'), metadata: { error: 'no' } } as Chunk, { type: 'tool-output-error', errorText: 'no' }],
    ['a denial', { ...result('c', 'no'), metadata: { error: 'no', denied: true } } as Chunk, { type: 'tool-output-denied' }],
    ['progress', { type: 'CUSTOM', name: 'tool-progress', value: { toolCallId: 'c', progress: 50 } } as Chunk, { output: 50, preliminary: true }],
  ])('are answered with %s', (_what, chunk, expected) => {
    expect(inside(...call('c', '{}'), chunk).at(-2)).toMatchObject({ toolCallId: 'c', ...expected })
  })

  it('ask for approval once, whether by an event, by the outcome, or by both', () => {
    const event: Chunk = {
      type: 'CUSTOM',
      name: 'approval-requested',
      value: { toolCallId: 'c', toolName: 'f', input: {}, approval: { id: 'ap', needsApproval: true } },
    }
    const asked: Chunk = {
      ...finished,
      outcome: { type: 'interrupt', interrupts: [{ id: 'ap', reason: 'approval', toolCallId: 'c', message: 'May I?' }] },
    }
    const requests = (...chunks: Chunk[]) => encode([started, ...chunks]).filter(({ type }) => type === 'tool-approval-request')
    expect(requests(...call('c', '{}'), event, finished)).toEqual([{ type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c' }])
    expect(requests(...call('c', '{}'), asked)).toEqual([{ type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c', reason: 'May I?' }])
    expect(requests(...call('c', '{}'), event, asked)).toHaveLength(1)
    expect(types(encode([started, event, finished]))).toContain('tool-input-available')
  })

  it('a question about no call is data', () => {
    const asked: Chunk = { ...finished, outcome: { type: 'interrupt', interrupts: [{ id: 'q', reason: 'input_required' }] } }
    expect(encode([started, asked]).slice(1)).toEqual([
      { type: 'data-interrupt', id: 'q', data: { id: 'q', reason: 'input_required' } },
      { type: 'finish', finishReason: 'tool-calls' },
    ])
  })
})

describe('what a provider sealed goes with its part', () => {
  const sealed = (entityId: string, subtype: 'message' | 'tool-call' = 'message'): Chunk => ({
    type: 'REASONING_ENCRYPTED_VALUE',
    subtype,
    entityId,
    encryptedValue: 'sealed',
  })

  it('when it comes after the end of a thought', () => {
    expect(inside(...thought('r', 'Hm'), sealed('r'), ...text('m', 'a'))).toContainEqual({
      type: 'reasoning-end',
      id: 'r',
      providerMetadata: { statechat: { signature: 'sealed' } },
    })
  })

  it('when it comes before the end of a text, beside what the provider said openly', () => {
    const [start, content, end] = text('m', 'a')
    const said = { providerMetadata: { acme: { a: 1 } } }
    expect(inside({ ...start!, metadata: said }, content!, sealed('m'), end!)).toContainEqual({
      type: 'text-end',
      id: 'm',
      providerMetadata: { acme: { a: 1 }, statechat: { encryptedValue: 'sealed' } },
    })
  })

  it('when it is all there is of a thought', () => {
    expect(inside(sealed('r')).slice(1, -1)).toEqual([
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-end', id: 'r', providerMetadata: { statechat: { signature: 'sealed' } } },
    ])
  })

  it('when it seals a call, or its result', () => {
    expect(inside(...call('c', '{}'), sealed('c', 'tool-call'), result('c', '1'), sealed('c', 'tool-call'))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'tool-input-available', providerMetadata: { statechat: { encryptedValue: 'sealed' } } }),
        expect.objectContaining({ type: 'tool-output-available', providerMetadata: { statechat: { encryptedValue: 'sealed' } } }),
      ]),
    )
  })

  it('and a text that goes on after its end is one part', () => {
    expect(types(inside(...text('m', 'a'), ...text('m', 'b'), sealed('m')))).toEqual([
      ...['start-step', 'text-start', 'text-delta', 'text-delta', 'text-end', 'finish-step'],
    ])
  })
})

const name = fc.constantFrom('m1', 'm2', '__proto__', 'constructor')
const anyChunk: fc.Arbitrary<Chunk[]> = fc.oneof(
  fc.tuple(name, fc.string({ maxLength: 4 })).map(([id, delta]) => text(id, delta)),
  fc.tuple(name, fc.string({ maxLength: 4 })).map(([id, delta]) => thought(`r-${id}`, delta)),
  fc.tuple(name, fc.constantFrom('', '{}', '{"a', 'null'), name).map(([id, args, parent]) => call(id, args, parent)),
  fc.tuple(name, fc.jsonValue()).map(([id, value]): Chunk[] => [result(id, JSON.stringify(value))]),
  fc
    .tuple(name, fc.constantFrom('message' as const, 'tool-call' as const))
    .map(([entityId, subtype]): Chunk[] => [{ type: 'REASONING_ENCRYPTED_VALUE', subtype, entityId, encryptedValue: 'x' }]),
  fc
    .tuple(fc.constantFrom('source', 'file', 'message-metadata', 'data-x', 'tool-progress', 'approval-requested', '__proto__'), fc.jsonValue())
    .map(([custom, value]): Chunk[] => [{ type: 'CUSTOM', name: custom, value }]),
  fc.tuple(name, fc.jsonValue()).map(([id, data]): Chunk[] => [{ type: 'CUSTOM', name: `data-${id}`, value: { id, data } }]),
)

describe('for any run', () => {
  it('every chunk is one that the schema of the AI SDK takes, and each part is opened once before it is closed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyChunk, { maxLength: 8 }), async (segments) => {
        const chunks = encode([started, ...segments.flat(), finished])
        for (const chunk of chunks) expect(await isValid(JSON.parse(JSON.stringify(chunk))), JSON.stringify(chunk)).toBe(true)
        const open = new Set<string>()
        for (const { type, id } of chunks) {
          const [kind, at] = type.split('-')
          if (kind !== 'text' && kind !== 'reasoning') continue
          const key = `${kind} ${String(id)}`
          expect(open.has(key), `${type} of ${String(id)}`).toBe(at !== 'start')
          if (at === 'start') open.add(key)
          if (at === 'end') open.delete(key)
        }
        expect([...open]).toEqual([])
        expect(types(chunks).filter((type) => type === 'start-step').length).toBe(types(chunks).filter((type) => type === 'finish-step').length)
      }),
      { numRuns: 150 },
    )
  })
})
