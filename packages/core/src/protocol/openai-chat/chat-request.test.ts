import { expect, it } from 'vitest'
import type { ContentPart, WireMessage } from '../chunk.ts'
import { requestOf, WEATHER } from '../model-test-kit.ts'
import { openaiChat, type OpenAIChatOptions } from './openai-chat.ts'

const encode = (options: Partial<OpenAIChatOptions>, ...request: Parameters<typeof requestOf>) =>
  openaiChat({ model: 'qwen3', ...options }).encodeRequest(requestOf(...request))
const messages = (...wire: WireMessage[]) => encode({}, wire)['messages']

it('the body of a completion', () => {
  expect(
    encode({ system: 'Be brief.', temperature: 0.2, maxTokens: 100, toolChoice: { name: 'weather' } }, [{ id: 'u', role: 'user', content: 'Hi' }], {
      tools: [WEATHER, { name: 'now', description: 'The time' }],
    }),
  ).toEqual({
    model: 'qwen3',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    tools: [
      { type: 'function', function: { ...WEATHER } },
      { type: 'function', function: { name: 'now', description: 'The time', parameters: { type: 'object', properties: {} } } },
    ],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    temperature: 0.2,
    max_tokens: 100,
  })
})
it.each([
  ['gpt-5.4', 'max_completion_tokens'],
  ['o4-mini', 'max_completion_tokens'],
  ['gpt-oss:20b', 'max_tokens'],
  ['olmo-2', 'max_tokens'],
  ['llama3.2', 'max_tokens'],
])('%s knows the longest answer as %s', (model, field) => {
  expect(encode({ model, maxTokens: 7 }, [])).toMatchObject({ [field]: 7 })
})
it('a conversation with calls and their results; reasoning stays here', () => {
  expect(
    messages(
      { id: 'd', role: 'developer', content: 'Be kind.' },
      { id: 'u', role: 'user', content: 'Rome?' },
      { id: 'r', role: 'reasoning', content: 'Hm.' },
      {
        id: 'a',
        role: 'assistant',
        content: 'Let me look.',
        toolCalls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
          { id: 'c2', type: 'function', function: { name: 'now', arguments: '' } },
        ],
      },
      {
        id: 't1',
        role: 'tool',
        toolCallId: 'c1',
        content: [
          { type: 'text', text: 'Sunny' },
          { type: 'image', source: { type: 'url', value: 'https://a.b/c.png' } },
        ],
      },
      { id: 't2', role: 'tool', toolCallId: 'c2', content: '', error: 'No clock' },
      { id: 'a2', role: 'assistant', content: 'Sunny.' },
    ),
  ).toEqual([
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Rome?' },
    {
      role: 'assistant',
      content: 'Let me look.',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } },
        { id: 'c2', type: 'function', function: { name: 'now', arguments: '{}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'Sunny\n[image]' },
    { role: 'tool', tool_call_id: 'c2', content: 'No clock' },
    { role: 'assistant', content: 'Sunny.' },
  ])
})
it('reasoning goes back in the field that the server asks for', () => {
  const wire: WireMessage[] = [
    { id: 'r', role: 'reasoning', content: 'Hm.' },
    { id: 'a', role: 'assistant', content: 'Hi' },
  ]
  expect(encode({ reasoningField: 'reasoning_content' }, wire)['messages']).toEqual([{ role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' }])
})
it('the seal of a call goes back to Gemini, and to nobody else', () => {
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, encryptedValue: 'signed' } as const
  const sent = (model: string) => JSON.stringify(encode({ model }, [{ id: 'm', role: 'assistant', toolCalls: [call] }]))
  expect(sent('gemini-3-flash')).toContain('"extra_content":{"google":{"thought_signature":"signed"}}')
  expect(sent('gpt-5.4')).not.toContain('signed')
})
it('content parts', () => {
  const parts: ContentPart[] = [
    { type: 'text', text: 'Look' },
    { type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' } },
    { type: 'image', source: { type: 'url', value: 'https://a.b/c.png' } },
    { type: 'audio', source: { type: 'data', value: 'data:audio/wav;base64,BBBB', mimeType: 'audio/wav' } },
    { type: 'audio', source: { type: 'data', value: 'CCCC', mimeType: 'audio/mpeg' } },
    { type: 'document', source: { type: 'data', value: 'DDDD', mimeType: 'application/pdf' }, metadata: { filename: 'a.pdf' } },
    { type: 'document', source: { type: 'file', value: 'file-1' } },
  ]
  expect(messages({ id: 'u', role: 'user', content: parts })).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'image_url', image_url: { url: 'https://a.b/c.png' } },
        { type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } },
        { type: 'input_audio', input_audio: { data: 'CCCC', format: 'mp3' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,DDDD' } },
        { type: 'file', file: { file_id: 'file-1' } },
      ],
    },
  ])
})
