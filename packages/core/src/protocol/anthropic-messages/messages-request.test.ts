import { describe, expect, it } from 'vitest'
import type { ContentPart, WireMessage } from '../chunk.ts'
import { requestOf, WEATHER } from '../model-test-kit.ts'
import { anthropicMessages, type AnthropicMessagesOptions } from './anthropic-messages.ts'

const encode = (options: Partial<AnthropicMessagesOptions>, ...request: Parameters<typeof requestOf>) =>
  anthropicMessages({ model: 'claude-sonnet-5-5', ...options }).encodeRequest(requestOf(...request))
const messages = (...wire: WireMessage[]) => encode({}, wire)['messages']
const text = (value: string) => ({ type: 'text', text: value })
const user = (content: string | ContentPart[]): WireMessage => ({ id: 'u', role: 'user', content })

it('the body of a message', () => {
  expect(
    encode({ system: 'Be brief.', temperature: 0.2, toolChoice: 'required' }, [{ id: 's', role: 'system', content: 'Be kind.' }, user('Hi')], {
      tools: [WEATHER],
    }),
  ).toEqual({
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    system: 'Be brief.\n\nBe kind.',
    messages: [{ role: 'user', content: [text('Hi')] }],
    stream: true,
    tools: [{ name: 'weather', description: 'The weather in a city', input_schema: WEATHER.parameters }],
    tool_choice: { type: 'any' },
    temperature: 0.2,
  })
})
it.each([
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  [{ name: 'weather' }, { type: 'tool', name: 'weather' }],
] as const)('the choice of tools %j', (toolChoice, expected) => {
  expect(encode({ toolChoice }, [user('Hi')], { tools: [WEATHER] })['tool_choice']).toEqual(expected)
})
it('the longest answer can be given', () => {
  expect(encode({ maxTokens: 7 }, [user('Hi')])).toMatchObject({ max_tokens: 7 })
})

describe('a conversation', () => {
  it('alternates, with thinking before calls, and results before what the person says', () => {
    expect(
      messages(
        user('Rome?'),
        { id: 'm-thinking-0', role: 'reasoning', content: 'Hm.', encryptedValue: 'signed' },
        { id: 'm-thinking-redacted-1', role: 'reasoning', content: '', encryptedValue: 'secret' },
        { id: 'm-thinking-2', role: 'reasoning', content: '', encryptedValue: 'signed, not shown' },
        { id: 'm-thinking-3', role: 'reasoning', content: 'Not signed.' },
        { id: 'rs_1', role: 'reasoning', content: 'Of another provider.', encryptedValue: 'sealed' },
        { id: 'm', role: 'assistant', content: 'Let me look.' },
        { id: 'm-thinking-4', role: 'reasoning', content: 'And now?', encryptedValue: 'signed again' },
        {
          id: 'm-2',
          role: 'assistant',
          toolCalls: [
            { id: 'call.1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
            { id: 'c2', type: 'function', function: { name: 'now', arguments: '[]' } },
          ],
        },
        { id: 't1', role: 'tool', toolCallId: 'call.1', content: 'Sunny' },
        { id: 't2', role: 'tool', toolCallId: 'c2', content: '', error: 'No clock' },
        user('Well?'),
        user('Hello?'),
      ),
    ).toEqual([
      { role: 'user', content: [text('Rome?')] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'signed' },
          { type: 'redacted_thinking', data: 'secret' },
          { type: 'thinking', thinking: '', signature: 'signed, not shown' },
          text('Let me look.'),
          { type: 'thinking', thinking: 'And now?', signature: 'signed again' },
          { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Rome' } },
          { type: 'tool_use', id: 'c2', name: 'now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: 'Sunny' },
          { type: 'tool_result', tool_use_id: 'c2', content: 'No clock', is_error: true },
          text('Well?'),
          text('Hello?'),
        ],
      },
    ])
  })
  it('has no empty text and no empty message', () => {
    const thought: WireMessage = { id: 'r', role: 'reasoning', content: 'Hm.', encryptedValue: 'signed' }
    expect(messages(user('Hi'), thought, { id: 'a', role: 'assistant', content: ' \n' }, user([text(' ') as ContentPart]), user('Hello?'))).toEqual([
      { role: 'user', content: [text('Hi'), text('Hello?')] },
    ])
  })
})
it('content parts', () => {
  const parts: ContentPart[] = [
    { type: 'image', source: { type: 'data', value: 'data:image/png;base64,AAAA', mimeType: 'image/png' } },
    { type: 'image', source: { type: 'url', value: 'https://a.b/c.png' } },
    { type: 'document', source: { type: 'data', value: 'DDDD', mimeType: 'application/pdf' } },
    { type: 'document', source: { type: 'data', value: btoa('caf\u00c3\u00a9'), mimeType: 'text/markdown' } },
    { type: 'document', source: { type: 'file', value: 'file-1' } },
  ]
  expect(messages(user(parts))).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        { type: 'image', source: { type: 'url', url: 'https://a.b/c.png' } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'DDDD' } },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'café' } },
        { type: 'document', source: { type: 'file', file_id: 'file-1' } },
      ],
    },
  ])
})
