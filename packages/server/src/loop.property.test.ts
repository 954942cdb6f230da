import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { answering, call, say, stop, toolCalls } from '../test/support/adapters.ts'
import { collect } from '../test/support/collect.ts'
import { ai, type Chunk, toolDefinition } from './index.ts'

const inputSchema = z.object({ n: z.number() })
const define = (name: string, needsApproval?: boolean) => toolDefinition({ name, inputSchema, ...(needsApproval !== undefined && { needsApproval }) })

const tools = [
  define('quick').server(({ n }) => n),
  define('slow').server(async ({ n }, { emit }) => {
    emit(n)
    await Promise.resolve()
    emit(null)
    return { n }
  }),
  define('broken').server(() => {
    throw new Error('broken')
  }),
  define('asks', true).server(({ n }) => n),
  define('client').client(),
  { name: 'wire', description: '' },
]
const names = ['quick', 'slow', 'broken', 'asks', 'client', 'wire', 'unknown', '__proto__']

/** What the end of a run says is left. */
function leftOf(last: Chunk | undefined): { pending: string[]; asked: string[] } {
  if (last?.type !== 'RUN_FINISHED') return { pending: [], asked: [] }
  const { outcome } = last
  return {
    pending: outcome?.type === 'success' ? (outcome.pendingToolCallIds ?? []) : [],
    asked: outcome?.type === 'interrupt' ? outcome.interrupts.map(({ toolCallId }) => toolCallId!) : [],
  }
}

it('whatever a model calls, each call has one answer or is left to somebody by name, in one valid run', async () => {
  const input = fc.constantFrom<unknown>({ n: 1 }, { n: 'x' }, {}, '', '{"n":', 'null')
  const step = fc.array(fc.tuple(fc.constantFrom(...names), input), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 4 }), fc.integer({ min: 1, max: 4 }), async (steps, maxSteps) => {
      const answers = steps.map((calls, s) => [...calls.flatMap(([name, args], c) => call(`call-${s}-${c}`, name, args)), toolCalls])
      const adapter = answering(...answers, [say('Done.'), stop])
      const chunks = await collect(ai(adapter, { onError: () => {}, tools, maxSteps }).chat({ messages: [{ role: 'user', content: '?' }] }))

      const started = chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_START' ? [chunk.toolCallId] : []))
      const answered = chunks.flatMap((chunk) => (chunk.type === 'TOOL_CALL_RESULT' ? [chunk.toolCallId] : []))
      const announced = chunks.flatMap((chunk) =>
        chunk.type === 'CUSTOM' && chunk.name !== 'tool-progress' ? [(chunk.value as { toolCallId: string }).toolCallId] : [],
      )
      expect([...answered, ...announced].sort()).toEqual(started.sort())
      const { pending, asked } = leftOf(chunks.at(-1))
      // Beside a question the calls of the client are only announced.
      expect(announced).toEqual(asked.length > 0 ? expect.arrayContaining(asked) : pending)
      expect(adapter.requests.length).toBeLessThanOrEqual(maxSteps)
      for (const { messages } of adapter.requests) {
        const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
        expect(messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))).toEqual(calls.map(({ id }) => id))
        for (const { function: called } of calls) expect(() => void JSON.parse(called.arguments)).not.toThrow()
      }
    }),
    { numRuns: 150 },
  )
})
