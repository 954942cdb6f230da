import { describe, expect, it } from 'vitest'
import { assistant, chatTest, FINISHED, STARTED, user } from '../test/chat-kit.ts'
import { settled, text, toolCall, toolResult } from '../testing/index.ts'
import type { Chunk } from './protocol/chunk.ts'

const finishedWith = (outcome: unknown): Chunk => ({ ...FINISHED, outcome }) as Chunk

describe('approvals', () => {
  const interrupts = (...ids: string[]) => ({
    type: 'interrupt',
    interrupts: ids.map((id) => ({ id: `int-${id}`, reason: 'approval', toolCallId: id })),
  })
  async function asked(...ids: string[]) {
    const test = chatTest()
    await test.ask('Q')
    await test.connection.run.push(STARTED, ...ids.flatMap((id) => toolCall(id, 'rm', { id })), finishedWith(interrupts(...ids)))
    await test.connection.run.close()
    return test
  }

  it('a call that asks waits in tool-calling/local', async () => {
    const { where, shown } = await asked('c')
    expect(where()).toBe('tool-calling/local')
    expect(shown()).toBe('Q {rm:approval-requested}')
  })
  it('yes sends the run on with the answer in resume; the server runs the call', async () => {
    const { chat, connection, shown } = await asked('c')
    chat.actor.send({ type: 'tool.approval', toolCallId: 'c', approved: true })
    await settled()
    expect(shown()).toBe('Q {rm:approval-responded}')
    const { resume, messages } = connection.runs[1]!.context.input
    expect(resume).toEqual([{ interruptId: 'int-c', status: 'resolved', payload: { approved: true } }])
    expect(messages.some(({ role }) => role === 'tool')).toBe(false)
    await connection.run.push(STARTED, toolResult('c', 'removed'), ...text('b', 'Done'), FINISHED)
    await connection.run.close()
    expect(shown()).toBe('Q {rm:complete}Done')
  })
  it('yes to a call of our own further up is noted, and neither the conversation nor a request comes of it', async () => {
    const part = { type: 'tool-call', id: 'c', name: 'mail', arguments: '{}', input: {} } as const
    const waiting = assistant('A1', { ...part, state: 'approval-requested', approval: { id: 'p', needsApproval: true } })
    const { chat, connection, shown, where } = chatTest({
      tools: [{ name: 'mail', needsApproval: true, execute: () => 'sent' }],
      initialMessages: [user('Q1'), waiting, user('Q2'), assistant('A2')],
    })
    await chat.approve('p')
    await settled()
    expect(shown()).toBe('Q1 {mail:approval-responded} Q2 A2')
    expect(where()).toBe('idle/ready')
    expect(connection.runs).toHaveLength(0)
  })
  it('no cancels the call and tells the model why', async () => {
    const { chat, connection, shown } = await asked('c')
    chat.actor.send({ type: 'tool.approval', toolCallId: 'c', approved: false, reason: 'Too risky.' })
    await settled()
    expect(shown()).toBe('Q {rm:cancelled}')
    const { resume, messages } = connection.runs[1]!.context.input
    expect(resume).toEqual([{ interruptId: 'int-c', status: 'resolved', payload: { approved: false, reason: 'Too risky.' } }])
    expect(messages.at(-1)).toMatchObject({
      role: 'tool',
      toolCallId: 'c',
      content: 'The user denied this call: Too risky.',
      error: 'The user denied this call: Too risky.',
    })
  })
  it('several questions wait for the last answer', async () => {
    const { chat, connection } = await asked('c1', 'c2')
    chat.actor.send({ type: 'tool.approval', toolCallId: 'c1', approved: true })
    await settled()
    expect(connection.runs).toHaveLength(1)
    chat.actor.send({ type: 'tool.approval', toolCallId: 'c2', approved: false })
    await settled()
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.context.resume).toHaveLength(2)
  })
  it('an approval that comes at the end of maxSteps is recorded, and retry sends it', async () => {
    const { chat, connection, shown } = await asked('c1')
    chat.updateOptions({ maxSteps: 0 })
    chat.actor.send({ type: 'tool.approval', toolCallId: 'c1', approved: true })
    expect(chat.getSnapshot().error?.code).toBe('max_steps')
    expect(shown()).toBe('Q {rm:cancelled}')
    void chat.retry()
    await settled()
    expect(shown()).toBe('Q {rm:approval-responded}')
    expect(connection.run.context.resume).toEqual([{ interruptId: 'int-c1', status: 'resolved', payload: { approved: true } }])
  })
})
