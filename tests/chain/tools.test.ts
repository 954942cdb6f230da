import { HttpAgent } from '@ag-ui/client'
import { EventSchemas } from '@ag-ui/core/schemas'
import { ai, type ChatDefaults, type ModelAdapter, parseChatRequest, toStreamResponse, toolDefinition } from '@statechat/server'
import { scripted } from '@statechat/server/scripted'
import { toolDefinition as tanstackTool } from '@tanstack/ai'
import { ChatClient, fetchServerSentEvents } from '@tanstack/ai-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { serveWeb } from './support/serve.ts'

/** Tools of our server, read by clients that are not ours. */
const weather = toolDefinition({ name: 'get_weather', inputSchema: z.object({ city: z.string() }) }).server(({ city }, { emit }) => {
  emit('looking')
  return { city, temperature: 3, condition: 'rain' }
})

function mailer() {
  const sent: string[] = []
  const tool = toolDefinition({
    name: 'send_mail',
    inputSchema: z.object({ to: z.string(), subject: z.string(), body: z.string() }),
    needsApproval: true,
  }).server(({ to }) => ({ id: `mail-${sent.push(to)}` }))
  return { tool, sent }
}

async function serve(defaults: ChatDefaults, adapter: ModelAdapter = scripted({ delayMs: 0 })) {
  const model = ai(adapter, { onError: () => {}, ...defaults })
  return serveWeb(async (request) => toStreamResponse(model.chat(await parseChatRequest(request)), { signal: request.signal }))
}

describe('AG-UI’s HttpAgent', () => {
  async function agentFor(defaults: ChatDefaults, adapter?: ModelAdapter) {
    const agent = new HttpAgent({ url: await serve(defaults, adapter), threadId: 'thread' })
    const events: { type: string; outcome?: { interrupts?: { id: string }[] } }[] = []
    const run = async (input: Parameters<HttpAgent['runAgent']>[0] = {}) => {
      await agent.runAgent(input, { onEvent: ({ event }) => void events.push(event as (typeof events)[number]) })
      for (const event of events) EventSchemas.parse(event)
      return events.at(-1)!
    }
    const ask = (content: string, input?: Parameters<HttpAgent['runAgent']>[0]) => {
      agent.addMessage({ id: crypto.randomUUID(), role: 'user', content })
      return run(input)
    }
    return { agent, events, ask, run }
  }

  it('gets the calls and results of server tools as one run, and its history is taken', async () => {
    const { agent, events, ask } = await agentFor({ tools: [weather] })
    for (const question of ['Weather in Oslo?', 'Weather in Bergen?']) {
      expect(await ask(question)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'success' } })
    }
    expect(events.filter(({ type }) => type === 'RUN_STARTED')).toHaveLength(2)
    expect(agent.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user', 'assistant', 'tool', 'assistant'])
    expect(agent.messages.at(-1)).toMatchObject({ content: '**Bergen**: 3 °C, rain.' })
  })

  it.each([
    ['yes', { approved: true }, 'The mail to **ann@example.com** is sent.', 1],
    ['no', { approved: false, reason: 'Wrong Ann.' }, 'You said no (“Wrong Ann.”), so I have left it.', 0],
  ])('is asked for approval, and its %s is taken', async (_answer, payload, said, times) => {
    const { tool, sent } = mailer()
    const { agent, ask, run } = await agentFor({ tools: [tool] })
    const asked = await ask('Send a mail')
    expect(asked).toMatchObject({ outcome: { type: 'interrupt', interrupts: [{ reason: 'tool_call' }] } })
    const { id } = asked.outcome!.interrupts![0]!
    expect(await run({ resume: [{ interruptId: id, status: 'resolved', payload }] })).toMatchObject({ outcome: { type: 'success' } })
    expect(agent.messages.at(-1)).toMatchObject({ role: 'assistant', content: said })
    expect(sent).toHaveLength(times)
  })

  it('gets an error of the run for an answer to a question that nobody asked', async () => {
    const { agent, run } = await agentFor({ tools: [mailer().tool] })
    agent.addMessage({ id: 'u', role: 'user', content: 'Hello' })
    expect(await run({ resume: [{ interruptId: 'approval_x', status: 'resolved', payload: { approved: true } }] })).toMatchObject({
      type: 'RUN_ERROR',
      code: 'unknown_interrupt',
    })
  })
})

describe('TanStack AI’s ChatClient', () => {
  function clientFor(url: string, options: object = {}) {
    const errors: Error[] = []
    const client = new ChatClient({
      connection: fetchServerSentEvents(url),
      onError: (error: Error) => void errors.push(error),
      ...options,
    } as ConstructorParameters<typeof ChatClient>[0])
    onTestFinished(() => client.dispose())
    const said = () =>
      client.getMessages().map(({ role, parts }) => `${role}: ${parts.map((part) => (part.type === 'text' ? part.content : '')).join('')}`)
    const calls = () => client.getMessages().flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'))
    return { client, errors, said, calls }
  }

  it('shows the calls and results of server tools', async () => {
    const { client, errors, said } = clientFor(await serve({ tools: [weather] }))
    await client.sendMessage('Weather in Oslo?')
    expect(errors).toEqual([])
    expect(said()).toEqual(['user: Weather in Oslo?', 'assistant: I will look up the weather in Oslo.', 'assistant: **Oslo**: 3 °C, rain.'])
    expect(client.getMessages()[1]?.parts).toContainEqual(
      expect.objectContaining({ type: 'tool-result', content: '{"city":"Oslo","temperature":3,"condition":"rain"}' }),
    )
  })

  it('runs its own tools by itself, and the model gets their results', async () => {
    const theme = tanstackTool({ name: 'set_theme', description: 'Theme', inputSchema: z.object({ theme: z.string() }) })
    const themes: string[] = []
    const tools = [
      theme.client(async (input) => {
        themes.push((input as { theme: string }).theme)
        return 'ok'
      }),
    ]
    const { client, errors, said } = clientFor(await serve({ tools: [weather] }), { tools })
    await client.sendMessage('Make it dark')
    expect([errors, themes]).toEqual([[], ['dark']])
    expect(said().at(-1)).toContain('The page is **dark** now.')
  })

  it.each([
    ['approves', true, 'The mail to **ann@example.com** is sent.', ['ann@example.com']],
    ['denies', false, 'You said no, so I have left it.', []],
  ])('is asked for approval, and its user %s', async (_what, approved, words, mails) => {
    const { tool, sent } = mailer()
    const url = await serve({ tools: [tool] })
    let settled = () => {}
    const done = new Promise<void>((resolve) => (settled = resolve))
    const { client, errors, said, calls } = clientFor(url, { onMessagesChange: () => said().join('').includes(words) && settled() })
    await client.sendMessage('Send a mail')
    expect(calls()).toMatchObject([{ name: 'send_mail', state: 'approval-requested', approval: { needsApproval: true } }])
    const { id } = calls()[0]!
    const [interrupt] = client.getInterrupts()
    if (interrupt?.kind !== 'generic') return expect.unreachable('there is nothing to answer')
    expect(interrupt).toMatchObject({ id: `approval_${id}`, canResolve: true })
    interrupt.resolveInterrupt({ approved })
    await done
    expect(errors).toEqual([])
    expect(sent).toEqual(mails)
    expect(said().at(-1)).toContain(words)
  })

  it('gets a structured answer as its value', async () => {
    const model = ai(scripted({ delayMs: 0 }))
    const outputSchema = z.object({ title: z.string(), minutes: z.int() })
    const url = await serveWeb(async (request) => toStreamResponse(model.chat({ ...(await parseChatRequest(request)), outputSchema })))
    const { client, errors } = clientFor(url)
    await client.sendMessage('A recipe')
    expect(errors).toEqual([])
    expect(client.getMessages().at(-1)?.parts).toMatchObject([
      { type: 'structured-output', status: 'complete', data: { title: 'title', minutes: 1 } },
    ])
  })
})
