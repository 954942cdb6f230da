import type { WireMessage } from '@statechat/core/wire'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import { describe, expect, it } from 'vitest'
import { callsOf, collect, outline, textOf, thoughtOf } from '../../test/support/collect.ts'
import { counter } from '../../test/support/count.ts'
import { ai } from '../index.ts'
import { openai } from './index.ts'

/** Plays chunks as a server sent them: what is tested here are servers that are not quite OpenAI. */
function run(chunks: unknown[], { messages = [], end }: { messages?: WireMessage[]; end?: Error } = {}) {
  const client = {
    chat: {
      completions: {
        async create() {
          return (async function* () {
            yield* chunks as ChatCompletionChunk[]
            if (end) throw end
          })()
        },
      },
    },
  }
  const user: WireMessage = { id: 'u', role: 'user', content: '?' }
  const tools = ['f', 'g'].map((name) => ({ name, description: '' }))
  return collect(ai(openai({ client, model: 'm' }), { generateId: counter(), onError: () => {}, tools }).chat({ messages: [...messages, user] }))
}

const delta = (fields: object, finish_reason: string | null = null) => ({ model: 'm-1', choices: [{ index: 0, delta: fields, finish_reason }] })
const done = (reason = 'stop') => delta({}, reason)
const usage = {
  model: 'm-1',
  choices: [],
  usage: {
    prompt_tokens: 3,
    completion_tokens: 4,
    total_tokens: 7,
    prompt_tokens_details: { cached_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 1 },
  },
}
const calls = (...tool_calls: object[]) => delta({ tool_calls })

describe('text', () => {
  it('may come with nulls and empty strings around it', async () => {
    const chunks = await run([
      delta({ role: 'assistant', content: '', refusal: null, reasoning: null }),
      delta({ content: 'Hi' }),
      { choices: [] },
      done(),
    ])
    expect(textOf(chunks)).toBe('Hi')
  })

  it('that is a refusal is shown, marked, and ends as content_filter', async () => {
    const chunks = await run([delta({ refusal: 'I ' }), delta({ refusal: 'will not.' }), done()])
    expect(textOf(chunks)).toBe('I will not.')
    expect(chunks.find((chunk) => chunk.type === 'TEXT_MESSAGE_START')?.metadata).toEqual({ refusal: true })
    expect(chunks.at(-1)).toMatchObject({ metadata: { finishReason: 'content_filter' } })
  })
})

describe('reasoning', () => {
  it.each(['reasoning_content', 'reasoning'])('comes as %s', async (field) => {
    const chunks = await run([delta({ [field]: 'hm ' }), delta({ [field]: 'yes' }), delta({ content: 'Hi' }), done()])
    expect([thoughtOf(chunks), textOf(chunks)]).toEqual(['hm yes', 'Hi'])
  })

  it('after text is another thought', async () => {
    const chunks = await run([delta({ reasoning: 'a' }), delta({ content: 'b' }), delta({ reasoning: 'c' }), done()])
    const ids = chunks.flatMap((chunk) => (chunk.type === 'REASONING_MESSAGE_START' ? [chunk.messageId] : []))
    expect(new Set(ids).size).toBe(2)
  })
})

it('text, a thought and text again are three parts, and a call belongs to the last of them', async () => {
  const chunks = await run([
    delta({ content: 'First.' }),
    delta({ reasoning: 'hm' }),
    delta({ content: 'Second.' }),
    calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
    done('tool_calls'),
  ])
  const starts = chunks.flatMap((chunk) => (chunk.type === 'TEXT_MESSAGE_START' || chunk.type === 'REASONING_MESSAGE_START' ? [chunk] : []))
  expect(starts.map(({ type }) => type)).toEqual(['TEXT_MESSAGE_START', 'REASONING_MESSAGE_START', 'TEXT_MESSAGE_START'])
  expect(new Set(starts.map(({ messageId }) => messageId)).size).toBe(3)
  expect(chunks.find((chunk) => chunk.type === 'TOOL_CALL_START')?.parentMessageId).toBe(starts[2]?.messageId)
})

describe('tool calls', () => {
  it('are told apart by index, their arguments interleaved', async () => {
    const chunks = await run([
      calls({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }, { index: 1, id: 'b', function: { name: 'g', arguments: '{"y"' } }),
      calls({ index: 0, function: { arguments: '{"x":1}' } }),
      calls({ index: 1, function: { arguments: ':2}' } }),
      done('tool_calls'),
    ])
    expect(callsOf(chunks)).toEqual([
      { id: 'a', name: 'f', input: { x: 1 } },
      { id: 'b', name: 'g', input: { y: 2 } },
    ])
  })

  it.each<[string, object[]]>([
    [
      'no ids',
      [
        { index: 0, function: { name: 'f', arguments: '{"x":1}' } },
        { index: 1, function: { name: 'f', arguments: '{"x":2}' } },
      ],
    ],
    [
      'no index',
      [
        { id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
        { id: 'b', function: { name: 'f', arguments: '{"x":2}' } },
      ],
    ],
    ['neither', [{ function: { name: 'f', arguments: '{"x":1}' } }, { function: { name: 'f', arguments: '{"x":2}' } }]],
    [
      'index 0 for all',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
        { index: 0, id: 'b', function: { name: 'f', arguments: '{"x":2}' } },
      ],
    ],
    [
      'one id for all',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
        { index: 1, id: 'a', function: { name: 'f', arguments: '{"x":2}' } },
      ],
    ],
    [
      'the name in each piece',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } },
        { index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } },
        { index: 1, id: 'b', function: { name: 'f', arguments: '{"x":2}' } },
      ],
    ],
    [
      'the name after the arguments',
      [
        { index: 0, id: 'a', function: { arguments: '{"x"' } },
        { index: 0, function: { name: 'f', arguments: ':1}' } },
        { index: 1, id: 'b', function: { name: 'f', arguments: '{"x":2}' } },
      ],
    ],
  ])('with %s are two calls with two ids all the same', async (_what, deltas) => {
    const chunks = await run([...deltas.map((call) => calls(call)), done()])
    const found = callsOf(chunks)
    expect(found.map(({ name, input }) => [name, input])).toEqual([
      ['f', { x: 1 }],
      ['f', { x: 2 }],
    ])
    expect(new Set(found.map(({ id }) => id)).size).toBe(2)
    expect(chunks.at(-1)).toMatchObject({ metadata: { finishReason: 'tool_calls' }, outcome: { pendingToolCallIds: found.map(({ id }) => id) } })
  })

  it('get a new id where a server counts from zero in every answer', async () => {
    const messages: WireMessage[] = [
      { id: 'a', role: 'assistant', toolCalls: [{ id: 'call_0', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { id: 't', role: 'tool', toolCallId: 'call_0', content: 'ok' },
    ]
    const [call] = callsOf(await run([calls({ index: 0, id: 'call_0', function: { name: 'f', arguments: '{}' } }), done()], { messages }))
    expect(call?.id).not.toBe('call_0')
  })

  it('without any name are a bad response', async () => {
    expect((await run([calls({ index: 0, id: 'a', function: { arguments: '{}' } }), done()])).at(-1)).toMatchObject({ code: 'bad_response' })
  })
})

describe('the limit of tokens', () => {
  it.each([
    ['https://api.openai.com/v1', 'max_completion_tokens'],
    ['https://mine.openai.azure.com/openai', 'max_completion_tokens'],
    ['http://localhost:11434/v1', 'max_tokens'],
    ['https://openai.example.com/v1', 'max_tokens'],
  ])('is for %s called %s', async (baseURL, field) => {
    let body: unknown
    const create = async (sent: unknown) => {
      body = sent
      return (async function* () {
        yield done() as unknown as ChatCompletionChunk
      })()
    }
    await collect(
      ai(openai({ client: { baseURL, chat: { completions: { create } } }, model: 'm' })).chat({
        messages: [{ role: 'user', content: '?' }],
        maxTokens: 5,
      }),
    )
    expect(body).toMatchObject({ [field]: 5 })
  })
})

describe('the end', () => {
  it('carries the usage, which comes after the finish reason', async () => {
    expect((await run([delta({ content: 'Hi' }), done(), usage])).at(-1)).toMatchObject({
      usage: [{ provider: 'openai', model: 'm-1', inputTokens: 3, outputTokens: 4, totalTokens: 7, reasoningTokens: 1, cachedInputTokens: 2 }],
    })
  })

  it('without a finish reason is a truncation', async () => {
    expect((await run([delta({ content: 'Hi' }), usage])).at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'truncated' })
  })

  it('is the end also when the connection breaks before the usage', async () => {
    const chunks = await run([delta({ content: 'Hi' }), done()], { end: new TypeError('terminated') })
    expect(outline(chunks).at(-1)).toBe('RUN_FINISHED')
  })

  it('is an error when the connection breaks before it', async () => {
    expect((await run([delta({ content: 'Hi' })], { end: new TypeError('terminated') })).at(-1)).toMatchObject({ code: 'truncated' })
  })
})
