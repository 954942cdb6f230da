import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { args, endCall, say, startCall, think, yielding } from '../test/support/adapters.ts'
import { collect, outline } from '../test/support/collect.ts'
import type { ModelChunk } from './adapter.ts'
import { ai } from './index.ts'
import { openParts, type PartChunk } from './open-parts.ts'

const sent = (...chunks: PartChunk[]) => {
  const parts = openParts('m')
  return outline([...chunks.flatMap((chunk) => parts.accept(chunk)), ...parts.closeAll()])
}

describe('open parts', () => {
  it('leaves what the adapter opened and closed itself as it is', () => {
    const chunks: PartChunk[] = [
      { type: 'REASONING_START', messageId: 't' },
      { type: 'REASONING_MESSAGE_START', messageId: 't', role: 'reasoning', metadata: { a: 1 } },
      think('hm'),
      { type: 'REASONING_MESSAGE_END', messageId: 't' },
      { type: 'REASONING_END', messageId: 't' },
      { type: 'TEXT_MESSAGE_START', messageId: 'm', metadata: { b: 2 } },
      startCall('c'),
      say('a'),
      args('c', '{}'),
      { type: 'TEXT_MESSAGE_END', messageId: 'm', metadata: { c: 3 } },
      endCall('c'),
    ]
    const parts = openParts('m')
    expect(chunks.flatMap((chunk) => parts.accept(chunk))).toEqual(
      chunks.map((chunk) => (chunk.type === 'TOOL_CALL_START' ? { ...chunk, parentMessageId: 'm' } : chunk)),
    )
    expect(parts.closeAll()).toEqual([])
  })

  it('puts a span around reasoning that has none, and closes both with the text that follows', () => {
    expect(sent(think('a'), think('b'), say('c'))).toEqual([
      'REASONING_START',
      'REASONING_MESSAGE_START',
      'REASONING_MESSAGE_CONTENT a',
      'REASONING_MESSAGE_CONTENT b',
      'REASONING_MESSAGE_END',
      'REASONING_END',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT c',
      'TEXT_MESSAGE_END',
    ])
  })

  it('drops empty deltas, a second START and an END of what is not open', () => {
    expect(sent(say(''), think(''), { type: 'TEXT_MESSAGE_END', messageId: 'x' }, startCall('c'), startCall('c'))).toEqual([
      'TOOL_CALL_START f',
      'TOOL_CALL_END',
    ])
  })

  it('ends a call before its result', () => {
    const result: PartChunk = { type: 'TOOL_CALL_RESULT', messageId: 'r', toolCallId: 'c', content: 'ok' }
    expect(sent(startCall('c'), result)).toEqual(['TOOL_CALL_START f', 'TOOL_CALL_END', 'TOOL_CALL_RESULT ok'])
  })

  it('makes a run that AG-UI accepts of whatever an adapter yields', async () => {
    const id = fc.constantFrom('a', 'b', '__proto__')
    const chunk: fc.Arbitrary<ModelChunk> = fc.oneof(
      ...(['TEXT_MESSAGE_START', 'TEXT_MESSAGE_END', 'REASONING_START', 'REASONING_END', 'REASONING_MESSAGE_END'] as const).map((type) =>
        id.map((messageId): ModelChunk => ({ type, messageId: type.startsWith('TEXT') ? `text ${messageId}` : `thought ${messageId}` })),
      ),
      id.map((messageId): ModelChunk => ({ type: 'REASONING_MESSAGE_START', messageId: `thought ${messageId}`, role: 'reasoning' })),
      id.map((messageId) => say('x', `text ${messageId}`)),
      id.map((messageId) => think('x', `thought ${messageId}`)),
      id.map((toolCallId) => startCall(toolCallId)),
      id.map((toolCallId) => endCall(toolCallId)),
      id.map((toolCallId): ModelChunk => ({ type: 'TOOL_CALL_RESULT', messageId: `result ${toolCallId}`, toolCallId, content: 'ok' })),
      fc.constant<ModelChunk>({ type: 'CUSTOM', name: 'n', value: null }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(chunk, { maxLength: 20 }),
        fc.constantFrom<(ModelChunk | Error)[]>([{ type: 'finish', reason: 'stop' }], [new Error('x')], []),
        async (chunks, end) => {
          await collect(
            ai(yielding(...chunks, ...end), { onError: () => {}, tools: [{ name: 'f', description: '' }] }).chat({
              messages: [{ role: 'user', content: '?' }],
            }),
          )
        },
      ),
      { numRuns: 300 },
    )
  }, 30_000)
})
