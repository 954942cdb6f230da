import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UIMessage } from './message.ts'
import { toModelMessages } from './to-model.ts'

const conversation: UIMessage[] = [
  { id: 's', role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
  {
    id: 'u',
    role: 'user',
    parts: [
      { type: 'text', content: 'See' },
      { type: 'image', source: { type: 'url', value: 'https://a.b/c.png' } },
    ],
  },
  {
    id: 'a',
    role: 'assistant',
    parts: [
      { type: 'thinking', content: 'Hm', messageId: 'r' },
      { type: 'text', content: 'Wait. ', messageId: 'a' },
      { type: 'tool-call', id: 'c', name: 'look', arguments: '{"n":1}', state: 'complete', input: { n: 1 }, output: 2, messageId: 'a' },
      { type: 'tool-result', toolCallId: 'c', content: '2', state: 'complete' },
      { type: 'data', name: 'chart', data: [1] },
      { type: 'text', content: 'Two.', messageId: 'b' },
    ],
  },
]

it('says what was said, called and answered, in this order', () => {
  expect(toModelMessages(conversation)).toEqual([
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'See' },
        { type: 'image', source: { type: 'url', value: 'https://a.b/c.png' } },
      ],
    },
    { role: 'assistant', content: 'Wait. ', toolCalls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"n":1}' } }] },
    { role: 'tool', content: '2', toolCallId: 'c' },
    { role: 'assistant', content: 'Two.' },
  ])
})

it('gives every call a result, whatever became of it', () => {
  const states = fc.constantFrom('awaiting-input', 'input-streaming', 'input-complete', 'approval-requested', 'executing', 'cancelled')
  fc.assert(
    fc.property(fc.array(states, { maxLength: 5 }), (all) => {
      const parts = all.map((state, i) => ({ type: 'tool-call', id: `c${i}`, name: 't', arguments: '{}', state, input: {} }))
      const told = toModelMessages([{ id: 'a', role: 'assistant', parts: parts as never }])
      const calls = told.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
      const results = told.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))
      expect(results).toEqual(calls.map(({ id }) => id))
    }),
  )
})
