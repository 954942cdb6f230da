import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessagePart, UIMessage } from '../../transcript/message.ts'
import type { AiSdkMessage, AiSdkPart } from './ai-sdk-message.ts'
import { fromAiSdkMessages } from './from-ai-sdk-messages.ts'
import { toAiSdkMessages } from './to-ai-sdk-messages.ts'

const ours = (...parts: MessagePart[]): UIMessage => ({ id: 'a', role: 'assistant', parts })
const partsOf = (...parts: MessagePart[]): AiSdkPart[] => toAiSdkMessages([ours(...parts)])[0]!.parts
const back = (...parts: AiSdkPart[]): readonly MessagePart[] => fromAiSdkMessages([{ id: 'a', role: 'assistant', parts }])[0]!.parts

describe('toAiSdkMessages', () => {
  it('makes one part of a call and its result', () => {
    const call = { type: 'tool-call', id: 'c', name: 'weather', arguments: '{"city":"Rome"}', input: { city: 'Rome' } } as const
    expect(
      partsOf({ ...call, state: 'complete', output: 'sun' }, { type: 'tool-result', toolCallId: 'c', content: 'sun', state: 'complete' }),
    ).toEqual([{ type: 'tool-weather', toolCallId: 'c', state: 'output-available', input: { city: 'Rome' }, output: 'sun' }])
  })

  it('begins a step where the wire message changes, a thought belonging to what follows it', () => {
    const parts = partsOf(
      { type: 'thinking', content: 'Hm.', messageId: 'r1' },
      { type: 'text', content: 'Let me look.', messageId: 'm1' },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', state: 'complete', input: {}, output: 1, messageId: 'm1' },
      { type: 'tool-result', toolCallId: 'c', content: '1', state: 'complete', messageId: 'c-result' },
      { type: 'thinking', content: 'Ah.', messageId: 'r2' },
      { type: 'text', content: 'One.', messageId: 'm2' },
    )
    expect(parts.map(({ type }) => type)).toEqual(['step-start', 'reasoning', 'text', 'tool-f', 'step-start', 'reasoning', 'text'])
  })

  it.each([
    ['awaiting-input', {}, { state: 'input-streaming' }],
    ['input-streaming', { arguments: '{"a', input: {} }, { state: 'input-streaming', rawInput: '{"a', input: {} }],
    ['input-complete', { input: 1 }, { state: 'input-available', input: 1 }],
    ['executing', { input: 1 }, { state: 'input-available', input: 1 }],
    ['executing', { input: 1, progress: 50 }, { state: 'output-available', input: 1, output: 50, preliminary: true }],
    ['complete', { input: 1, output: undefined }, { state: 'output-available', input: 1, output: null }],
    ['error', { input: 1, error: 'no' }, { state: 'output-error', input: 1, errorText: 'no' }],
    ['error', { arguments: '{"a', error: 'no JSON' }, { state: 'output-error', input: '{"a', errorText: 'no JSON' }],
    // A call that was stopped must have an answer, or providers refuse the next request; one that is half said is not sent to them.
    ['cancelled', { input: 1 }, { state: 'output-error', input: 1, errorText: 'The call was cancelled before it had a result.' }],
    ['cancelled', { arguments: '{"a' }, { state: 'input-streaming', rawInput: '{"a' }],
    [
      'cancelled',
      { input: 1, error: 'no', approval: { id: 'x', needsApproval: true, approved: false, reason: 'no' } },
      { state: 'approval-responded', input: 1, approval: { id: 'x', approved: false, reason: 'no' } },
    ],
    [
      'approval-responded',
      { input: 1, approval: { id: 'x', needsApproval: true, approved: true }, metadata: { approval: { signature: 's' } } },
      { state: 'approval-responded', input: 1, approval: { id: 'x', approved: true, signature: 's' } },
    ],
  ])('gives a call that is %s with %j the right state', (state, fields, expected) => {
    const call = { type: 'tool-call', id: 'c', name: 'f', arguments: '', state, ...fields } as unknown as MessagePart
    expect(partsOf(call)).toEqual([{ type: 'tool-f', toolCallId: 'c', ...expected }])
  })

  it('gives media as files, bytes as a data URL', () => {
    const user: UIMessage = {
      id: 'u',
      role: 'user',
      parts: [
        { type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' }, metadata: { filename: 'a.png' } },
        { type: 'video', source: { type: 'url', value: 'https://x.y/z' } },
        { type: 'document', source: { type: 'file', value: 'file-1', provider: 'openai', mimeType: 'application/pdf' } },
      ],
    }
    expect(toAiSdkMessages([user])[0]!.parts).toEqual([
      { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AAAA', filename: 'a.png' },
      { type: 'file', mediaType: 'video', url: 'https://x.y/z' },
      { type: 'file', mediaType: 'application/pdf', url: '', providerReference: { openai: 'file-1' } },
    ])
  })

  it('keeps what a provider sealed, and metadata without a place of its own', () => {
    const parts: MessagePart[] = [
      { type: 'thinking', content: 'Hm.', signature: 'sealed', metadata: { providerMetadata: { acme: { a: 1 } }, mine: true } },
      { type: 'text', content: 'Yes.', encryptedValue: 'sealed too' },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '1', state: 'input-complete', input: 1, encryptedValue: 'and this' },
    ]
    expect(partsOf(parts[0]!)).toEqual([
      { type: 'reasoning', text: 'Hm.', providerMetadata: { acme: { a: 1 }, statechat: { signature: 'sealed', metadata: { mine: true } } } },
    ])
    expect(back(...partsOf(...parts))).toEqual(parts)
  })

  it('keeps a part that they have no form for', () => {
    const part = { type: 'hologram', depth: 3 } as unknown as MessagePart
    expect(back(...partsOf(part))).toEqual([part])
  })
})

describe('fromAiSdkMessages', () => {
  it('makes a call and a result of a tool part', () => {
    expect(back({ type: 'step-start' }, { type: 'tool-f', toolCallId: 'c', state: 'output-available', input: { a: 1 }, output: '5' })).toEqual([
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}', state: 'complete', input: { a: 1 }, output: '5', messageId: 'a' },
      { type: 'tool-result', toolCallId: 'c', state: 'complete', content: '"5"' },
    ])
  })

  it('makes a denied call a cancelled one', () => {
    const denied = {
      type: 'tool-f',
      toolCallId: 'c',
      state: 'output-denied',
      input: 1,
      approval: { id: 'x', approved: false, reason: 'no' },
    } as const
    expect(back(denied)).toMatchObject([
      { state: 'cancelled', error: 'no', approval: { id: 'x', approved: false, reason: 'no' } },
      { state: 'error', content: 'no' },
    ])
  })

  it('leaves metadata out that is not an object', () => {
    expect(fromAiSdkMessages([{ id: 'u', role: 'user', metadata: 'text', parts: [] }])).toEqual([{ id: 'u', role: 'user', parts: [] }])
  })
})

const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const object = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), json, { maxKeys: 2 }).map((value) => ({ ...value }))
const providerMetadata = fc.option(
  fc.dictionary(fc.constantFrom('openai', 'anthropic', '__proto__'), object, { maxKeys: 2 }).map((value) => ({ ...value })),
  { nil: undefined },
)
const text = fc.string({ maxLength: 8 })
const id = fc.constantFrom('1', '2', '__proto__', 'constructor')
const state = fc.option(fc.constantFrom('streaming' as const, 'done' as const), { nil: undefined })
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const mediaType = fc.constantFrom('image/png', 'audio', 'video/mp4', 'application/pdf', 'text/plain')

const question = { id: text, signature: optional(text), isAutomatic: optional(fc.constant(true)) }
const reply = fc.record({ ...question, reason: optional(text) })
const toolState = fc.oneof(
  fc.record({
    state: fc.constant('input-streaming'),
    rawInput: optional(text.filter((raw) => raw !== '')),
    inputEncoding: optional(fc.constant('text')),
  }),
  fc.record({ state: fc.constant('input-available'), input: json }),
  fc.record({ state: fc.constant('approval-requested'), input: json, approval: fc.record(question) }),
  fc.record({
    state: fc.constant('approval-responded'),
    input: json,
    approval: fc.tuple(reply, fc.boolean()).map(([a, approved]) => ({ ...a, approved })),
  }),
  fc.record({
    state: fc.constant('output-available'),
    input: json,
    output: json,
    preliminary: optional(fc.constant(true)),
    approval: optional(reply.map((a) => ({ ...a, approved: true }))),
  }),
  fc.record({ state: fc.constant('output-available'), input: json, output: json, resultProviderMetadata: providerMetadata }),
  fc.record({
    state: fc.constant('output-error'),
    input: optional(json.filter((value) => value !== '')),
    errorText: text,
    resultProviderMetadata: providerMetadata,
  }),
  fc.record({ state: fc.constant('output-denied'), input: json, approval: reply.map((a) => ({ ...a, approved: false })) }),
)
const toolPart = fc
  .tuple(
    fc.constantFrom({ type: 'tool-f' }, { type: 'tool-tool-call' }, { type: 'dynamic-tool', toolName: 'g' }),
    fc.record({
      title: optional(text),
      providerExecuted: optional(fc.boolean()),
      toolMetadata: optional(object),
      callProviderMetadata: providerMetadata,
    }),
    toolState,
  )
  .map(([name, fields, at]) => ({ ...name, ...fields, ...at }))

const part: fc.Arbitrary<object> = fc.oneof(
  fc.record({ type: fc.constant('text'), text, state, citations: optional(fc.array(object, { maxLength: 1 })), providerMetadata }),
  fc.record({ type: fc.constant('reasoning'), id: optional(id), text, state, providerMetadata }),
  toolPart,
  fc.record({ type: fc.constantFrom('file', 'reasoning-file'), mediaType, url: fc.constantFrom('https://x.y/z', 'data:,a', ''), providerMetadata }),
  fc.tuple(mediaType, optional(text)).map(([type, filename]) => ({ type: 'file', mediaType: type, url: `data:${type};base64,AAAA`, filename })),
  fc.record({
    type: fc.constant('file'),
    mediaType,
    url: fc.constantFrom('', 'https://x.y'),
    providerReference: fc.constant({ acme: 'f1', other: 'f2' }),
  }),
  fc.record({ type: fc.constant('source-url'), sourceId: id, url: text, title: optional(text), providerMetadata }),
  fc.record({ type: fc.constant('source-document'), sourceId: id, mediaType, title: text, filename: optional(text), providerMetadata }),
  fc.record({ type: fc.constant('custom'), kind: fc.constant('a.b'), providerMetadata }),
  fc.record({ type: fc.constant('steering-message'), id, parts: fc.constant([{ type: 'text', text: 'x' }]) }),
  fc.record({ type: fc.constantFrom('data-a', 'data-__proto__', 'data-'), id: optional(id), data: json }),
)

/** Steps, each with something in it that shows where it begins. */
const steps = fc
  .tuple(fc.array(part, { maxLength: 3 }), fc.array(fc.tuple(part.filter(hasPlace), fc.array(part, { maxLength: 3 })), { maxLength: 3 }))
  .map(([before, all]) => uniqueCalls([...before, ...all.flatMap(([first, rest]) => [{ type: 'step-start' }, first, ...rest])]))

function hasPlace(value: object): boolean {
  return !(value as { type: string }).type.startsWith('data-')
}
/** Calls of one message have different ids. */
const uniqueCalls = (parts: object[]) => parts.map((value, i) => ('state' in value && isTool(value) ? { toolCallId: `c${i}`, ...value } : value))
const isTool = (value: object): boolean => /^(dynamic-)?tool/.test((value as { type: string }).type)

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('for any message of the AI SDK', () => {
  it('there and back is the same message', () => {
    fc.assert(
      fc.property(steps, optional(object), (parts, metadata) => {
        const message = { id: 'a', role: 'assistant', parts, ...(metadata && { metadata }) } as AiSdkMessage
        expect(plain(toAiSdkMessages(fromAiSdkMessages([message])))).toEqual(plain([message]))
      }),
      { numRuns: 500 },
    )
  })

  it('the same as a user message, where there are no steps', () => {
    const userPart = part.filter((value) => !isTool(value))
    fc.assert(
      fc.property(fc.array(userPart, { maxLength: 5 }), (parts) => {
        const message = { id: 'u', role: 'user', parts } as AiSdkMessage
        expect(plain(toAiSdkMessages(fromAiSdkMessages([message])))).toEqual(plain([message]))
      }),
    )
  })
})

/** Messages of ours with what theirs can hold. */
const ourPart: fc.Arbitrary<MessagePart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), content: text, encryptedValue: text, metadata: fc.constant({ mine: [1] }) }),
  fc.record({ type: fc.constant('thinking' as const), content: text, signature: text }),
  fc.record({ type: fc.constant('data' as const), name: fc.constantFrom('a', '__proto__'), data: json }),
  fc.record({ type: fc.constant('source' as const), id, url: text, metadata: fc.constant({ mine: 1 }) }),
  mediaType
    .filter((type) => type.includes('/') && !type.startsWith('video'))
    .map((mimeType): MessagePart => ({
      type: mimeType.startsWith('image') ? 'image' : 'document',
      source: { type: 'data', value: 'AAAA', mimeType },
      metadata: { filename: 'f', mine: 1 },
    })),
)

describe('for any message of ours', () => {
  it('there and back is the same message', () => {
    fc.assert(
      fc.property(fc.array(ourPart, { maxLength: 5 }), fc.constantFrom('user' as const, 'assistant' as const), (parts, role) => {
        const message: UIMessage = { id: 'm', role, metadata: { a: 1 }, parts }
        expect(fromAiSdkMessages(toAiSdkMessages([message]))).toEqual([message])
      }),
    )
  })
})
