import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChatWarning, isChatError } from '../../errors.ts'
import { advance, EMPTY_LEDGER, isTruncated } from '../../session/ledger.ts'
import type { UIMessage } from '../../transcript/message.ts'
import { Transcript } from '../../transcript/transcript.ts'
import type { Chunk } from '../chunk.ts'
import type { Ending } from './decoder.ts'
import { toAiSdkMessages } from './to-ai-sdk-messages.ts'
import { uiMessageStream } from './ui-message-stream.ts'

interface Decoding {
  chunks: Chunk[]
  types: string[]
  warnings: ChatWarning[]
  error: unknown
}

function decode(values: readonly unknown[], ending?: Ending): Decoding {
  const warnings: ChatWarning[] = []
  const chunks: Chunk[] = []
  let error: unknown
  const decoder = uiMessageStream().createDecoder({
    threadId: 't',
    runId: 'r',
    source: 'response',
    onWarning: (warning) => void warnings.push(warning),
  })
  try {
    for (const value of values) decoder.decode(value, chunks)
    decoder.end(chunks, ending)
  } catch (cause) {
    error = cause
  }
  return { chunks, types: chunks.map(({ type }) => type), warnings, error }
}

const RUN = { threadId: 't', runId: 'r' }
const finished = { type: 'RUN_FINISHED', ...RUN, outcome: { type: 'success', pendingToolCallIds: [] } }

describe('a run', () => {
  it('begins with start, which names the message, and ends with finish', () => {
    const { chunks } = decode([
      { type: 'start', messageId: 'a1' },
      { type: 'finish', finishReason: 'content-filter' },
    ])
    expect(chunks).toEqual([
      { type: 'RUN_STARTED', ...RUN, metadata: { messageId: 'a1' } },
      { ...finished, metadata: { finishReason: 'content_filter' } },
    ])
  })

  it('begins with the first chunk of a server that sends no start', () => {
    expect(decode([{ type: 'data-x', data: 1 }]).types).toEqual(['RUN_STARTED', 'CUSTOM'])
  })

  it('has no terminal chunk when the stream just stops', () => {
    const { chunks } = decode([{ type: 'start' }, { type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'Half' }])
    expect(chunks.at(-1)).toMatchObject({ type: 'TEXT_MESSAGE_CONTENT' })
    expect(isTruncated(advance(EMPTY_LEDGER, chunks), [])).toBe(true)
  })

  it('is complete without finish when the stream says itself that this was all', () => {
    const { chunks, types } = decode(
      [
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: 'All.' },
      ],
      { isMarked: true },
    )
    expect(types).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
    expect(isTruncated(advance(EMPTY_LEDGER, chunks), [])).toBe(false)
  })

  it('ends once, however its end is said', () => {
    expect(decode([{ type: 'start' }, { type: 'finish' }], { isMarked: true }).types).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
  })

  it('that was aborted is cancelled, and what servers still close after it is not heard', () => {
    const { chunks } = decode([
      { type: 'start' },
      { type: 'start-step' },
      { type: 'abort', reason: 'shutdown' },
      { type: 'finish-step' },
      { type: 'finish' },
    ])
    expect(chunks.at(-1)).toEqual({ type: 'RUN_FINISHED', ...RUN, outcome: { type: 'cancelled' }, metadata: { reason: 'shutdown' } })
  })

  it('that failed says the text of the server, and nothing after it', () => {
    const { chunks } = decode([{ type: 'start' }, { type: 'error', errorText: 'An error occurred.' }, { type: 'finish' }])
    expect(chunks.slice(1)).toEqual([{ type: 'RUN_ERROR', message: 'An error occurred.' }])
  })

  it('carries the metadata of the message, wherever it was said', () => {
    const { chunks, warnings } = decode([
      { type: 'start', messageMetadata: { model: 'm' } },
      { type: 'message-metadata', messageMetadata: { usage: { a: 1 } } },
      { type: 'message-metadata', messageMetadata: 'text' },
      { type: 'finish', messageMetadata: { usage: { b: 2 } } },
    ])
    const custom = chunks.filter(({ type }) => type === 'CUSTOM')
    expect(custom).toEqual(
      [{ model: 'm' }, { usage: { a: 1 } }, { usage: { b: 2 } }].map((value) => ({ type: 'CUSTOM', name: 'message-metadata', value })),
    )
    expect(warnings.map(({ code }) => code)).toEqual(['ignored_event'])
  })
})

describe('ids', () => {
  it('of texts are made new for each, since theirs are unique in a step only', () => {
    const text = [
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'a' },
      { type: 'text-end', id: '0' },
    ]
    const { chunks } = decode([{ type: 'start-step' }, ...text, ...text, { type: 'finish-step' }, { type: 'start-step' }, ...text])
    const ids = chunks.flatMap((chunk) => (chunk.type === 'TEXT_MESSAGE_START' ? [chunk.messageId] : []))
    expect(new Set(ids).size).toBe(3)
  })

  it.each(['__proto__', 'constructor', 'toString', ''])('may be %j', (id) => {
    const { chunks, warnings, error } = decode([
      { type: 'start-step' },
      { type: 'text-start', id },
      { type: 'text-delta', id, delta: 'a' },
      { type: 'text-end', id },
      { type: 'tool-input-start', toolCallId: id, toolName: id },
      { type: 'tool-input-delta', toolCallId: id, inputTextDelta: '{}' },
      { type: 'tool-input-available', toolCallId: id, toolName: id, input: {} },
      { type: 'tool-approval-request', approvalId: id, toolCallId: id },
      { type: 'tool-output-denied', toolCallId: id },
      { type: `data-${id}`, id, data: id },
      { type: 'finish' },
    ])
    expect([error, warnings]).toEqual([undefined, []])
    expect(chunks).toContainEqual({ type: 'TOOL_CALL_END', toolCallId: id })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('tool calls', () => {
  const input = (...pieces: string[]) => [
    { type: 'start-step' },
    { type: 'tool-input-start', toolCallId: 'c', toolName: 'f' },
    ...pieces.map((inputTextDelta) => ({ type: 'tool-input-delta', toolCallId: 'c', inputTextDelta })),
  ]
  const available = (value: unknown) => ({ type: 'tool-input-available', toolCallId: 'c', toolName: 'f', input: value })
  const endOf = (values: unknown[]) => decode(values).chunks.find(({ type }) => type === 'TOOL_CALL_END')

  it('that nobody answered are left to the client, but for those of the provider', () => {
    const { chunks } = decode([
      { type: 'start-step' },
      available({}),
      { ...available({}), toolCallId: 'provider', providerExecuted: true },
      { ...available({}), toolCallId: 'answered' },
      { type: 'tool-output-error', toolCallId: 'answered', errorText: 'no' },
      { ...available({}), toolCallId: 'running' },
      { type: 'tool-output-available', toolCallId: 'running', output: 50, preliminary: true },
      { ...available({}), toolCallId: 'asked', providerExecuted: true },
      { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'asked' },
      { type: 'tool-input-start', toolCallId: 'half', toolName: 'f' },
      { type: 'finish', finishReason: 'tool-calls' },
    ])
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'success', pendingToolCallIds: ['c', 'asked'] } })
  })

  it('carry the input of the server where it is another than what the model wrote', () => {
    expect(endOf([...input('{"a":', '1}'), available({ a: 1 })])).toEqual({ type: 'TOOL_CALL_END', toolCallId: 'c' })
    expect(endOf([...input('{"a":', '1}'), available({ a: 1, b: 'default' })])).toMatchObject({ input: { a: 1, b: 'default' } })
    expect(endOf([...input('{"a":'), available({ a: 1 })])).toMatchObject({ input: { a: 1 } })
  })

  it('whose input is plain text send it at its end, as JSON', () => {
    const { chunks } = decode([
      { type: 'start-step' },
      { type: 'tool-input-start', toolCallId: 'c', toolName: 'f', inputEncoding: 'text' },
      { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: 'print(' },
      { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '1)' },
      available('print(1)'),
    ])
    expect(chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_ARGS' ? [chunk.delta] : []))).toEqual(['"print(1)"'])
  })

  it('are answered with text that parses to exactly the output', () => {
    const outputs = ['text', '5', '"quoted"', 5, null, { a: 1 }, '', [], undefined]
    const { chunks } = decode([
      { type: 'start-step' },
      ...outputs.flatMap((output, i) => [
        { ...available({}), toolCallId: `c${i}` },
        { type: 'tool-output-available', toolCallId: `c${i}`, output },
      ]),
    ])
    const transcript = new Transcript({ generateId: () => 'id' })
    transcript.beginRun(null, 'reply')
    transcript.apply(chunks)
    expect(outputs.map((_output, i) => transcript.call(`c${i}`)?.output)).toEqual(outputs.map((output) => output ?? null))
  })

  it('that the server decides about by itself ask nobody', () => {
    const { chunks } = decode([
      { type: 'start-step' },
      available({}),
      { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c', isAutomatic: true },
      { type: 'tool-approval-response', approvalId: 'ap', approved: false, reason: 'policy' },
      { type: 'tool-output-denied', toolCallId: 'c' },
      { type: 'finish' },
    ])
    const customs = chunks.filter(({ type }) => type === 'CUSTOM')
    expect(customs).toEqual([
      {
        type: 'CUSTOM',
        name: 'approval-responded',
        value: { toolCallId: 'c', approval: { id: 'ap', needsApproval: true, approved: false, reason: 'policy' } },
        metadata: { approval: { isAutomatic: true } },
      },
    ])
    expect(chunks.at(-1)).toMatchObject({ outcome: { pendingToolCallIds: [] } })
  })

  it('keep what an approval was asked with, to be sent back', () => {
    const { chunks } = decode([
      { type: 'start-step' },
      available({ sum: 5 }),
      { type: 'tool-approval-request', approvalId: 'ap', toolCallId: 'c', signature: 's', reason: 'It is much.', approvalDescriptor: { a: 1 } },
    ])
    expect(chunks.at(-1)).toEqual({
      type: 'CUSTOM',
      name: 'approval-requested',
      value: { toolCallId: 'c', toolName: 'f', input: { sum: 5 }, approval: { id: 'ap', needsApproval: true } },
      metadata: { approval: { descriptor: { a: 1 }, requestReason: 'It is much.', signature: 's' } },
    })
  })

  it('of a step that is begun again are given up', () => {
    const { chunks, types } = decode([...input('{"a":'), { type: 'reset-step' }, available({}), { type: 'finish' }])
    expect(chunks).toContainEqual({ type: 'TOOL_CALL_END', toolCallId: 'c', metadata: { incomplete: true } })
    expect(chunks).toContainEqual({ type: 'CUSTOM', name: 'step-reset', value: { step: 'r-1', toolCallIds: ['c'] } })
    expect(types.filter((type) => type === 'STEP_STARTED')).toHaveLength(2)
  })
})

describe('what is odd', () => {
  it('is skipped with one warning for each unknown type', () => {
    const { types, warnings } = decode([{ type: 'start' }, { type: 'news' }, { type: 'news' }, { type: 'more' }, { type: 'finish' }])
    expect(types).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
    expect(warnings.map(({ code, message }) => [code, message])).toEqual([
      ['unknown_chunk', 'Chunks of the unknown type "news" are skipped.'],
      ['unknown_chunk', 'Chunks of the unknown type "more" are skipped.'],
    ])
  })

  it('opens a text that was never opened', () => {
    const { types, warnings } = decode([{ type: 'text-delta', id: '0', delta: 'a' }])
    expect(types).toEqual(['RUN_STARTED', 'TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT'])
    expect(warnings.map(({ code }) => code)).toEqual(['orphan'])
  })

  it.each([
    [{ type: 'text-end', id: '0' }, 'out_of_order'],
    [{ type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{' }, 'orphan'],
    [{ type: 'tool-approval-request', toolCallId: 'c', approvalId: 'a' }, 'orphan'],
  ])('is ignored with a warning: %j', (chunk, code) => {
    const { types, warnings } = decode([chunk])
    expect([types, warnings.map((warning) => warning.code)]).toEqual([['RUN_STARTED'], [code]])
  })

  it.each([
    [null, 'object with a type'],
    ['text', 'object with a type'],
    [[], 'object with a type'],
    [{ type: 5 }, 'object with a type'],
    [{ type: 'text-delta', id: '0' }, 'A text-delta chunk has no valid delta.'],
    [{ type: 'text-delta', id: 0, delta: 'a' }, 'A text-delta chunk has no valid id.'],
    [{ type: 'tool-input-available', toolCallId: 'c', input: {} }, 'A tool-input-available chunk has no valid toolName.'],
    [{ type: 'error' }, 'A error chunk has no valid errorText.'],
    [{ type: 'data-x', id: 5, data: 1 }, 'A data-x chunk has no valid id.'],
    [{ type: 'text-start', id: '0', providerMetadata: 'x' }, 'A text-start chunk has no valid providerMetadata.'],
  ])('is a protocol error: %j', (value, message) => {
    const { error } = decode([value])
    expect(isChatError(error) && error.code).toBe('protocol')
    expect(String(error)).toContain(message)
  })

  it('takes null for an optional field as absent', () => {
    const { error, warnings } = decode([
      { type: 'start', messageId: null, messageMetadata: null },
      { type: 'text-start', id: '0', providerMetadata: null },
    ])
    expect([error, warnings]).toEqual([undefined, []])
  })
})

/** A stream with everything in it. */
const WHOLE: readonly unknown[] = [
  { type: 'start', messageId: 'a', messageMetadata: { a: { b: 1 } } },
  { type: 'start-step' },
  { type: 'reasoning-start', id: '0' },
  { type: 'reasoning-delta', id: '0', delta: 'Hm', providerMetadata: { p: { s: 1 } } },
  { type: 'reasoning-end', id: '0' },
  { type: 'text-start', id: '__proto__' },
  { type: 'text-delta', id: '__proto__', delta: 'a' },
  { type: 'text-delta', id: '__proto__', delta: 'b' },
  { type: 'text-end', id: '__proto__' },
  { type: 'tool-input-start', toolCallId: 'c', toolName: 'f' },
  { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{"a"' },
  { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: ':1}' },
  { type: 'tool-input-available', toolCallId: 'c', toolName: 'f', input: { a: 1 } },
  { type: 'tool-output-available', toolCallId: 'c', output: 1, preliminary: true },
  { type: 'tool-output-available', toolCallId: 'c', output: '2' },
  { type: 'tool-input-error', toolCallId: 'd', toolName: 'f', input: '{', errorText: 'no' },
  { type: 'tool-input-available', toolCallId: 'e', toolName: 'g', input: {}, dynamic: true },
  { type: 'tool-approval-request', approvalId: 'x', toolCallId: 'e' },
  { type: 'tool-approval-response', approvalId: 'x', approved: false },
  { type: 'tool-output-denied', toolCallId: 'e' },
  { type: 'reset-step' },
  { type: 'finish-step' },
  { type: 'start-step' },
  { type: 'source-url', sourceId: 's', url: 'u' },
  { type: 'source-document', sourceId: 't', mediaType: 'm', title: 't' },
  { type: 'file', url: 'data:,', mediaType: 'text/plain' },
  { type: 'reasoning-file', url: 'data:,', mediaType: 'image/png' },
  { type: 'custom', kind: 'a.b' },
  { type: 'steering-message', id: 'u', parts: [] },
  { type: 'data-x', id: 'x', data: 1 },
  { type: 'data-x', id: 'x', data: 2 },
  { type: 'data-y', data: 2, transient: true },
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'End.' },
  { type: 'text-end', id: '0' },
  { type: 'message-metadata', messageMetadata: { a: { c: 2 } } },
  { type: 'finish-step' },
  { type: 'finish', finishReason: 'stop' },
  { type: 'error', errorText: 'late' },
]

const corrupted = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, null, '__proto__', {}, []))
type Change = (values: readonly unknown[]) => unknown[]
const at = fc.nat({ max: 1000 })
const change: fc.Arbitrary<Change> = fc.oneof(
  at.map(
    (n): Change =>
      (values) =>
        values.filter((_value, i) => i !== n % values.length),
  ),
  at.map(
    (n): Change =>
      (values) =>
        values.flatMap((value, i) => (i === n % values.length ? [value, value] : [value])),
  ),
  fc.tuple(at, at).map(([n, m]): Change => (values) => {
    const copy = [...values]
    const [moved] = copy.splice(n % copy.length, 1)
    copy.splice(m % (copy.length + 1), 0, moved)
    return copy
  }),
  at.map(
    (n): Change =>
      (values) =>
        values.slice(0, 1 + (n % values.length)),
  ),
  fc.tuple(at, at, corrupted).map(
    ([n, m, value]): Change =>
      (values) =>
        values.map((chunk, i) => {
          if (i !== n % values.length || typeof chunk !== 'object' || chunk === null) return chunk
          const names = Object.keys(chunk)
          return { ...chunk, [names[m % names.length] ?? 'type']: value }
        }),
  ),
)

/** The chunks as a transcript and as the session's ledger take them. */
function expectUsable(chunks: readonly Chunk[]) {
  let ids = 0
  const transcript = new Transcript({ generateId: () => `id-${++ids}` })
  transcript.beginRun(null, 'reply')
  transcript.apply(chunks)
  advance(EMPTY_LEDGER, chunks)
  transcript.endRun('finished')
  const messages: readonly UIMessage[] = transcript.messages()
  for (const { parts } of messages) for (const part of parts) expect('state' in part && part.state).not.toBe('streaming')
  expect(() => JSON.stringify(toAiSdkMessages(messages))).not.toThrow()
}

describe('a stream that was tampered with', () => {
  it('throws nothing but a ChatError, and what came before is a valid transcript', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean(), (changes, isMarked) => {
        const values = changes.reduce<readonly unknown[]>((now, apply) => (now.length > 0 ? apply(now) : now), WHOLE)
        const { chunks, error } = decode(values, { isMarked })
        expect(error === undefined || (isChatError(error) && error.code === 'protocol')).toBe(true)
        expect(chunks.filter(({ type }) => type === 'RUN_STARTED').length).toBeLessThanOrEqual(3)
        expectUsable(chunks)
      }),
      { numRuns: 300 },
    )
  })

  it('and one that was not has no warning and no error', () => {
    const { error, warnings } = decode(WHOLE)
    expect([error, warnings]).toEqual([undefined, []])
  })
})
