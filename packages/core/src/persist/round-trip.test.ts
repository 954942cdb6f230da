import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createChat } from '../create-chat.ts'
import type { MessagePart, UIMessage } from '../transcript/message.ts'
import { manualConnection, settled, SimulatedClock } from '../../testing/index.ts'
import type { QueuedMessage } from '../session/events.ts'
import { persist } from './persist.ts'
import { manualPage, memoryStorage } from './test-kit.ts'

/** JSON has no -0; and null is no shared state. */
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => (JSON.parse(JSON.stringify(value)) as unknown) ?? 0)
const id = fc.string({ minLength: 1, maxLength: 6 })
const callOf = (state: 'input-complete' | 'approval-requested' | 'complete' | 'error' | 'cancelled'): fc.Arbitrary<MessagePart> =>
  fc.record({ id, input: json }).map(
    ({ id: callId, input }) =>
      ({
        type: 'tool-call',
        id: callId,
        name: 'nobodys',
        arguments: JSON.stringify(input),
        state,
        input,
        ...(state === 'approval-requested' && { approval: { id: `i-${callId}`, needsApproval: true } }),
        ...(state === 'complete' && { output: input }),
        ...(state === 'error' && { error: 'no' }),
      }) as unknown as MessagePart,
  )
const part: fc.Arbitrary<MessagePart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), content: id, state: fc.constant('done' as const) }),
  fc.record({ type: fc.constant('thinking' as const), content: id, state: fc.constant('done' as const) }),
  fc.record({ type: fc.constant('data' as const), name: id, data: json }),
  ...(['complete', 'error', 'cancelled', 'input-complete', 'approval-requested'] as const).map(callOf),
)
const message = fc.record(
  {
    role: fc.constantFrom('user' as const, 'assistant' as const),
    parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    createdAt: fc.date({ noInvalidDate: true }),
    metadata: fc.dictionary(id, json),
  },
  { requiredKeys: ['role', 'parts'] },
)

/** A tree: each message below one of those before it, or a root. */
const tree: fc.Arbitrary<UIMessage[]> = fc
  .array(fc.tuple(message, fc.nat()), { maxLength: 12 })
  .map((list) => list.map(([each, at], i): UIMessage => ({ ...each, id: `m${i}`, parentId: at % (i + 1) === 0 ? null : `m${(at % (i + 1)) - 1}` })))
const queue: fc.Arbitrary<QueuedMessage[]> = fc.array(fc.tuple(fc.string(), fc.dictionary(id, json)), { maxLength: 3 }).map((list) =>
  list.map(([content, data], i) => ({
    id: `q${i}`,
    message: { id: `q${i}`, role: 'user' as const, parts: [{ type: 'text' as const, content }] },
    options: { data },
  })),
)

it('any conversation is the same after it was stored and restored: tree, selected branch, queue and state', async () => {
  await fc.assert(
    fc.asyncProperty(tree, fc.nat(), queue, json, async (messages, shownAt, waiting, state) => {
      const storage = memoryStorage()
      const page = manualPage()
      const open = () => {
        const connection = manualConnection()
        return createChat({
          threadId: 't',
          connection,
          clock: new SimulatedClock() as never,
          persist: persist({ storage, page }),
          onWarning: (warning) => expect.fail(warning.message),
        })
      }
      const hostOf = (chat: ReturnType<typeof open>) => chat.actor.getSnapshot().context.host

      const first = open()
      // As if it had been read: what is stored of it is what counts here.
      hostOf(first).restore = () => ({ messages, head: messages.at(-1)?.id ?? null, queue: waiting, state })
      first.attach()
      await settled()
      if (messages.length > 0) first.selectBranch(`m${shownAt % messages.length}`)
      const before = conversation(first)
      first.dispose()

      const second = open()
      second.attach()
      await settled()
      if (messages.length + waiting.length > 0) expect(conversation(second)).toEqual(before)
      else expect(storage.items.size).toBe(0)
      second.dispose()

      function conversation(chat: ReturnType<typeof open>) {
        const { transcript } = hostOf(chat)
        return {
          all: transcript.all(),
          head: transcript.head(),
          queue: chat.getSnapshot().queue,
          state: transcript.state(),
          path: chat.messages.get(),
        }
      }
    }),
    { numRuns: 300 },
  )
})
