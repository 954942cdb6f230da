import { expect, it } from 'vitest'
import type { ContentPart, WireMessage } from '../chunk.ts'
import type { ModelOptions } from '../model-request.ts'
import { requestOf, WEATHER } from '../model-test-kit.ts'
import { openaiResponses } from './openai-responses.ts'

const encode = (options: Partial<ModelOptions>, ...request: Parameters<typeof requestOf>) =>
  openaiResponses({ model: 'gpt-5.4', ...options }).encodeRequest(requestOf(...request))
const input = (...wire: WireMessage[]) => encode({}, wire)['input']

it('the body of a response', () => {
  expect(
    encode({ system: 'Be brief.', temperature: 0.2, maxTokens: 100, toolChoice: { name: 'weather' } }, [{ id: 'u', role: 'user', content: 'Hi' }], {
      tools: [WEATHER],
    }),
  ).toEqual({
    model: 'gpt-5.4',
    instructions: 'Be brief.',
    input: [{ role: 'user', content: 'Hi' }],
    stream: true,
    store: false,
    tools: [{ type: 'function', ...WEATHER, strict: false }],
    tool_choice: { type: 'function', name: 'weather' },
    temperature: 0.2,
    max_output_tokens: 100,
  })
})
it('a conversation with calls, their results and sealed reasoning', () => {
  expect(
    input(
      { id: 'd', role: 'developer', content: 'Be kind.' },
      { id: 'u', role: 'user', content: 'Rome?' },
      { id: 'rs_1', role: 'reasoning', content: 'Hm.', encryptedValue: 'sealed' },
      { id: 'rs_2', role: 'reasoning', content: '', encryptedValue: 'sealed too' },
      { id: 'rs_3', role: 'reasoning', content: 'Not sealed.' },
      { id: 'msg_1-thinking-0', role: 'reasoning', content: 'Of another provider.', encryptedValue: 'signed' },
      {
        id: 'a',
        role: 'assistant',
        content: 'Let me look.',
        toolCalls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
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
      { id: 'a2', role: 'assistant', content: 'Sunny.' },
    ),
  ).toEqual([
    { role: 'developer', content: 'Be kind.' },
    { role: 'user', content: 'Rome?' },
    { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'sealed' },
    { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'sealed too' },
    { role: 'assistant', content: 'Let me look.' },
    { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Rome"}' },
    {
      type: 'function_call_output',
      call_id: 'c1',
      output: [
        { type: 'input_text', text: 'Sunny' },
        { type: 'input_image', image_url: 'https://a.b/c.png' },
      ],
    },
    { role: 'assistant', content: 'Sunny.' },
  ])
})
it('content parts', () => {
  const parts: ContentPart[] = [
    { type: 'text', text: 'Look' },
    { type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' } },
    { type: 'image', source: { type: 'file', value: 'file-1' } },
    { type: 'audio', source: { type: 'data', value: 'BBBB', mimeType: 'audio/wav' } },
    { type: 'document', source: { type: 'data', value: 'DDDD', mimeType: 'application/pdf' }, metadata: { filename: 'a.pdf' } },
    { type: 'document', source: { type: 'url', value: 'https://a.b/c.pdf' } },
    { type: 'document', source: { type: 'file', value: 'file-2' } },
  ]
  expect(input({ id: 'u', role: 'user', content: parts })).toEqual([
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'Look' },
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        { type: 'input_image', file_id: 'file-1' },
        { type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,DDDD' },
        { type: 'input_file', file_url: 'https://a.b/c.pdf' },
        { type: 'input_file', file_id: 'file-2' },
      ],
    },
  ])
})
