import { LLMock } from '@copilotkit/aimock'
import { toolDefinition, type UIMessage } from '@statechat/core'
import { ai, parseChatRequest } from '@statechat/server'
import { openai } from '@statechat/server/openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FRAMINGS } from './support/our-server.ts'
import { serveWeb } from './support/serve.ts'
import { callsOf, open, type Session, textOf, transcript, until } from './support/session.ts'

/** Our client → our server → the `openai` package → aimock, which is not ours: every step over HTTP. */
const mock = new LLMock({ port: 0, latency: 0, chunkSize: 8, strict: true, logLevel: 'silent' })
beforeAll(() => mock.start())
afterAll(() => mock.stop())
beforeEach(() => void mock.reset())

interface Asked {
  role: string
  content: unknown
  tool_calls?: { id: string; function: { name: string; arguments: string } }[]
  tool_call_id?: string
}
/** The history of each request to the model. */
const histories = () => mock.getRequests().map(({ body }) => (body as unknown as { messages: Asked[] }).messages)
/** What the tools told the model, of its last request: call id and content. */
const toldByTools = () =>
  histories()
    .at(-1)!
    .flatMap(({ role, tool_call_id, content }) => (role === 'tool' ? [[tool_call_id, content]] : []))

/** What providers insist on: the answers to all calls of a message come right after it, and nowhere else. */
function unanswered(history: readonly Asked[]): string[] {
  const wrong: string[] = []
  let owed: string[] = []
  for (const { role, tool_call_id: id = '', tool_calls = [] } of history) {
    if (role === 'tool') {
      if (!owed.includes(id)) wrong.push(`an answer to ${id}`)
      owed = owed.filter((each) => each !== id)
    } else {
      wrong.push(...owed)
      owed = tool_calls.map((call) => call.id)
    }
  }
  return [...wrong, ...owed]
}

const weather = toolDefinition({ name: 'get_weather', inputSchema: z.object({ city: z.string() }) })
const theme = toolDefinition({ name: 'set_theme', description: 'Theme', inputSchema: z.object({ theme: z.enum(['light', 'dark']) }) })
const mail = toolDefinition({ name: 'send_mail', inputSchema: z.object({ to: z.string().min(2) }), needsApproval: true })

/** When it is asked for this, the model calls these tools, and says this once they have answered. */
function whenAsked(question: string, calls: readonly (readonly [id: string, name: string, input: object])[], words: string) {
  mock.on({ userMessage: question, hasToolResult: true }, { content: words })
  mock.on(
    { userMessage: question, hasToolResult: false },
    { toolCalls: calls.map(([id, name, input]) => ({ id, name, arguments: JSON.stringify(input) })) },
  )
}

/** A server with a tool that runs there and one that needs a yes, and a client with a tool of its own. */
async function converse(
  { respond, connect }: (typeof FRAMINGS)[number] = FRAMINGS[0],
  stored?: { messages: readonly UIMessage[]; of: Conversation },
) {
  const mails: string[] = stored?.of.mails ?? []
  const themes: string[] = []
  const failures: unknown[] = []
  const model = ai(openai({ baseURL: `${mock.url}/v1`, apiKey: 'test', model: 'gpt-5.4' }), {
    tools: [weather.server(({ city }) => ({ city, celsius: city === 'Oslo' ? 3 : 21 })), mail.server(({ to }) => ({ id: `mail-${mails.push(to)}` }))],
    onError: (error) => void failures.push(error),
  })
  const url = await serveWeb(async (request) => respond(model.chat(await parseChatRequest(request)), { signal: request.signal }))
  const session = open({
    connection: connect(url),
    tools: [theme.client(({ theme: next }) => `the page is ${themes[themes.push(next) - 1]}`), mail.server(), weather.server()],
    ...(stored && { initialMessages: stored.messages, threadId: stored.of.chat.threadId }),
  } as Parameters<typeof open>[0])
  return { ...session, mails, themes, failures }
}
type Conversation = Session & { mails: string[]; themes: string[]; failures: unknown[] }

const isAsked = ({ chat }: Conversation) => until(chat, ({ phase }) => phase === 'local')
const lastCalls = ({ chat }: Conversation) => callsOf(chat.messages.get().at(-1))

describe.each(FRAMINGS)('a conversation of several turns, in $name', (framing) => {
  it('with tools of both sides, a yes, a no and an edit, is a valid history for the provider at every step', async () => {
    whenAsked('weather', [['call_w', 'get_weather', { city: 'Oslo' }]], 'It is 3 °C.')
    whenAsked('dark', [['call_t', 'set_theme', { theme: 'dark' }]], 'Dark now.')
    whenAsked('Mail Ann', [['call_a', 'send_mail', { to: 'ann' }]], 'Sent to Ann.')
    whenAsked('Mail Bob', [['call_b', 'send_mail', { to: 'bob' }]], 'Then not.')
    whenAsked('Mail Cid', [['call_c', 'send_mail', { to: 'cid' }]], 'Sent to somebody.')
    mock.on({ userMessage: 'Thanks' }, { content: 'You are welcome.' })

    const talk = await converse(framing)
    const { chat, mails, themes, failures, warnings, finishes } = talk
    await chat.sendMessage('The weather in Oslo?')
    await chat.sendMessage('Make it dark!')

    const yes = chat.sendMessage('Mail Ann!')
    await isAsked(talk)
    expect(lastCalls(talk)).toMatchObject([{ id: 'call_a', state: 'approval-requested', input: { to: 'ann' }, approval: { isEditable: true } }])
    await chat.approve('call_a')
    await yes

    const no = chat.sendMessage('Mail Bob!')
    await isAsked(talk)
    chat.deny('call_b', 'He is on holiday.')
    await no

    const edit = chat.sendMessage('Mail Cid!')
    await isAsked(talk)
    await expect(chat.approve('call_c', { editedInput: { to: '' } })).rejects.toMatchObject({ code: 'invalid_input' })
    await chat.approve('call_c', { editedInput: { to: 'cyd' } })
    await edit
    await chat.sendMessage('Thanks!')

    expect(transcript(chat)).toEqual([
      'user: The weather in Oslo?',
      'assistant: It is 3 °C.',
      'user: Make it dark!',
      'assistant: Dark now.',
      'user: Mail Ann!',
      'assistant: Sent to Ann.',
      'user: Mail Bob!',
      'assistant: Then not.',
      'user: Mail Cid!',
      'assistant: Sent to somebody.',
      'user: Thanks!',
      'assistant: You are welcome.',
    ])
    expect([mails, themes, failures, warnings, finishes.length]).toEqual([['ann', 'cyd'], ['dark'], [], [], 6])
    expect(chat.messages.get().flatMap((message) => callsOf(message).map(({ id, state }) => [id, state]))).toEqual([
      ['call_w', 'complete'],
      ['call_t', 'complete'],
      ['call_a', 'complete'],
      ['call_b', 'cancelled'],
      ['call_c', 'complete'],
    ])

    expect(histories()).toHaveLength(11)
    expect(histories().map(unanswered)).toEqual(histories().map(() => []))
    expect(toldByTools()).toEqual([
      ['call_w', '{"city":"Oslo","celsius":3}'],
      ['call_t', 'the page is dark'],
      ['call_a', '{"id":"mail-1"}'],
      ['call_b', 'The user denied this call: He is on holiday.'],
      ['call_c', '{"id":"mail-2"}'],
    ])
    const written = histories()
      .at(-1)!
      .flatMap(({ tool_calls = [] }) => tool_calls.map((call) => JSON.parse(call.function.arguments) as unknown))
    expect(written.at(-1)).toEqual({ to: 'cyd' })
  })
})

describe('one answer of the model', () => {
  const all = [
    ['call_w', 'get_weather', { city: 'Rome' }],
    ['call_t', 'set_theme', { theme: 'light' }],
    ['call_a', 'send_mail', { to: 'ann' }],
    ['call_b', 'send_mail', { to: 'bob' }],
  ] as const

  it('that calls a tool of each kind and asks twice has everything answered, by each side, before it goes on', async () => {
    whenAsked('everything', all, 'All done.')
    const talk = await converse()
    const { chat, mails, themes, failures, warnings } = talk
    const turn = chat.sendMessage('Do everything!')
    await isAsked(talk)
    await until(chat, ({ messages }) => callsOf(messages.at(-1))[1]?.state === 'complete')
    expect(lastCalls(talk).map(({ state }) => state)).toEqual(['complete', 'complete', 'approval-requested', 'approval-requested'])
    await chat.approve('call_b')
    expect(histories()).toHaveLength(1)
    chat.deny('call_a', 'Not her.')
    const { outcome, message } = await turn
    expect([outcome, textOf(message), mails, themes, failures, warnings]).toEqual(['finished', 'All done.', ['bob'], ['light'], [], []])
    expect(histories().map(unanswered)).toEqual([[], []])
    expect(Object.fromEntries(toldByTools())).toEqual({
      call_w: '{"city":"Rome","celsius":21}',
      call_t: 'the page is light',
      call_a: 'The user denied this call: Not her.',
      call_b: '{"id":"mail-1"}',
    })
  })

  it('that is stopped while it asks leaves a valid history, and nothing of it runs later', async () => {
    whenAsked('everything', all, 'never said')
    mock.on({ userMessage: 'else' }, { content: 'Gladly.' })
    const talk = await converse()
    const { chat, mails, failures, errors } = talk
    const turn = chat.sendMessage('Do everything!')
    await isAsked(talk)
    await until(chat, ({ messages }) => callsOf(messages.at(-1))[1]?.state === 'complete')
    chat.stop()
    expect((await turn).outcome).toBe('stopped')
    const { outcome, message } = await chat.sendMessage('Something else.')
    expect([outcome, textOf(message), mails, failures, errors]).toEqual(['finished', 'Gladly.', [], [], []])
    expect(unanswered(histories().at(-1)!)).toEqual([])
    expect(toldByTools().map(([id]) => id)).toEqual(['call_w', 'call_t', 'call_a', 'call_b'])
    await chat.approve('call_a')
    expect([mails, histories().length]).toEqual([[], 2])
  })

  it('that asked before the page was closed is answered afterwards', async () => {
    whenAsked('Ann', [['call_a', 'send_mail', { to: 'ann' }]], 'Sent.')
    const first = await converse()
    void first.chat.sendMessage('Mail Ann!')
    await isAsked(first)
    const messages = JSON.parse(JSON.stringify(first.chat.messages.get())) as UIMessage[]
    first.chat.dispose()

    const { chat, mails, failures } = await converse(FRAMINGS[0], { messages, of: first })
    chat.attach()
    await chat.approve('call_a', { editedInput: { to: 'anna' } })
    await until(chat, ({ status }) => status === 'idle')
    expect([transcript(chat).at(-1), mails, failures]).toEqual(['assistant: Sent.', ['anna'], []])
    expect(histories().map(unanswered)).toEqual([[], []])
    expect(histories()[1]![1]!.tool_calls?.[0]?.function.arguments).toBe('{"to":"anna"}')
  })

  it('that asks again after each answer is one turn', async () => {
    mock.on({ toolCallId: 'call_3' }, { content: 'All three.' })
    mock.on({ toolCallId: 'call_2' }, { toolCalls: [{ id: 'call_3', name: 'get_weather', arguments: '{"city":"Rome"}' }] })
    mock.on({ toolCallId: 'call_1' }, { toolCalls: [{ id: 'call_2', name: 'set_theme', arguments: '{"theme":"light"}' }] })
    mock.on({ userMessage: 'after' }, { toolCalls: [{ id: 'call_1', name: 'send_mail', arguments: '{"to":"ann"}' }] })
    const talk = await converse()
    const { chat, finishes } = talk
    const turn = chat.sendMessage('One after the other!')
    await isAsked(talk)
    await chat.approve('call_1')
    const { outcome, message } = await turn
    expect([outcome, textOf(message), callsOf(message).map(({ state }) => state)]).toEqual([
      'finished',
      'All three.',
      ['complete', 'complete', 'complete'],
    ])
    expect(finishes).toHaveLength(1)
    expect(histories().map(unanswered)).toEqual([[], [], [], []])
  })
})
