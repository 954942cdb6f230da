import type { WireMessage } from '@statechat/core/wire'
import { describe, expect, it } from 'vitest'
import { callsOf, collect, outline, textOf, thoughtOf } from '../../test/support/collect.ts'
import { counter } from '../../test/support/count.ts'
import { manualClock } from '../../test/support/manual-clock.ts'
import { ai, type Chunk, type ChatOptions, toStreamResponse } from '../index.ts'
import { type FixedReply, scripted, type ScriptedOptions } from './index.ts'

const ask = (content: string) => [{ role: 'user' as const, content }]
const run = (options: ScriptedOptions, chat: ChatOptions) =>
  collect(ai(scripted({ delayMs: 0, ...options }), { generateId: counter(), onError: () => {} }).chat(chat))
const answer = (content: string, chat: Partial<ChatOptions> = {}) => run({}, { messages: ask(content), ...chat })

describe('the built-in replies', () => {
  it('are the same every time', async () => {
    expect(await answer('Tell me something')).toEqual(await answer('Tell me something'))
  })

  it('write Markdown with every usual element, in many small pieces', async () => {
    const chunks = await answer('Tell me something')
    const text = textOf(chunks)
    for (const element of [/^## /m, /^1\. /m, /^```ts$/m, /^\| ---/m, /\]\(https:/, /“Tell me something”/]) expect(text).toMatch(element)
    expect(outline(chunks).filter((line) => line.startsWith('TEXT_MESSAGE_CONTENT')).length).toBeGreaterThan(100)
    expect(chunks.at(-1)).toMatchObject({ metadata: { finishReason: 'stop' }, usage: [{ provider: 'scripted', model: 'scripted' }] })
  })

  it('greet', async () => {
    expect(textOf(await answer('Hello!'))).toMatch(/^Hello! I am the scripted model/)
  })

  it('reason before the answer when asked to think', async () => {
    const chunks = await answer('Think about it')
    expect(thoughtOf(chunks)).toContain('The person wants me to think')
    const types = chunks.map(({ type }) => type)
    expect(types.indexOf('REASONING_END')).toBeLessThan(types.indexOf('TEXT_MESSAGE_START'))
  })

  it('fail in the middle when asked to fail', async () => {
    const chunks = await answer('Please fail')
    expect(textOf(chunks)).not.toBe('')
    expect(chunks.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'provider_unavailable' })
  })

  it('call get_weather, and tell what it said', async () => {
    const chunks = await answer('What is the weather like in São Paulo today?')
    expect(callsOf(chunks)).toEqual([{ id: expect.any(String), name: 'get_weather', input: { city: 'São Paulo' } }])
    const result = chunks.find((chunk) => chunk.type === 'TOOL_CALL_RESULT')
    const { temperature } = JSON.parse(String(result?.content)) as { temperature: number }
    expect(textOf(chunks)).toContain(`**São Paulo**: ${temperature} °C`)
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'success' }, metadata: { finishReason: 'stop' } })
    expect(chunks.at(-1)).not.toHaveProperty('outcome.pendingToolCallIds')
  })

  it.each([
    ['What is 12 * 7?', 'calculate', { expression: '12 * 7' }, '84'],
    ['12 × 7', 'calculate', { expression: '12 * 7' }, '84'],
    ['0.1 + 0.2', 'add', { a: 0.1, b: 0.2 }, '0.3'],
    ['add 2 and 3, please', 'add', { a: 2, b: 3 }, '5'],
    ['9 minus 12', 'calculate', { expression: '9 - 12' }, '-3'],
    ['1 / 0', 'calculate', { expression: '1 / 0' }, 'undefined'],
  ])('compute %s with %s', async (question, name, input, result) => {
    const chunks = await answer(question)
    expect(callsOf(chunks)).toEqual([{ id: expect.any(String), name, input }])
    expect(textOf(chunks)).toContain(`= **${result}**`)
  })

  it('take a date for no sum', async () => {
    expect(callsOf(await answer('What happened on 2026-01-02?'))).toEqual([])
  })
})

describe('a tool that the client declares', () => {
  const tools = [{ name: 'get_weather', description: 'Weather' }]

  it('is left to the client, and its result is put into words in the next run', async () => {
    const first = await answer('weather in Oslo', { tools })
    const [call] = callsOf(first)
    expect(first.at(-1)).toMatchObject({ outcome: { pendingToolCallIds: [call!.id] }, metadata: { finishReason: 'tool_calls' } })
    expect(first.some(({ type }) => type === 'TOOL_CALL_RESULT')).toBe(false)

    const history: WireMessage[] = [
      { id: 'u', role: 'user', content: 'weather in Oslo' },
      {
        id: 'a',
        role: 'assistant',
        content: textOf(first),
        toolCalls: [{ id: call!.id, type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } }],
      },
      { id: 't', role: 'tool', toolCallId: call!.id, content: '{"temperature":-3,"condition":"snow"}' },
    ]
    const second = await run({}, { messages: history, tools })
    expect(textOf(second)).toBe('**Oslo**: -3 °C, snow.')
    expect(callsOf(second)).toEqual([])
  })

  it('may fail', async () => {
    const second = await run(
      {},
      {
        tools,
        messages: [
          { id: 'u', role: 'user', content: 'weather in Oslo' },
          { id: 'a', role: 'assistant', toolCalls: [{ id: 'c', type: 'function', function: { name: 'get_weather', arguments: '{}' } }] },
          { id: 't', role: 'tool', toolCallId: 'c', content: '', error: 'no permission' },
        ],
      },
    )
    expect(textOf(second)).toContain('could not be looked up: no permission')
  })
})

describe('the errands', () => {
  const tools = ['set_theme', 'get_location', 'send_mail', 'get_weather', 'f'].map((name) => ({ name, description: '' }))

  /** The answer once the one call that was made has this result. */
  async function after(question: string, result: { content: string; error?: string }) {
    const first = await answer(question, { tools })
    const calls = callsOf(first)
    const toolCalls = calls.map(({ id, name, input }) => ({ id, type: 'function' as const, function: { name, arguments: JSON.stringify(input) } }))
    const history: WireMessage[] = [
      { id: 'u', role: 'user', content: question },
      { id: 'a', role: 'assistant', content: textOf(first), toolCalls },
      { id: 't', role: 'tool', toolCallId: calls[0]!.id, ...result },
    ]
    return { call: { name: calls[0]!.name, input: calls[0]!.input }, said: textOf(await run({}, { messages: history, tools })) }
  }

  it.each<[string, string, unknown, string, string]>([
    ['Make it dark, please', 'set_theme', { theme: 'dark' }, '"ok"', 'The page is **dark** now.'],
    ['Switch to the light theme', 'set_theme', { theme: 'light' }, '"ok"', 'The page is **light** now.'],
    ['Where am I?', 'get_location', {}, '{"latitude":59.9,"longitude":10.7}', 'You are at **59.9, 10.7**.'],
    ['What is my location?', 'get_location', {}, 'Oslo', 'You are here: Oslo'],
    ['Call f {"x":[1]}', 'f', { x: [1] }, '{"y":2}', '`f` says: {"y":2}'],
    ['call f', 'f', {}, 'ok', '`f` says: ok'],
    ['call f {x}', 'f', '{x}', 'ok', '`f` says: ok'],
  ])('“%s” calls %s with %j', async (question, name, input, content, said) => {
    expect(await after(question, { content })).toEqual({ call: { name, input }, said })
  })

  it('a mail goes to the address in the question, or to somebody', async () => {
    const { call, said } = await after('Send a mail to bob@example.org, please', { content: '{"id":"1"}' })
    expect(call).toEqual({
      name: 'send_mail',
      input: { to: 'bob@example.org', subject: expect.any(String) as string, body: expect.any(String) as string },
    })
    expect(said).toBe('The mail to **bob@example.org** is sent.')
    expect((await after('Write an e-mail', { content: '' })).call.input).toMatchObject({ to: 'ann@example.com' })
    expect((await after('Write a mail to Ada', { content: '' })).call.input).toMatchObject({ to: 'ada@example.com' })
  })

  it('a mail that was changed before it went is told as it went', async () => {
    const changed: WireMessage[] = [
      { id: 'u', role: 'user', content: 'Send a mail' },
      {
        id: 'a',
        role: 'assistant',
        toolCalls: [{ id: 'c', type: 'function', function: { name: 'send_mail', arguments: '{"to":"eve@example.org"}' } }],
      },
      { id: 't', role: 'tool', toolCallId: 'c', content: '{"id":"1"}' },
    ]
    expect(textOf(await run({}, { messages: changed, tools }))).toBe('The mail to **eve@example.org** is sent.')
  })

  it.each([
    ['Send a mail', 'The user denied this call.', 'You said no, so I have left it.'],
    ['Send a mail', 'The user denied this call: Not today.', 'You said no (“Not today.”), so I have left it.'],
    ['Send a mail', 'The user cancelled this call.', 'You said no, so I have left it.'],
    ['Send a mail', 'No server.', 'The mail could not be sent: No server.'],
    ['Where am I?', 'User denied Geolocation', 'I could not find out where you are: User denied Geolocation'],
    ['Dark, please', 'No page.', 'The theme could not be changed: No page.'],
    ['call f', 'Boom.', '`f` failed: Boom.'],
    ['Weather in Oslo', 'The user denied this call.', 'You said no, so I have left it.'],
  ])('“%s” that failed because “%s” says “%s”', async (question, error, said) => {
    expect((await after(question, { content: error, error })).said).toBe(said)
  })

  it.each([
    ['Make it dark', 'set_theme'],
    ['Where am I?', 'get_location'],
    ['Send a mail', 'send_mail'],
    ['call constructor {}', 'constructor'],
  ])('“%s” calls nothing where nobody has declared %s, and says so', async (question, name) => {
    const chunks = await answer(question)
    expect(callsOf(chunks)).toEqual([])
    expect(textOf(chunks)).toContain(`\`${name}\``)
  })
})

describe('a structured answer', () => {
  it('is an example of its schema, in small pieces', async () => {
    const outputSchema = { type: 'object', properties: { title: { type: 'string' }, minutes: { type: 'integer', minimum: 5 } } }
    const chunks = await answer('A recipe', { outputSchema })
    expect(JSON.parse(textOf(chunks))).toEqual({ title: 'title', minutes: 5 })
    expect(outline(chunks).filter((line) => line.startsWith('TEXT_MESSAGE_CONTENT')).length).toBeGreaterThan(2)
    expect(chunks.at(-2)).toMatchObject({ name: 'structured-output.complete', value: { object: { title: 'title', minutes: 5 } } })
  })
})

describe('a script', () => {
  it('that thinks between two texts has three parts', async () => {
    const chunks = await run({ script: [['One.', { reasoning: 'hm' }, 'Two.']] }, { messages: ask('?') })
    const ids = chunks.flatMap((chunk) => (chunk.type === 'TEXT_MESSAGE_START' || chunk.type === 'REASONING_MESSAGE_START' ? [chunk.messageId] : []))
    expect(new Set(ids).size).toBe(3)
  })

  it('answers each user message with the next reply, the last one for ever', async () => {
    const script = ['one', 'two']
    const history = (n: number) => Array.from({ length: n }, () => ask('?')[0]!)
    const texts = await Promise.all([1, 2, 3].map(async (n) => textOf(await run({ script }, { messages: history(n) }))))
    expect(texts).toEqual(['one', 'two', 'two'])
  })

  it('may be a function, the built-in replies being there for what it leaves', async () => {
    const script = ({ messages }: { messages: readonly WireMessage[] }) => (messages.length > 1 ? 'mine' : undefined)
    expect(textOf(await run({ script }, { messages: [...ask('a'), ...ask('b')] }))).toBe('mine')
    expect(textOf(await run({ script }, { messages: ask('hello') }))).toMatch(/^Hello!/)
  })

  it('calls several tools at once, answers those that nobody declares, and goes on under a new message', async () => {
    const script: ScriptedOptions['script'] = function* () {
      const [a, b] = yield [
        { tool: 'double', input: 4, output: (n: number) => n * 2 },
        { tool: 'name', input: {}, output: 'Ann' },
      ]
      yield `${a?.content} ${b?.output}`
    }
    const chunks = await run({ script }, { messages: ask('?') })
    expect(textOf(chunks)).toBe('8 Ann')
    const parent = chunks.find((chunk) => chunk.type === 'TOOL_CALL_START')?.parentMessageId
    expect(chunks.find((chunk) => chunk.type === 'TEXT_MESSAGE_START')?.messageId).not.toBe(parent)
  })

  it('goes on after the answered calls without saying anything twice', async () => {
    const script: FixedReply[] = [['first', { tool: 'f', input: 1 }, 'second', { tool: 'g', input: 2 }, 'third']]
    const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '1' } })
    const history: WireMessage[] = [{ id: 'u', role: 'user', content: '?' }]
    const outlines: string[] = []
    for (const id of ['1', '2', '3']) {
      outlines.push(textOf(await run({ script }, { messages: history, tools: ['f', 'g'].map((name) => ({ name, description: '' })) })))
      history.push({ id: `a${id}`, role: 'assistant', toolCalls: [call(id)] }, { id: `t${id}`, role: 'tool', toolCallId: id, content: 'ok' })
    }
    expect(outlines).toEqual(['first', 'second', 'third'])
  })

  it('never cuts a character in two', async () => {
    const chunks = await run({ script: ['👩‍🚀🙂🙂'], chunkSize: 1 }, { messages: ask('?') })
    expect(textOf(chunks)).toBe('👩‍🚀🙂🙂')
    const halves = chunks.filter((chunk) => chunk.type === 'TEXT_MESSAGE_CONTENT' && /^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/.test(chunk.delta))
    expect(halves).toEqual([])
  })
})

describe('the pace', () => {
  it('is one chunk per delay', async () => {
    const clock = manualClock()
    const stream = ai(scripted({ script: ['abcdef'], delayMs: 50, chunkSize: 3, clock })).chat({ messages: ask('?') })
    await stream.next()
    const chunk = stream.next()
    await clock.timerSet()
    clock.advance(49)
    expect(clock.pending()).toBe(1)
    clock.advance(1)
    expect((await chunk).value).toMatchObject({ type: 'TEXT_MESSAGE_START' })
    expect((await stream.next()).value).toMatchObject({ delta: 'abc' })
    await stream.return()
  })

  it('waits for nothing after an abort, and leaves no timer', async () => {
    const clock = manualClock()
    const controller = new AbortController()
    const stream = ai(scripted({ delayMs: 50, clock })).chat({ messages: ask('?'), signal: controller.signal })
    const chunks: Chunk[] = []
    const all = (async () => {
      for await (const chunk of stream) chunks.push(chunk)
    })()
    await clock.timerSet()
    controller.abort()
    await all
    expect(chunks.at(-1)).toMatchObject({ outcome: { type: 'cancelled' } })
    expect(clock.pending()).toBe(0)
  })

  it('is that of the reader: one who does not read gets no further', async () => {
    let asked = 0
    const script = function* () {
      for (;;) yield `${asked++} `
    }
    const reader = toStreamResponse(ai(scripted({ script, delayMs: 0 })).chat({ messages: ask('?') })).body!.getReader()
    for (let read = 0; read < 10; read++) await reader.read()
    expect(asked).toBeLessThan(10)
    await reader.cancel()
  })
})
