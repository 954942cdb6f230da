import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatTest, opening, user } from '../test/chat-kit.ts'
import { failedRun, run, settled, text, toolCall } from '../testing/index.ts'
import { ChatError } from './errors.ts'

type Test = ReturnType<typeof chatTest>
type Move = (test: Test, n: number) => unknown

/** The last message of a role, if there is one. */
const last = ({ chat }: Test, role: string) => chat.getSnapshot().messages.findLast((message) => message.role === role)?.id ?? 'nobody'
const pushed = async ({ connection }: Test, chunks: Parameters<Test['connection']['run']['push']>) => {
  if (connection.runs.length === 0 || connection.run.signal.aborted) return
  await connection.run.push(...chunks)
  await connection.run.close()
}

const MOVES: Record<string, Move> = {
  send: ({ chat }, n) => void chat.sendMessage({ content: `Q${n}`, id: `Q${n}` }),
  answer: (test, n) => pushed(test, run(text(`a${n}`, `A${n}`), { usage: [{ inputTokens: n }] })),
  'answer with a call': (test, n) => pushed(test, run(toolCall(`c${n}`, 'ask', { n }), { finishReason: 'tool_calls' })),
  'begin to answer': async ({ connection }, n) => {
    if (connection.runs.length > 0 && !connection.run.signal.aborted) await connection.run.push(...opening(`a${n}`, `A${n}`))
  },
  'report an error': (test) => pushed(test, failedRun([], 'broken')),
  fail: async ({ connection }) => {
    if (connection.runs.length > 0 && !connection.run.signal.aborted) await connection.run.fail(new ChatError('http', '500'))
  },
  'answer a call': (test) => {
    const call = test.chat
      .getSnapshot()
      .messages.flatMap(({ parts }) => parts)
      .findLast((part) => part.type === 'tool-call')
    if (call?.type === 'tool-call') test.chat.addToolResult({ toolCallId: call.id, output: 1 })
  },
  stop: ({ chat }) => void chat.stop(),
  retry: ({ chat }) => void chat.retry(),
  reload: ({ chat }) => void chat.reload(),
  edit: (test, n) => void test.chat.edit(last(test, 'user'), { content: `E${n}`, id: `E${n}` }),
  clear: ({ chat }) => chat.clear(),
  setMessages: ({ chat }, n) => chat.setMessages([user(`S${n}`)]),
  setState: ({ chat }, n) => chat.setState({ n }),
  selectBranch: (test) => test.chat.selectBranch(last(test, 'assistant')),
  resumeQueue: ({ chat }) => chat.resumeQueue(),
  attach: ({ chat }) => chat.attach(),
  detach: ({ chat }) => chat.detach(),
}

describe('for any conversation', () => {
  it('a chat that rests is seen and heard as one that does not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(MOVES)), { maxLength: 25 }), async (names) => {
        const tools = [{ name: 'ask', description: 'Asks a person.', side: 'client' as const }]
        const [rests, awake] = [chatTest({ tools }), chatTest({ tools })]
        // Whoever has asked for the actor keeps it.
        void awake.chat.actor
        for (const [n, name] of names.entries()) {
          for (const test of [rests, awake]) {
            await MOVES[name]!(test, n)
            await settled()
          }
          expect(rests.chat.getSnapshot()).toEqual(awake.chat.getSnapshot())
          expect(rests.log).toEqual(awake.log)
          expect(rests.connection.runs.length).toBe(awake.connection.runs.length)
        }
        rests.chat.dispose()
        awake.chat.dispose()
      }),
      { numRuns: 300 },
    )
  })
})
