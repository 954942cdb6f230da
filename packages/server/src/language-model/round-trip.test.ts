import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepRecord } from '../tools/step-record.ts'
import { modelCall } from '../model-call.ts'
import { settleToolCalls } from '../settle-tool-calls.ts'
import { counter } from '../../test/support/count.ts'
import { languageModel } from './index.ts'
import { answering, promptFor, run, STOP } from './test-kit.ts'

type Part = Parameters<typeof answering>[0][number]
type Content = Record<string, unknown> & { type: string }

/** One block of an answer: the parts that stream it, and what the next prompt has to hold for it. */
interface Block {
  parts: Part[]
  back: Content[]
}

const said = fc.option(
  fc.string({ maxLength: 4 }).map((item) => ({ mock: { item } })),
  { nil: undefined },
)
const words = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
const meta = (providerMetadata: { mock: { item: string } } | undefined) => (providerMetadata === undefined ? {} : { providerMetadata })
const options = (providerOptions: object | undefined) => (providerOptions === undefined ? {} : { providerOptions })

const text = fc.record({ delta: words, providerMetadata: said }).map(({ delta, providerMetadata }): Block => ({
  parts: [
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta },
    { type: 'text-end', id: '0', ...meta(providerMetadata) },
  ],
  back: [{ type: 'text', text: delta, ...options(providerMetadata) }],
}))
const thought = fc.record({ delta: words, providerMetadata: said }).map(({ delta, providerMetadata }): Block => ({
  parts: [
    { type: 'reasoning-start', id: '0', ...meta(providerMetadata) },
    { type: 'reasoning-delta', id: '0', delta },
    { type: 'reasoning-end', id: '0' },
  ],
  back: [{ type: 'reasoning', text: delta, ...options(providerMetadata) }],
}))
/** Ids are filled in where the blocks are joined. */
const ownCall = fc.record({ x: fc.integer(), providerMetadata: said }).map(({ x, providerMetadata }): Block => ({
  parts: [{ type: 'tool-call', toolCallId: '', toolName: 'f', input: JSON.stringify({ x }), ...meta(providerMetadata) }],
  back: [{ type: 'tool-call', toolCallId: '', toolName: 'f', input: { x }, ...options(providerMetadata) }],
}))
const providersCall = fc.record({ q: words, called: said, answered: said }).map(({ q, called, answered }): Block => {
  const common = { toolCallId: '', toolName: 'search' }
  return {
    parts: [
      { type: 'tool-call', ...common, input: JSON.stringify({ q }), providerExecuted: true, ...meta(called) },
      { type: 'tool-result', ...common, result: [q], ...meta(answered) },
    ],
    back: [
      { type: 'tool-call', ...common, input: { q }, providerExecuted: true, ...options(called) },
      { type: 'tool-result', ...common, output: { type: 'json', value: [q] }, ...options(answered) },
    ],
  }
})
const custom = said.map((providerMetadata): Block => ({
  parts: [{ type: 'custom', kind: 'mock.kind', ...meta(providerMetadata) }],
  back: [{ type: 'custom', kind: 'mock.kind', ...options(providerMetadata) }],
}))

const withId = <T extends object>(item: T, id: string): T => ('toolCallId' in item ? { ...item, toolCallId: id } : item)

/** Texts in a row of which nothing was said may come back as one. */
const joined = (content: readonly Content[]): Content[] =>
  content.reduce<Content[]>((all, part) => {
    const last = all.at(-1)
    const isMore = last?.type === 'text' && part.type === 'text' && !last['providerOptions'] && !part['providerOptions']
    return isMore ? [...all.slice(0, -1), { ...last, text: `${String(last['text'])}${String(part['text'])}` }] : [...all, part]
  }, [])

describe('an answer', () => {
  it('comes back in the next prompt as it was: every part, in its order, with what the provider said of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(text, thought, ownCall, providersCall, custom), { minLength: 1, maxLength: 8 }), async (drawn) => {
        const blocks = drawn.map(({ parts, back }, n) => ({
          parts: parts.map((part) => withId(part, `c${n}`)),
          back: back.map((part) => withId(part, `c${n}`)),
        }))
        const record = stepRecord()
        const generateId = counter()
        const signal = new AbortController().signal
        const answer = modelCall(languageModel(answering([...blocks.flatMap(({ parts }) => parts), STOP])), {
          ...{ model: 'mock-1', messages: [], tools: [], signal, generateId },
          ...{ messageId: 'm', threadId: 't', runId: 'r' },
        })
        for await (const chunk of answer) record.accept(chunk)
        const own = blocks.flatMap(({ back }) => back).filter((part) => part.type === 'tool-call' && !part['providerExecuted'])
        const results = own.map(({ toolCallId }) => ({
          id: `${String(toolCallId)}-result`,
          role: 'tool' as const,
          toolCallId: String(toolCallId),
          content: 'ok',
        }))
        const prompt = (await promptFor(answering([STOP]), settleToolCalls([...record.messages(), ...results], generateId))) as {
          role: string
          content: Content[]
        }[]

        const back = blocks.flatMap((block) => block.back)
        const isNothing = back.every((part) => part.type === 'reasoning' && !part['providerOptions'])
        expect(prompt.map(({ role }) => role)).toEqual(isNothing ? [] : own.length > 0 ? ['assistant', 'tool'] : ['assistant'])
        if (isNothing) return
        expect(joined(prompt[0]!.content)).toEqual(joined(back))
        expect((prompt[1]?.content ?? []).map(({ toolCallId }) => toolCallId)).toEqual(own.map(({ toolCallId }) => toolCallId))
      }),
      { numRuns: 200 },
    )
  })
})

const part = fc.oneof(
  fc.record({ type: fc.constantFrom('text-start', 'text-end', 'reasoning-start', 'reasoning-end', 'tool-input-end'), id: fc.constantFrom('0', '1') }),
  fc.record({
    type: fc.constantFrom('text-delta', 'reasoning-delta', 'tool-input-delta'),
    id: fc.constantFrom('0', '1'),
    delta: fc.constantFrom('', 'x'),
  }),
  fc.record({ type: fc.constant('tool-input-start'), id: fc.constantFrom('0', '1'), toolName: fc.constant('f') }),
  fc.record({ type: fc.constant('tool-call'), toolCallId: fc.constantFrom('0', '1'), toolName: fc.constant('f'), input: fc.constantFrom('', '{}') }),
  fc.record({ type: fc.constant('tool-result'), toolCallId: fc.constantFrom('0', '1'), toolName: fc.constant('f'), result: fc.constantFrom(1, 'x') }),
  fc.record({ type: fc.constant('custom'), kind: fc.constant('mock.kind') }),
)

it('any parts in any order are a run that AG-UI accepts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(part, said), { maxLength: 12 }), fc.boolean(), async (parts, finishes) => {
      const answer = parts.map(([each, providerMetadata]) => ({ ...each, ...meta(providerMetadata) })) as Part[]
      const chunks = await run(answering([...answer, ...(finishes ? [STOP] : [])], [STOP]))
      expect(chunks.at(-1)?.type).toBe(finishes ? 'RUN_FINISHED' : 'RUN_ERROR')
    }),
    { numRuns: 200 },
  )
})
