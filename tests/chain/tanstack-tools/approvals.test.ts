import { toolDefinition } from '@statechat/core'
import { toolDefinition as theirTool } from '@tanstack/ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callsOf, open, textOf, transcript, until } from '../support/session.ts'
import { calls, callsThenSays, says, tanstackServer } from './server.ts'

/** TanStack AI's server asks whether its own tools may run; our client answers. */
function mailer() {
  const mails: string[] = []
  const tool = theirTool({ name: 'mail', description: 'Mail', inputSchema: z.object({ to: z.string().min(2) }), needsApproval: true }).server(
    async ({ to }) => ({ id: mails.push(to) }),
  )
  return { tool, mails }
}
const weather = theirTool({ name: 'weather', description: 'Weather', inputSchema: z.object({ city: z.string() }) })
const toAnn = callsThenSays([['c1', 'mail', { to: 'ann' }]], 'As you wish.')
const ofCall = (id: string, payload?: object) => ({
  interruptId: `approval_${id}`,
  ...(payload ? { status: 'resolved', payload } : { status: 'cancelled' }),
})

async function asked(script = toAnn, options: Parameters<typeof tanstackServer>[1] = {}, ours: object = {}) {
  const { tool, mails } = mailer()
  const server = await tanstackServer(script, { tools: [tool], ...options })
  const session = open({ connection: server.connection, ...ours })
  const turn = session.chat.sendMessage('Mail Ann!')
  await until(session.chat, ({ phase }) => phase === 'local')
  const parts = () => callsOf(session.chat.messages.get().at(-1))
  return { ...server, ...session, turn, mails, parts }
}

describe('a tool of the server that needs a yes', () => {
  it('is shown as a question that allows another input', async () => {
    const { parts, mails } = await asked()
    expect(parts()).toMatchObject([
      { id: 'c1', state: 'approval-requested', input: { to: 'ann' }, approval: { id: 'approval_c1', askedBy: 'server', isEditable: true } },
    ])
    expect(mails).toEqual([])
  })

  it('runs once after it, in a run that goes on from the one that asked', async () => {
    const { chat, turn, mails, sent, parts, toldByTools, finishes } = await asked()
    await chat.approve('c1')
    const { outcome, message } = await turn
    expect([outcome, textOf(message), mails, finishes.length]).toEqual(['finished', 'As you wish.', ['ann'], 1])
    expect(parts()).toMatchObject([{ state: 'complete', output: { id: 1 }, approval: { approved: true } }])
    expect(toldByTools()).toEqual([['c1', '{"id":1}']])
    expect(sent[1]).toMatchObject({
      parentRunId: sent[0]!.runId,
      resume: [ofCall('c1', { approved: true })],
      roles: ['user', 'assistant c1'],
    })
    expect(sent[1]!.runId).not.toBe(sent[0]!.runId)
  })

  it('does not run after a no, and the model reads the reason', async () => {
    const { chat, turn, mails, parts, toldByTools, modelCalls } = await asked()
    chat.deny('approval_c1', 'Wrong Ann.')
    const { outcome, message } = await turn
    expect([outcome, textOf(message), mails, modelCalls()]).toEqual(['finished', 'As you wish.', [], 2])
    expect(parts()).toMatchObject([{ state: 'cancelled', approval: { approved: false, reason: 'Wrong Ann.' } }])
    expect(toldByTools()).toEqual([['c1', 'The user denied this call: Wrong Ann.']])
  })

  it('runs with the person’s input, which the model reads as its own', async () => {
    const { chat, turn, mails, lastAsked, parts } = await asked()
    await chat.approve('c1', { editedInput: { to: 'bob' } })
    expect((await turn).outcome).toBe('finished')
    expect(mails).toEqual(['bob'])
    expect(parts()).toMatchObject([{ state: 'complete', input: { to: 'bob' }, approval: { isEdited: true } }])
    expect(lastAsked()[1]?.toolCalls).toMatchObject([{ function: { arguments: '{"to":"bob"}' } }])
  })

  it('is refused an input that the server’s schema does not take: the turn fails, and nothing runs', async () => {
    const { chat, turn, mails } = await asked()
    await chat.approve('c1', { editedInput: { to: '' } })
    const { outcome, error } = await turn
    expect([outcome, error?.code, error?.serverCode, mails]).toEqual(['failed', 'server', 'invalid-edited-args', []])
  })

  it('twice in one answer waits for both, and each has its own', async () => {
    const script = callsThenSays(
      [
        ['c1', 'mail', { to: 'ann' }],
        ['c2', 'mail', { to: 'bob' }],
      ],
      'Half.',
    )
    const { chat, turn, mails, sent, toldByTools } = await asked(script)
    await chat.approve('c2')
    expect(sent).toHaveLength(1)
    chat.deny('c1', 'No.')
    expect((await turn).outcome).toBe('finished')
    expect(mails).toEqual(['bob'])
    expect(sent[1]!.resume).toEqual([ofCall('c1', { approved: false, reason: 'No.' }), ofCall('c2', { approved: true })])
    expect(toldByTools()).toEqual([
      ['c1', 'The user denied this call: No.'],
      ['c2', '{"id":1}'],
    ])
  })

  it('in the model’s next call is asked for again, and only that one is answered', async () => {
    const script = (_options: unknown, call: number) => (call < 3 ? calls([`c${call}`, 'mail', { to: `person ${call}` }]) : says('m', 'Both sent.'))
    const { chat, turn, mails, sent } = await asked(script)
    await chat.approve('c1')
    await until(chat, ({ messages }) => callsOf(messages.at(-1))[1]?.state === 'approval-requested')
    await chat.approve('c2')
    expect((await turn).outcome).toBe('finished')
    expect(mails).toEqual(['person 1', 'person 2'])
    expect(sent.map(({ resume }) => resume)).toEqual([undefined, [ofCall('c1', { approved: true })], [ofCall('c2', { approved: true })]])
  })

  it('and fails tells the model so', async () => {
    const broken = theirTool({ name: 'mail', description: 'Mail', inputSchema: z.object({ to: z.string() }), needsApproval: true }).server(
      async (): Promise<unknown> => {
        throw new Error('no connection')
      },
    )
    const { chat, turn, parts, toldByTools } = await asked(toAnn, { tools: [broken] })
    await chat.approve('c1')
    expect((await turn).outcome).toBe('finished')
    expect(parts()).toMatchObject([{ state: 'error', error: expect.stringContaining('no connection') as string }])
    expect(toldByTools()).toEqual([['c1', '{"error":"no connection"}']])
  })

  it('but was called with an invalid input is no question: the model reads what is wrong', async () => {
    const { tool, mails } = mailer()
    const { connection, toldByTools } = await tanstackServer(callsThenSays([['c1', 'mail', { to: 7 }]], 'Sorry.'), { tools: [tool] })
    const { chat } = open({ connection })
    const { outcome, message } = await chat.sendMessage('Mail 7!')
    expect([outcome, mails]).toEqual(['finished', []])
    expect(callsOf(message)).toMatchObject([{ state: 'error', error: expect.stringContaining('Input validation failed') as string }])
    expect(toldByTools()).toEqual([['c1', expect.stringContaining('Input validation failed for tool mail') as string]])
  })
})

describe('a question of the server beside other calls', () => {
  it('of a tool of ours: both are answered, and the turn goes on once', async () => {
    const script = callsThenSays(
      [
        ['c1', 'mail', { to: 'ann' }],
        ['c2', 'locate', {}],
      ],
      'Done.',
    )
    const locate = toolDefinition({ name: 'locate', description: 'Where' }).client(() => 'Rome')
    const { chat, turn, mails, sent, toldByTools } = await asked(script, {}, { tools: [locate] })
    await until(chat, ({ messages }) => callsOf(messages.at(-1))[1]?.state === 'complete')
    expect(sent).toHaveLength(1)
    await chat.approve('c1')
    const { outcome, message } = await turn
    expect([outcome, textOf(message), mails, sent.length]).toEqual(['finished', 'Done.', ['ann'], 2])
    expect(toldByTools()).toEqual([
      ['c2', 'Rome'],
      ['c1', '{"id":1}'],
    ])
  })

  it('of a tool of the server that nobody has to agree to: it has not run yet, and does now', async () => {
    const { tool, mails } = mailer()
    const cities: string[] = []
    const free = weather.server(async ({ city }) => ({ sun: cities.push(city) > 0 }))
    const script = callsThenSays(
      [
        ['c1', 'weather', { city: 'Rome' }],
        ['c2', 'mail', { to: 'ann' }],
      ],
      'Done.',
    )
    const { chat, turn, parts, toldByTools } = await asked(script, { tools: [tool, free] })
    await chat.approve('c2')
    expect((await turn).outcome).toBe('finished')
    expect([cities, mails]).toEqual([['Rome'], ['ann']])
    expect(toldByTools()).toEqual([
      ['c1', '{"sun":true}'],
      ['c2', '{"id":1}'],
    ])
    expect(parts()).toMatchObject([
      { state: 'complete', output: { sun: true } },
      { state: 'complete', output: { id: 1 } },
    ])
  })
})

describe('a question of the server that is left', () => {
  const script = (options: { messages: { role: string; content: unknown }[] }, call: number) =>
    call === 1 ? calls(['c1', 'mail', { to: 'ann' }]) : says(`m${call}`, `You said ${String(options.messages.at(-1)?.content)}.`)

  it('by stop() is given back with the next message, which is answered', async () => {
    const { chat, turn, mails, sent, toldByTools } = await asked(script)
    chat.stop()
    expect((await turn).outcome).toBe('stopped')
    const { outcome, error } = await chat.sendMessage('something else')
    expect(error).toBeUndefined()
    expect([outcome, mails]).toEqual(['finished', []])
    expect(transcript(chat).at(-1)).toBe('assistant: You said something else.')
    expect(sent[1]).toMatchObject({ resume: [ofCall('c1')], parentRunId: sent[0]!.runId, roles: ['user', 'assistant c1', 'tool c1', 'user'] })
    expect(toldByTools()).toEqual([['c1', 'The call was cancelled before it had a result.']])
    expect((await chat.sendMessage('and more')).outcome).toBe('finished')
    expect(sent[2]!.resume).toBeUndefined()
  })

  it('by closing the page is asked again when the conversation is shown anew, and its answer names the run that asked', async () => {
    const first = await asked(toAnn)
    const stored = JSON.parse(JSON.stringify(first.chat.messages.get())) as never
    const { chat } = open({ connection: first.connection, threadId: first.chat.threadId, initialMessages: stored })
    chat.attach()
    await until(chat, ({ phase }) => phase === 'local')
    await chat.approve('c1')
    const { messages, error } = await until(chat, ({ status }) => status === 'idle' || status === 'error')
    expect(error).toBeNull()
    expect([textOf(messages.at(-1)), first.mails]).toEqual(['As you wish.', ['ann']])
    expect(first.sent.at(-1)).toMatchObject({ parentRunId: first.sent[0]!.runId, resume: [ofCall('c1', { approved: true })] })
  })
})
