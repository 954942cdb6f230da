import { setFlagsFromString } from 'node:v8'
import { expect, it } from 'vitest'
import { toolCall, toolResult } from '../../testing/index.ts'
import type { UIMessage } from './message.ts'
import { Transcript } from './transcript.ts'

setFlagsFromString('--allow-natives-syntax')
/** V8's own word on whether two objects are laid out alike. */
const isAlike = new Function('a', 'b', 'return %HaveSameMap(a, b)') as (a: unknown, b: unknown) => boolean

/** So many different layouts there are among neighbours; those that come first are made before the engine knows the code. */
function layouts(objects: readonly unknown[]): number {
  const late = objects.slice(objects.length / 2)
  return late.filter((object, i) => i > 0 && !isAlike(object, late[i - 1])).length
}

const MANY = 400

it('messages that were put in are laid out alike, so that the code that reads all of them stays fast', () => {
  const initial = Array.from({ length: MANY }, (_, i): UIMessage => ({ id: `m${i}`, role: 'user', parts: [{ type: 'text', content: 'x' }] }))
  const transcript = new Transcript({ generateId: () => 'id' }, { messages: initial })
  expect(layouts(transcript.messages())).toBe(0)
})

it('so are tool calls that have their answer', () => {
  const transcript = new Transcript({ generateId: () => 'id' })
  transcript.beginRun(null, 'reply')
  for (let i = 0; i < MANY; i++) transcript.apply([...toolCall(`c${i}`, 'tool', {}), toolResult(`c${i}`, '{}')])
  const calls = transcript.messages()[0]!.parts.filter(({ type }) => type === 'tool-call')
  expect(calls).toHaveLength(MANY)
  expect(layouts(calls)).toBe(0)
})
