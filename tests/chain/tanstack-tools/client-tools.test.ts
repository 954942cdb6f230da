import { toolDefinition } from '@statechat/core'
import { toolDefinition as theirTool } from '@tanstack/ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callsOf, open, textOf, until } from '../support/session.ts'
import { calls, callsThenSays, says, tanstackServer } from './server.ts'

/** Tools that TanStack AI's server leaves to our client. */
const place = z.object({ city: z.string() })
const locate = toolDefinition({ name: 'locate', description: 'Where the person is', inputSchema: z.object({ precise: z.boolean() }) })
const oneCall = callsThenSays([['c1', 'locate', { precise: true }]], 'Sunny in Rome.')

describe('a tool of ours', () => {
  it('runs, and the model sees its result', async () => {
    const { connection, sent, toldByTools } = await tanstackServer(oneCall)
    const { chat, warnings, finishes } = open({ connection, tools: [locate.client(({ precise }) => ({ city: 'Rome', precise }))] })
    const { outcome, message } = await chat.sendMessage('Weather?')
    expect([outcome, textOf(message), warnings, finishes.length]).toEqual(['finished', 'Sunny in Rome.', [], 1])
    expect(callsOf(message)).toMatchObject([{ id: 'c1', state: 'complete', output: { city: 'Rome', precise: true } }])
    expect(toldByTools()).toEqual([['c1', '{"city":"Rome","precise":true}']])
    expect(sent[1]).toMatchObject({ roles: ['user', 'assistant c1', 'tool c1'], parentRunId: sent[0]!.runId })
  })

  it('whose output schema the server knows is no question to a person', async () => {
    const theirs = theirTool({ name: 'locate', description: 'Where', inputSchema: z.object({ precise: z.boolean() }), outputSchema: place })
    const { connection, toldByTools } = await tanstackServer(oneCall, { tools: [theirs.client()] })
    const { chat, statuses } = open({ connection, tools: [locate.client(() => ({ city: 'Rome' }))] })
    const { outcome, message } = await chat.sendMessage('Weather?')
    expect([outcome, textOf(message), toldByTools()]).toEqual(['finished', 'Sunny in Rome.', [['c1', '{"city":"Rome"}']]])
    expect(message?.parts.map(({ type }) => type)).toEqual(['tool-call', 'tool-result', 'text'])
    expect(statuses).toContain('tool-calling')
  })

  it('needs no resume entry: the answer in the history is enough', async () => {
    const theirs = theirTool({ name: 'locate', description: 'Where', outputSchema: place })
    const { connection, sent } = await tanstackServer(oneCall, { tools: [theirs] })
    const { chat } = open({ connection, tools: [locate.client(() => ({ city: 'Rome' }))] })
    expect((await chat.sendMessage('Weather?')).outcome).toBe('finished')
    expect(sent.map(({ resume }) => resume)).toEqual([undefined, undefined])
  })

  it('without execute waits for addToolResult', async () => {
    const { connection, toldByTools } = await tanstackServer(oneCall)
    const { chat } = open({ connection, tools: [locate] })
    const turn = chat.sendMessage('Weather?')
    await until(chat, ({ phase }) => phase === 'local')
    chat.addToolResult({ toolCallId: 'c1', output: 'Rome' })
    const { outcome, message } = await turn
    expect([outcome, textOf(message), toldByTools()]).toEqual(['finished', 'Sunny in Rome.', [['c1', 'Rome']]])
  })

  it('that runs twice at once is answered in one request', async () => {
    const script = callsThenSays(
      [
        ['c1', 'locate', { precise: true }],
        ['c2', 'locate', { precise: false }],
      ],
      'Both.',
    )
    const { connection, sent, toldByTools } = await tanstackServer(script)
    let atOnce = 0
    let release = () => {}
    const both = new Promise<void>((resolve) => (release = resolve))
    const tool = locate.client(async ({ precise }) => {
      if (++atOnce === 2) release()
      await both
      return precise
    })
    const { chat } = open({ connection, tools: [tool] })
    const { outcome, message } = await chat.sendMessage('Where?')
    expect([outcome, textOf(message)]).toEqual(['finished', 'Both.'])
    expect(sent.map(({ roles }) => roles.join(', '))).toEqual(['user', 'user, assistant c1 c2, tool c1, tool c2'])
    expect(toldByTools()).toEqual([
      ['c1', 'true'],
      ['c2', 'false'],
    ])
  })

  it('that throws tells the model why', async () => {
    const { connection, toldByTools } = await tanstackServer(oneCall)
    const tool = locate.client(() => {
      throw new Error('no satellite')
    })
    const { chat } = open({ connection, tools: [tool] })
    const { outcome, message } = await chat.sendMessage('Where?')
    expect([outcome, toldByTools()]).toEqual(['finished', [['c1', 'no satellite']]])
    expect(callsOf(message)).toMatchObject([{ state: 'error', error: 'no satellite' }])
  })

  it('that was called with an invalid input does not run, and the model may call it again', async () => {
    const script = callsThenSays([['c1', 'locate', { precise: 'very' }]], 'Sorry.')
    const { connection, toldByTools } = await tanstackServer(script)
    const ran: unknown[] = []
    const { chat } = open({ connection, tools: [locate.client((input) => void ran.push(input))] })
    const { outcome } = await chat.sendMessage('Where?')
    expect([outcome, ran]).toEqual(['finished', []])
    expect(toldByTools()).toEqual([['c1', expect.stringContaining('Invalid input: precise') as string]])
  })

  it('that is called in three model calls in a row makes three requests of one turn', async () => {
    const script = (_options: unknown, call: number) => (call < 4 ? calls([`c${call}`, 'locate', { precise: true }]) : says('m', 'There.'))
    const { connection, sent } = await tanstackServer(script)
    const { chat, finishes } = open({ connection, tools: [locate.client(() => 'Rome')] })
    const { outcome, message } = await chat.sendMessage('Where?')
    expect([outcome, callsOf(message).length, finishes.length]).toEqual(['finished', 3, 1])
    expect(sent.map(({ parentRunId }) => parentRunId)).toEqual([undefined, ...sent.slice(0, -1).map(({ runId }) => runId)])
    expect(sent.at(-1)!.roles.slice(1)).toEqual(['assistant c1', 'tool c1', 'assistant c2', 'tool c2', 'assistant c3', 'tool c3'])
  })
})

describe('a tool of ours that needs a yes', () => {
  const both = z.object({ precise: z.boolean() })

  it('of our side alone: asks before it runs, and the server hears only of the result', async () => {
    const { connection, sent, toldByTools } = await tanstackServer(oneCall)
    const careful = toolDefinition({ name: 'locate', inputSchema: both, needsApproval: true })
    const { chat } = open({ connection, tools: [careful.client(() => 'Rome')] })
    const turn = chat.sendMessage('Where?')
    await until(chat, ({ messages }) => callsOf(messages.at(-1))[0]?.state === 'approval-requested')
    await chat.approve('c1')
    expect((await turn).outcome).toBe('finished')
    expect([toldByTools(), sent[1]!.resume]).toEqual([[['c1', 'Rome']], undefined])
  })

  it('of the server’s side alone: the server asks, hears the yes, and then leaves the call to us', async () => {
    const theirs = theirTool({ name: 'locate', description: 'Where', inputSchema: both, outputSchema: place, needsApproval: true })
    const { connection, sent, toldByTools } = await tanstackServer(oneCall, { tools: [theirs.client()] })
    const { chat } = open({ connection, tools: [locate.client(() => ({ city: 'Rome' }))] })
    const turn = chat.sendMessage('Where?')
    await until(chat, ({ phase }) => phase === 'local')
    await chat.approve('c1')
    const { outcome, message } = await turn
    expect([outcome, textOf(message), toldByTools()]).toEqual(['finished', 'Sunny in Rome.', [['c1', '{"city":"Rome"}']]])
    expect(sent.map(({ resume, roles }) => [resume, roles.length])).toEqual([
      [undefined, 1],
      [[{ interruptId: 'approval_c1', status: 'resolved', payload: { approved: true } }], 2],
      [undefined, 3],
    ])
  })

  it('of the server’s side alone, denied: it does not run', async () => {
    const theirs = theirTool({ name: 'locate', description: 'Where', inputSchema: both, needsApproval: true })
    const { connection, toldByTools } = await tanstackServer(oneCall, { tools: [theirs.client()] })
    const ran: unknown[] = []
    const { chat } = open({ connection, tools: [locate.client((input) => void ran.push(input))] })
    const turn = chat.sendMessage('Where?')
    await until(chat, ({ phase }) => phase === 'local')
    chat.deny('c1', 'Private.')
    expect([(await turn).outcome, ran, toldByTools()]).toEqual(['finished', [], [['c1', 'The user denied this call: Private.']]])
  })

  it('of both sides, from one definition: a person is asked once', async () => {
    const theirs = theirTool({ name: 'locate', description: 'Where', inputSchema: both, needsApproval: true })
    const { connection, toldByTools } = await tanstackServer(oneCall, { tools: [theirs.client()] })
    const careful = toolDefinition({ name: 'locate', inputSchema: both, needsApproval: true })
    const { chat } = open({ connection, tools: [careful.client(() => 'Rome')] })
    const turn = chat.sendMessage('Where?')
    await until(chat, ({ phase }) => phase === 'local')
    await chat.approve('c1')
    const { status } = await until(chat, ({ status, messages }) => status === 'idle' || callsOf(messages.at(-1))[0]?.state === 'approval-requested')
    expect(status).toBe('idle')
    expect([(await turn).outcome, toldByTools()]).toEqual(['finished', [['c1', 'Rome']]])
  })
})
