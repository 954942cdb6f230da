import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { answering, call, hanging, say, stop, think, toolCalls, yielding } from '../test/support/adapters.ts'
import { collect, customOf, outline, textOf } from '../test/support/collect.ts'
import { ai, type ChatOptions, type ModelAdapter, type ModelChunk, toolDefinition } from './index.ts'

const messages = [{ role: 'user' as const, content: '?' }]
const recipe = z.object({ title: z.string(), minutes: z.number().default(10) })

async function run(adapter: ModelAdapter, options: Partial<ChatOptions> = {}) {
  const failures: unknown[] = []
  const chunks = await collect(ai(adapter, { onError: (error) => void failures.push(error) }).chat({ messages, outputSchema: recipe, ...options }))
  return {
    chunks,
    failures,
    last: chunks.at(-1)!,
    starts: customOf(chunks, 'structured-output.start'),
    results: customOf(chunks, 'structured-output.complete'),
  }
}

describe('a structured answer', () => {
  it('is text that is announced before and given as a value after, as the schema makes it', async () => {
    const adapter = yielding(think('hm'), say('{"title":'), say('"Soup"}'), stop)
    const { chunks, starts, results } = await run(adapter)
    expect(outline(chunks).slice(-7)).toEqual([
      'CUSTOM',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT {"title":',
      'TEXT_MESSAGE_CONTENT "Soup"}',
      'TEXT_MESSAGE_END',
      'CUSTOM',
      'RUN_FINISHED',
    ])
    expect(starts).toEqual([{ messageId: 'm' }])
    expect(results).toEqual([{ messageId: 'm', object: { title: 'Soup', minutes: 10 }, raw: '{"title":"Soup"}' }])
    expect(adapter.requests[0]?.responseFormat).toMatchObject({
      name: 'answer',
      schema: { type: 'object', properties: { title: { type: 'string' }, minutes: { type: 'number' } }, required: ['title'] },
    })
  })

  it('may have any form, also of plain JSON Schema', async () => {
    const { results } = await run(yielding(say('[1,2]'), stop), { outputSchema: { type: 'array', items: { type: 'number' } } })
    expect(results).toEqual([{ messageId: 'm', object: [1, 2], raw: '[1,2]' }])
  })

  it('may be null, or begin with white space', async () => {
    expect((await run(yielding(say('\n null'), stop), { outputSchema: z.null() })).results).toEqual([
      { messageId: 'm', object: null, raw: '\n null' },
    ])
  })

  it('is not asked for without a schema', async () => {
    const adapter = yielding(say('{}'), stop)
    const { chunks } = await run(adapter, { outputSchema: undefined })
    expect(chunks.filter(({ type }) => type === 'CUSTOM')).toEqual([])
    expect(adapter.requests[0]).not.toHaveProperty('responseFormat')
  })

  it('cannot have a form that no JSON Schema says', () => {
    expect(() => ai(yielding(stop)).chat({ messages, outputSchema: z.date() })).toThrow(/outputSchema of chat\(\) cannot be written as JSON Schema/)
  })

  it('that is stopped is none, and no failure', async () => {
    const controller = new AbortController()
    const adapter = hanging(say('{"title"'))
    const stream = ai(adapter).chat({ messages, outputSchema: recipe, signal: controller.signal })
    const types: string[] = []
    for await (const { type } of stream) {
      types.push(type)
      if (type === 'TEXT_MESSAGE_CONTENT') controller.abort()
    }
    expect(types.slice(-3)).toEqual(['TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END', 'RUN_FINISHED'])
  })
})

describe('an answer of another form', () => {
  const text = 'The answer does not have the form that was asked for: '

  it.each<[string, ModelChunk[], string, object[]]>([
    ['does not fit', [say('{"title":1}'), stop], `${text}title: Invalid input: expected string, received number`, [{ path: ['title'] }]],
    ['is no JSON', [say('Soup!'), stop], `${text}It is not JSON.`, [{ message: 'It is not JSON.', path: [] }]],
    ['is empty', [stop], `${text}It is not JSON.`, [{ path: [] }]],
    ['is cut off', [say('{"title"'), { type: 'finish', reason: 'length' }], `${text}It was cut off at the limit of tokens.`, [{ path: [] }]],
    [
      'is a refusal',
      [{ type: 'TEXT_MESSAGE_START', messageId: 'm', metadata: { refusal: true } }, say('No.'), { type: 'finish', reason: 'content_filter' }],
      `${text}The model would not give it.`,
      [{ path: [] }],
    ],
  ])('because it %s is an error that says what is wrong, and keeps the text', async (_how, chunks, message, issues) => {
    const { last, results, failures } = await run(yielding(...chunks))
    expect(last).toMatchObject({ type: 'RUN_ERROR', code: 'invalid_output', message, metadata: { retryable: true, issues } })
    expect(results).toEqual([])
    expect(failures).toMatchObject([{ name: 'RunFailure', code: 'invalid_output' }])
  })

  it('is announced as one that was meant to fit, but for a refusal', async () => {
    expect((await run(yielding(say('Soup!'), stop))).starts).toEqual([{ messageId: 'm' }])
    const refusal: ModelChunk = { type: 'TEXT_MESSAGE_START', messageId: 'm', metadata: { refusal: true } }
    expect((await run(yielding(refusal, say('No.'), { type: 'finish', reason: 'content_filter' }))).starts).toEqual([])
  })

  it('names keys and indices on the way to what is wrong', async () => {
    const { last } = await run(yielding(say('{"steps":["a",2]}'), stop), { outputSchema: z.object({ steps: z.array(z.string()) }) })
    expect(last).toMatchObject({ metadata: { issues: [{ path: ['steps', 1] }] } })
  })
})

describe('a structured answer with tools', () => {
  const look = toolDefinition({ name: 'look' }).server(() => 'eggs')

  it('comes after them; what is said before a call is no part of it', async () => {
    const { chunks, starts, results, last } = await run(
      answering([say('Let me look.', 'm1'), ...call('c', 'look'), toolCalls], [say(' ', 'm2'), say('{"title":"Eggs"}', 'm2'), stop]),
      { tools: [look] },
    )
    expect(textOf(chunks)).toBe('Let me look. {"title":"Eggs"}')
    expect(starts).toEqual([{ messageId: 'm2' }])
    expect(results).toMatchObject([{ messageId: 'm2', object: { title: 'Eggs' } }])
    expect(outline(chunks).slice(-7)).toEqual([
      'CUSTOM',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT  ',
      'TEXT_MESSAGE_CONTENT {"title":"Eggs"}',
      'TEXT_MESSAGE_END',
      'CUSTOM',
      'RUN_FINISHED',
    ])
    expect(last).toMatchObject({ outcome: { type: 'success' } })
  })

  it('that is none in the end is an error, its text a text like any other', async () => {
    const { starts, last, chunks } = await run(answering([...call('c', 'look'), toolCalls], [say('No idea.', 'm2'), stop]), { tools: [look] })
    expect([starts, textOf(chunks)]).toEqual([[], 'No idea.'])
    expect(last).toMatchObject({ type: 'RUN_ERROR', code: 'invalid_output' })
  })

  it('keeps text of which nothing but white space came', async () => {
    const { chunks } = await run(answering([say(' ', 'm1'), ...call('c', 'look'), toolCalls], [say('{"title":""}', 'm2'), stop]), { tools: [look] })
    expect(outline(chunks).slice(1, 5)).toEqual(['TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT  ', 'TEXT_MESSAGE_END', 'TOOL_CALL_START look'])
  })

  it('waits while the client or a person is asked', async () => {
    const client = { name: 'ask', description: '' }
    const { results, last } = await run(answering([...call('c', 'ask'), toolCalls]), { tools: [client] })
    expect(results).toEqual([])
    expect(last).toMatchObject({ type: 'RUN_FINISHED', outcome: { pendingToolCallIds: ['c'] } })
  })

  it('of a form that words may have too is announced with the first of them', async () => {
    const { starts, results } = await run(answering([say('"So"'), stop]), { tools: [look], outputSchema: z.string() })
    expect([starts, results]).toEqual([[{ messageId: 'm' }], [{ messageId: 'm', object: 'So', raw: '"So"' }]])
  })
})
