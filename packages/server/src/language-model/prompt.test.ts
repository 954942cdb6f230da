import type { WireMessage, WireToolCall } from '@statechat/core/wire'
import { describe, expect, it } from 'vitest'
import { seal, type Seal } from './seal.ts'
import { answering, handMade, call, promptFor, STOP } from './test-kit.ts'

const prompt = (...messages: WireMessage[]) => promptFor(answering([STOP]), messages)

const user: WireMessage = { id: 'u', role: 'user', content: 'Q' }
const USER = { role: 'user', content: [{ type: 'text', text: 'Q' }] }
const thought = (id: string, content: string, sealed?: Seal): WireMessage => ({
  id,
  role: 'reasoning',
  content,
  ...(sealed && { encryptedValue: seal(sealed) }),
})
const called = (id: string, json = '{}', sealed?: Seal, metadata?: WireToolCall['metadata']): WireToolCall => ({
  id,
  type: 'function',
  function: { name: `f_${id}`, arguments: json },
  ...(sealed && { encryptedValue: seal(sealed) }),
  ...(metadata && { metadata }),
})
const result = (toolCallId: string, content = 'ok', error?: string): WireMessage => ({
  id: `${toolCallId}-result`,
  role: 'tool',
  toolCallId,
  content,
  ...(error !== undefined && { error }),
})
const mock = (item: string) => ({ providerMetadata: { mock: { item } } })
const MOCK = (item: string) => ({ providerOptions: { mock: { item } } })

describe('the messages of a prompt', () => {
  it('have the instructions first, and developers among them', async () => {
    const model = answering([STOP])
    await call(model, { system: 'S', messages: [{ id: 'd', role: 'developer', content: 'D' }, user] })
    expect(model.doStreamCalls[0]!.prompt).toEqual([{ role: 'system', content: 'S' }, { role: 'system', content: 'D' }, USER])
  })

  it('are one for each answer: thoughts, texts and calls in their order, then the results', async () => {
    expect(
      await prompt(
        user,
        thought('m/part-1', 'hm', mock('t1')),
        { id: 'm', role: 'assistant', content: 'Let me look.', toolCalls: [called('a', '{"x":1}', mock('a')), called('b')] },
        result('a', '{"n":1}'),
        result('b', 'two'),
        thought('m/part-2', 'and', mock('t2')),
        { id: 'm/part-3', role: 'assistant', content: 'So.', toolCalls: [called('c')] },
        result('c', 'boom', 'boom'),
        { id: 'n', role: 'assistant', content: 'Done.' },
        user,
      ),
    ).toEqual([
      USER,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', ...MOCK('t1') },
          { type: 'text', text: 'Let me look.' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'f_a', input: { x: 1 }, ...MOCK('a') },
          { type: 'tool-call', toolCallId: 'b', toolName: 'f_b', input: {} },
          { type: 'reasoning', text: 'and', ...MOCK('t2') },
          { type: 'text', text: 'So.' },
          { type: 'tool-call', toolCallId: 'c', toolName: 'f_c', input: {} },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'a', toolName: 'f_a', output: { type: 'json', value: { n: 1 } }, ...MOCK('a') },
          { type: 'tool-result', toolCallId: 'b', toolName: 'f_b', output: { type: 'text', value: 'two' } },
          { type: 'tool-result', toolCallId: 'c', toolName: 'f_c', output: { type: 'error-text', value: 'boom' } },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
      USER,
    ])
  })

  it('keep a thought before the answer that it led to, whoever made the ids', async () => {
    expect(
      await prompt(user, { id: 'm', role: 'assistant', toolCalls: [called('a')] }, result('a'), thought('x', 'now', mock('t')), {
        id: 'n',
        role: 'assistant',
        content: 'Done.',
      }),
    ).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'tool' },
      { role: 'assistant', content: [{ type: 'reasoning', text: 'now' }, { type: 'text' }] },
    ])
  })

  it('do not hold a thought that was cut off before an answer, unless the provider wants it', async () => {
    expect(await prompt(user, thought('m/part-1', 'hm'), user)).toEqual([USER, USER])
    expect(await prompt(user, thought('m/part-1', '', mock('t')), user)).toHaveLength(3)
  })

  it('hold the texts of which one was made, each with what the provider said of it', async () => {
    const encryptedValue = seal({ texts: [{ length: 3, ...mock('a') }, { length: 0, ...mock('b') }, { length: 3 }] })
    expect(await prompt(user, { id: 'm', role: 'assistant', content: 'It is.', encryptedValue })).toEqual([
      USER,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'It ', ...MOCK('a') },
          { type: 'text', text: '', ...MOCK('b') },
          { type: 'text', text: 'is.' },
        ],
      },
    ])
  })

  it('hold a text that somebody changed as one of which nothing was said', async () => {
    const encryptedValue = seal({ texts: [{ length: 3, ...mock('a') }] })
    expect(await prompt(user, { id: 'm', role: 'assistant', content: 'Edited', encryptedValue })).toEqual([
      USER,
      { role: 'assistant', content: [{ type: 'text', text: 'Edited' }] },
    ])
  })

  it('hold the provider’s own content where it stood, for models that know it', async () => {
    const history: WireMessage[] = [
      user,
      { id: 'm', role: 'assistant', content: 'A' },
      thought('m/part-1', '', { kind: 'mock.compaction', ...mock('c') }),
      { id: 'm/part-2', role: 'assistant', content: 'B' },
    ]
    expect((await prompt(...history))[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'text', text: 'A' },
        { type: 'custom', kind: 'mock.compaction', ...MOCK('c') },
        { type: 'text', text: 'B' },
      ],
    })
    let seen: readonly object[] = []
    const stream = new ReadableStream({ start: (controller) => (controller.enqueue(STOP), controller.close()) })
    await call(handMade('v3', [], { doStream: async (options) => ((seen = options.prompt), { stream }) }), { messages: history })
    expect(seen[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
      ],
    })
  })

  it('have the options that the application gives a message, a part or a call', async () => {
    const metadata = { providerOptions: { mock: { cache: true } } }
    const options = { providerOptions: { mock: { cache: true } } }
    expect(
      await prompt(
        { id: 's', role: 'system', content: 'S', metadata },
        { id: 'u', role: 'user', content: [{ type: 'text', text: 'Q', metadata }], metadata },
        { id: 'm', role: 'assistant', content: 'A', toolCalls: [called('a', '{}', undefined, metadata)], metadata },
        { ...result('a'), metadata } as WireMessage,
      ),
    ).toEqual([
      { role: 'system', content: 'S', ...options },
      { role: 'user', content: [{ type: 'text', text: 'Q', ...options }], ...options },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'A' },
          { type: 'tool-call', toolCallId: 'a', toolName: 'f_a', input: {}, ...options },
        ],
        ...options,
      },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'f_a', output: { type: 'text', value: 'ok' }, ...options }] },
    ])
  })

  it('have what a provider said where another server says it in the open', async () => {
    const metadata = { ...mock('i'), providerExecuted: true }
    expect(
      await prompt(
        user,
        { ...thought('r', 'hm'), metadata: mock('t') },
        { id: 'm', role: 'assistant', toolCalls: [called('a', '{}', undefined, metadata)] },
        result('a', '[1]'),
      ),
    ).toEqual([
      USER,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', ...MOCK('t') },
          { type: 'tool-call', toolCallId: 'a', toolName: 'f_a', input: {}, providerExecuted: true, ...MOCK('i') },
          { type: 'tool-result', toolCallId: 'a', toolName: 'f_a', output: { type: 'json', value: [1] }, ...MOCK('i') },
        ],
      },
    ])
  })

  it.each(['rs_opaque', '{"x":', '[1]', '{"providerMetadata":{"mock":1},"texts":[1],"result":2}', 'null'])(
    'ignore the seal %s, which is not one of ours',
    async (encryptedValue) => {
      expect(await prompt(user, { id: 'm', role: 'assistant', content: 'A', encryptedValue })).toEqual([
        USER,
        { role: 'assistant', content: [{ type: 'text', text: 'A' }] },
      ])
    },
  )

  it('have no input where the arguments broke off', async () => {
    expect((await prompt(user, { id: 'm', role: 'assistant', toolCalls: [called('a', '{"x":')] }, result('a')))[1]).toMatchObject({
      content: [{ input: {} }],
    })
  })
})

describe('a tool of the provider', () => {
  const search = (sealed: Seal): WireMessage => ({ id: 'm', role: 'assistant', content: 'Look:', toolCalls: [called('s', '{"q":1}', sealed)] })

  it('has its result within the answer', async () => {
    expect(
      await prompt(user, search({ providerExecuted: true, ...mock('call'), result: mock('result') }), result('s', '[1]'), {
        id: 'm/part-1',
        role: 'assistant',
        content: 'So.',
      }),
    ).toEqual([
      USER,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'tool-call', toolCallId: 's', toolName: 'f_s', input: { q: 1 }, providerExecuted: true, ...MOCK('call') },
          { type: 'tool-result', toolCallId: 's', toolName: 'f_s', output: { type: 'json', value: [1] }, ...MOCK('result') },
          { type: 'text', text: 'So.' },
        ],
      },
    ])
  })

  it('that has no result yet gets none from us', async () => {
    expect((await prompt(user, search({ providerExecuted: true }), result('s', 'The call was not answered.', 'x')))[1]).toMatchObject({
      content: [{ type: 'text' }, { type: 'tool-call' }],
    })
  })

  it('runs only after a clear yes', async () => {
    const sealed: Seal = { providerExecuted: true, approvalId: 'ap' }
    const answered = (metadata?: WireToolCall['metadata']) =>
      prompt(user, { id: 'm', role: 'assistant', toolCalls: [called('s', '{}', sealed, metadata)] }, result('s', 'Denied.', 'Denied.'))
    const response = (fields: object) => ({ role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'ap', ...fields }] })
    expect((await answered({ approval: { approved: true } })).at(-1)).toEqual(response({ approved: true }))
    expect((await answered({ approval: { approved: false, reason: 'No.' } })).at(-1)).toEqual(response({ approved: false, reason: 'No.' }))
    expect((await answered()).at(-1)).toEqual(response({ approved: false, reason: 'Denied.' }))
  })
})
