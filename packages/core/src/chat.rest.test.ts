/** A chat between two turns that nobody looks at has no actor. How many were made is counted; that nothing else is different, all other tests say. */
import { createActor } from 'xstate'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chatTest, user } from '../test/chat-kit.ts'
import { run, settled, text } from '../testing/index.ts'

vi.mock('xstate', async (load) => {
  const xstate = await load<typeof import('xstate')>()
  return { ...xstate, createActor: vi.fn(xstate.createActor) }
})

const made = vi.mocked(createActor)
beforeEach(() => made.mockClear())

/** Two turns of a chat. */
async function talk({ ask, answer }: ReturnType<typeof chatTest>) {
  await ask('Q')
  await answer('a', 'A')
  await ask('And?')
  await answer('b', 'B')
}

describe('between two turns a chat', () => {
  it('lets its actor go, and goes on where it was', async () => {
    const test = chatTest()
    const { chat, connection, ask, shown } = test
    await ask('Q')
    await connection.run.push(...run(text('a', 'A'), { usage: [{ inputTokens: 1 }] }))
    await connection.run.close()
    const before = chat.getSnapshot()
    await settled()
    expect(before).toMatchObject({ status: 'idle', usage: [{ inputTokens: 1 }], runId: expect.any(String), canReload: true, canRetry: false })
    expect(chat.getSnapshot()).toBe(before)
    expect(made).toHaveBeenCalledTimes(1)
    await ask('And?')
    expect(made).toHaveBeenCalledTimes(2)
    expect(chat.getSnapshot()).toMatchObject({ status: 'streaming', usage: [] })
    expect(shown()).toBe('Q A And?')
  })
  it('keeps it for a turn that did not end, for those who wait, and for what a callback sends', async () => {
    const sendOnce = vi.fn().mockImplementationOnce(() => void chat.sendMessage('of a callback'))
    const { chat, connection, ask, answer } = chatTest({ onFinish: sendOnce })
    await ask('Q')
    void chat.sendMessage('of the queue')
    await answer('a', 'A')
    await answer('b', 'B')
    await answer('c', 'C')
    expect(connection.runs).toHaveLength(3)
    expect(made).toHaveBeenCalledTimes(1)
  })
  it.each(['stopped', 'error'])('keeps it while it is %s', async (status) => {
    const { chat, connection, ask } = chatTest()
    await ask('Q')
    if (status === 'stopped') await chat.stop()
    else await connection.run.fail(new Error('gone'))
    await settled()
    expect(chat.getSnapshot().status).toBe(status)
    void chat.retry()
    expect(made).toHaveBeenCalledTimes(1)
  })
  it('keeps it while a view shows the chat, until the last one is gone', async () => {
    const test = chatTest()
    const { chat } = test
    chat.attach()
    await talk(test)
    expect(made).toHaveBeenCalledTimes(1)
    chat.detach()
    await settled()
    chat.attach()
    expect(made).toHaveBeenCalledTimes(2)
  })
  it('keeps it for whoever has asked for it, or inspects the chat', async () => {
    const asked = chatTest()
    const { actor } = asked.chat
    await talk(asked)
    expect(asked.chat.actor).toBe(actor)
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: { idle: 'ready' } })
    const inspected = chatTest({ inspect: () => {} })
    await talk(inspected)
    expect(made).toHaveBeenCalledTimes(2)
  })
  it('gives the actor that it makes anew what the one before knew', async () => {
    const test = chatTest()
    await talk(test)
    const { runId } = test.chat.getSnapshot()
    const { context } = test.chat.actor.getSnapshot()
    expect(context).toMatchObject({ runId, views: 0, turn: { mode: 'reply' }, ledger: { terminal: 'finished' } })
  })
  it('that is disposed of has forgotten the run', async () => {
    const test = chatTest({ initialMessages: [user('first')] })
    await talk(test)
    test.chat.dispose()
    expect(test.chat.getSnapshot()).toMatchObject({ status: 'idle', runId: null, usage: [] })
  })
})
