import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counter } from '../../test/support/count.ts'
import { isChatRequestError, parseChatBody } from '../index.ts'
import { parseUIMessageBody } from './parse-ui-message-body.ts'

const parse = (body: unknown) => parseUIMessageBody(body, { generateId: counter() })
const user = (...parts: unknown[]) => ({ id: 'u', role: 'user', parts })
const assistant = (...parts: unknown[]) => ({ id: 'a', role: 'assistant', parts })
const text = (value: string) => ({ type: 'text', text: value })
const body = (...messages: unknown[]) => ({ id: 'chat', messages, trigger: 'submit-message' })

/** What the route gets to see of it. */
const wire = (...messages: unknown[]) => parseChatBody(parse(body(...messages))).messages

describe('the body of an AI SDK client', () => {
  it('becomes ours, with what else it holds', () => {
    expect(parse({ ...body(user(text('Hello'))), messageId: 'u', flavour: 'sweet' })).toEqual({
      threadId: 'chat',
      messages: [{ id: 'u', role: 'user', parts: [{ type: 'text', content: 'Hello' }] }],
      trigger: 'submit-message',
      messageId: 'u',
      flavour: 'sweet',
    })
  })

  it('is known by its parts where a client sends a body of its own', () => {
    expect(parse({ messages: [user(text('Hello'))] })).toMatchObject({ messages: [{ parts: [{ content: 'Hello' }] }] })
  })

  it.each([
    null,
    'text',
    {},
    { messages: [] },
    { messages: [{ role: 'user', content: 'Hello' }] },
    { messages: [user({ type: 'text', content: 'ours' })] },
    { messages: [assistant({ type: 'tool-result', toolCallId: 'c', content: 'ours', state: 'complete' })] },
    { threadId: 't', runId: 'r', messages: [user(text('Hello'))] },
  ])('is not: %j', (other) => {
    expect(parse(other)).toBeUndefined()
  })

  it('says everything that a model has to know', () => {
    expect(
      wire(
        user(text('Look: '), { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AAAA' }),
        assistant(
          { type: 'step-start' },
          { type: 'reasoning', text: 'Hm.', providerMetadata: { statechat: { signature: 'sealed' } } },
          { type: 'text', text: 'One moment.' },
          { type: 'tool-weather', toolCallId: 'c', state: 'output-available', input: { city: 'Rome' }, output: null },
          { type: 'source-url', sourceId: 's', url: 'https://x.y' },
          { type: 'data-note', data: 1 },
          { type: 'step-start' },
          { type: 'text', text: 'Nothing.' },
        ),
      ),
    ).toMatchObject([
      {
        id: 'u',
        role: 'user',
        content: [
          { type: 'text', text: 'Look: ' },
          { type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' } },
        ],
      },
      { id: expect.any(String), role: 'reasoning', content: 'Hm.', encryptedValue: 'sealed' },
      {
        id: 'a',
        role: 'assistant',
        content: 'One moment.',
        toolCalls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
      },
      { id: 'c-result', role: 'tool', toolCallId: 'c', content: 'null' },
      { id: 'a-2', role: 'assistant', content: 'Nothing.' },
    ])
  })

  it('has the answers to approvals, but not those that were heard before', () => {
    const asked = (id: string, fields: object) => ({ type: 'tool-pay', toolCallId: id, input: {}, ...fields })
    const { resume } = parse(
      body(
        assistant(
          asked('c1', { state: 'approval-responded', approval: { id: 'x1', approved: true } }),
          asked('c2', { state: 'approval-responded', approval: { id: 'x2', approved: false, reason: 'no' } }),
          asked('c3', { state: 'output-available', output: 1, approval: { id: 'x3', approved: true } }),
          asked('c4', { state: 'output-denied', approval: { id: 'x4', approved: false } }),
        ),
      ),
    )!
    expect(resume).toEqual([
      { interruptId: 'x1', status: 'resolved', payload: { approved: true } },
      { interruptId: 'x2', status: 'resolved', payload: { approved: false, reason: 'no' } },
    ])
  })

  it('may have null for what is absent', () => {
    expect(wire(user({ ...text('Hello'), state: null, providerMetadata: null }))).toEqual([{ id: 'u', role: 'user', content: 'Hello' }])
  })
})

describe('a body that is wrong', () => {
  const tool = (fields: object) => ({ type: 'tool-f', toolCallId: 'c', state: 'input-available', input: {}, ...fields })
  it.each([
    [body('text'), 'messages[0]: expected an object, got a string'],
    [body({ role: 'robot', parts: [] }), 'messages[0].role: expected one of system, user, assistant, got a string'],
    [body({ role: 'user' }), 'messages[0].parts: expected an array, got nothing'],
    [body(user(5)), 'messages[0].parts[0]: expected an object, got a number'],
    [body(user({ type: 'text', text: 5 })), 'messages[0].parts[0].text: expected a string, got a number'],
    [body(user({ type: 'file', url: 'x' })), 'messages[0].parts[0].mediaType: expected a string, got nothing'],
    [body(assistant(tool({ state: 'done' }))), 'messages[0].parts[0].state: expected one of'],
    [body(assistant(tool({ toolCallId: '' }))), 'messages[0].parts[0].toolCallId: must not be empty'],
    [body(assistant(tool({ type: 'dynamic-tool' }))), 'messages[0].parts[0].toolName: expected a string, got nothing'],
    [body(assistant(tool({ state: 'output-error' }))), 'messages[0].parts[0].errorText: expected a string, got nothing'],
    [body(assistant(tool({ approval: {} }))), 'messages[0].parts[0].approval.id: expected a string, got nothing'],
    [{ ...body(user(text('x'))), id: 5 }, 'id: expected a string, got a number'],
  ])('is refused with the place and the reason: %j', (value, message) => {
    expect(() => parse(value)).toThrow(message)
  })

  it('throws nothing but a ChatRequestError, whatever it holds', () => {
    const json = fc.jsonValue({ maxDepth: 3 })
    const part = fc.oneof(
      json,
      fc.record(
        {
          type: fc.constantFrom('text', 'file', 'tool-f', 'dynamic-tool', 'reasoning', 'step-start', 'data-x', '__proto__'),
          text: fc.oneof(json, fc.string()),
          url: fc.oneof(json, fc.string()),
          mediaType: fc.oneof(json, fc.string()),
          providerMetadata: fc.oneof(json, fc.constant({ statechat: null }), fc.constant({ statechat: { metadata: 5, signature: 5 } })),
          toolCallId: fc.oneof(json, fc.string()),
          toolName: json,
          state: fc.oneof(json, fc.constantFrom('output-available', 'output-denied', 'approval-responded', 'input-streaming')),
          input: json,
          rawInput: json,
          output: json,
          approval: fc.oneof(json, fc.constant({ id: 'x', approved: 'maybe' })),
        },
        { requiredKeys: ['type'] },
      ),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.constantFrom('user', 'assistant', 'system'), (parts, role) => {
        try {
          parseChatBody(parse(body({ id: 'm', role, parts })))
        } catch (error) {
          expect(isChatRequestError(error), String(error)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
