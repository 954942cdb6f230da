import { describe, expect, it } from 'vitest'
import { assistant, chatTest, FINISHED, opening, STARTED, user } from '../test/chat-kit.ts'
import { manualConnection, settled, text } from '../testing/index.ts'
import type { Connection } from './connection/connection.ts'

/** A connection whose runs in flight are pushed by hand, too. */
function joinable(options: Parameters<typeof chatTest>[0] = {}) {
  const joined = manualConnection()
  const sent = manualConnection()
  const connection: Connection = {
    connect: (...call) => sent.connect(...call),
    join: (signal, context) => joined.connect([], undefined, signal, context),
  }
  return { ...chatTest({ connection, resume: true, ...options }), joined, sent }
}

describe('with resume', () => {
  it('a run that is going on is shown from its start, and goes on', async () => {
    const { chat, joined, sent, where, shown, log } = joinable({ initialMessages: [user('Q')] })
    expect(joined.runs).toHaveLength(0)
    chat.attach()
    await settled()
    expect(where()).toBe('idle/restoring')
    await joined.run.push(...opening('a', 'Hel'))
    expect(where()).toBe('streaming/receiving')
    expect(shown()).toBe('Q Hel…')
    await joined.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'a', delta: 'lo' }, { type: 'TEXT_MESSAGE_END', messageId: 'a' }, FINISHED)
    await joined.run.close()
    expect(where()).toBe('idle/ready')
    expect(shown()).toBe('Q Hello')
    expect(log).toEqual(['onFinish Hello (idle)'])
    expect(sent.runs).toHaveLength(0)
  })
  it('what was stored of the answer gives way to the replay, under the same id', async () => {
    const { chat, joined, shown } = joinable({ initialMessages: [user('Q'), assistant('A', { type: 'text', content: 'Hel' })] })
    chat.attach()
    await settled()
    expect(shown()).toBe('Q Hel')
    await joined.run.push(...opening('a', 'Hello'))
    expect(shown()).toBe('Q Hello…')
    expect(chat.getSnapshot().messages.map(({ id }) => id)).toEqual(['Q', 'A'])
    expect(chat.branches('A')).toHaveLength(1)
  })
  it('nothing changes when no run is going on', async () => {
    const { chat, joined, where, shown, log } = joinable({ initialMessages: [user('Q'), assistant('A')] })
    chat.attach()
    await settled()
    await joined.run.close()
    expect(where()).toBe('idle/ready')
    expect(shown()).toBe('Q A')
    expect(log).toEqual([])
    expect(joined.open).toBe(0)
  })
  it('looks once, however many views show the chat', async () => {
    const { chat, joined } = joinable()
    chat.attach()
    chat.attach()
    await settled()
    await joined.run.close()
    chat.detach()
    chat.attach()
    await settled()
    expect(joined.runs).toHaveLength(1)
  })
  it('looks after the stored messages were loaded', async () => {
    const { chat, joined, shown } = joinable({ initialMessages: async () => [user('Q')] })
    chat.attach()
    await settled()
    await joined.run.push(STARTED, ...text('a', 'A'), FINISHED)
    await joined.run.close()
    expect(shown()).toBe('Q A')
  })
  it('a message that is sent meanwhile waits', async () => {
    const { chat, joined, sent, shown } = joinable({ initialMessages: [user('Q')] })
    chat.attach()
    const turn = chat.sendMessage({ content: 'Q2', id: 'Q2' })
    await settled()
    expect(sent.runs).toHaveLength(0)
    await joined.run.push(STARTED, ...text('a', 'A'), FINISHED)
    await joined.run.close()
    await sent.run.push(STARTED, ...text('b', 'B'), FINISHED)
    await sent.run.close()
    expect((await turn).outcome).toBe('finished')
    expect(shown()).toBe('Q A Q2 B')
  })
  it('stop ends the looking and the run alike', async () => {
    const { chat, joined, where } = joinable({ initialMessages: [user('Q')] })
    chat.attach()
    await settled()
    chat.stop()
    expect(where()).toBe('idle/ready')
    expect(joined.run.signal.aborted).toBe(true)
    const other = joinable({ initialMessages: [user('Q')] })
    other.chat.attach()
    await settled()
    await other.joined.run.push(...opening('a', 'Hel'))
    other.chat.stop()
    expect(other.where()).toBe('stopped')
    expect(other.joined.run.signal.aborted).toBe(true)
  })
  it('a failure is an error, and what was stored stays', async () => {
    const { chat, joined, shown } = joinable({ initialMessages: [user('Q'), assistant('A')] })
    chat.attach()
    await settled()
    await joined.run.fail(new Error('no way'))
    expect(chat.getSnapshot().error?.code).toBe('connection')
    expect(shown()).toBe('Q A')
    void chat.retry()
    await settled()
    expect(joined.runs).toHaveLength(2)
  })
  it('a connection that cannot join is left alone, and without resume nobody looks', async () => {
    const { chat, connection, where } = chatTest({ resume: true })
    chat.attach()
    await settled()
    expect(where()).toBe('idle/ready')
    expect(connection.runs).toHaveLength(0)
    const { chat: other, joined } = joinable({ resume: false })
    other.attach()
    await settled()
    expect(joined.runs).toHaveLength(0)
  })
})
