import { expect, it } from 'vitest'
import type { UIMessage } from './message.ts'
import { toWireMessages } from './to-wire.ts'

it('answers that a server gave the same id go back with different ones', () => {
  const answer = (id: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content: id, messageId: 'msg' }] })
  expect(toWireMessages([answer('a'), answer('b'), answer('c')]).map(({ id }) => id)).toEqual(['msg', 'msg-2', 'msg-3'])
})
