import type { ContentPart, WireMessage } from '@statechat/core/wire'
import { describe, expect, it } from 'vitest'
import { completionMessages } from './completion-messages.ts'

const convert = (...messages: WireMessage[]) => completionMessages({ system: undefined, messages })
const user = (part: ContentPart) => convert({ id: 'u', role: 'user', content: [part] })
const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '' } }

describe('the messages of a completion', () => {
  it('have the instructions first, and no developer: only OpenAI knows that role', () => {
    expect(
      completionMessages({
        system: 'S',
        messages: [
          { id: 'd', role: 'developer', content: 'D' },
          { id: 'u', role: 'user', content: 'U' },
        ],
      }),
    ).toEqual([
      { role: 'system', content: 'S' },
      { role: 'system', content: 'D' },
      { role: 'user', content: 'U' },
    ])
  })

  it('are calls with results, and no reasoning', () => {
    expect(
      convert(
        { id: 'n', role: 'reasoning', content: 'hm' },
        { id: 'a', role: 'assistant', content: 'So:', toolCalls: [call] },
        {
          id: 't',
          role: 'tool',
          toolCallId: 'c',
          content: [
            { type: 'text', text: 'ok' },
            { type: 'image', source: { type: 'url', value: 'x' } },
          ],
        },
        { id: 't2', role: 'tool', toolCallId: 'd', content: '', error: 'boom' },
        { id: 'e', role: 'assistant' },
      ),
    ).toEqual([
      { role: 'assistant', content: 'So:', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content: 'ok\n[image]' },
      { role: 'tool', tool_call_id: 'd', content: 'Error: boom' },
    ])
  })

  it.each<[string, ContentPart, object]>([
    ['text', { type: 'text', text: 'Hi' }, { type: 'text', text: 'Hi' }],
    [
      'an image by address',
      { type: 'image', source: { type: 'url', value: 'http://x/y.png' } },
      { type: 'image_url', image_url: { url: 'http://x/y.png' } },
    ],
    [
      'an image in bytes',
      { type: 'image', source: { type: 'data', value: 'AA==', mimeType: 'image/png' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
    ],
    [
      'sound',
      { type: 'audio', source: { type: 'data', value: 'AA==', mimeType: 'audio/mpeg' } },
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } },
    ],
    [
      'a document',
      { type: 'document', source: { type: 'data', value: 'AA==', mimeType: 'application/pdf' }, metadata: { filename: 'a.pdf' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
    ],
    ['an uploaded file', { type: 'document', source: { type: 'file', value: 'file-1' } }, { type: 'file', file: { file_id: 'file-1' } }],
  ])('hold %s', (_what, part, expected) => {
    expect(user(part)).toEqual([{ role: 'user', content: [expected] }])
  })

  it.each<[string, ContentPart]>([
    ['a film', { type: 'video', source: { type: 'url', value: 'x' } }],
    ['sound in a rare format', { type: 'audio', source: { type: 'data', value: 'AA==', mimeType: 'audio/midi' } }],
    ['a document by address', { type: 'document', source: { type: 'url', value: 'x' } }],
  ])('cannot hold %s, which is said', (_what, part) => {
    expect(() => user(part)).toThrow(expect.objectContaining({ code: 'unsupported_content' }))
  })
})
