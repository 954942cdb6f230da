import { describe, expect, it } from 'vitest'
import { assistant, chatTest, delta, FINISHED, opening, STARTED, user } from '../test/chat-kit.ts'
import { manualConnection, settled, text, toolCall } from '../testing/index.ts'
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
  it('retry of one that was cut asks its question anew, and the part that had come stays as a sibling', async () => {
    const { chat, joined, sent, where, shown, log } = joinable({ initialMessages: [user('Q'), assistant('A', { type: 'text', content: 'He' })] })
    chat.attach()
    await settled()
    await joined.run.push(...opening('a', 'Hel'))
    await joined.run.close()
    expect(where()).toBe('error')
    const turn = chat.retry()
    await settled()
    expect(joined.runs).toHaveLength(1)
    expect(sent.run.messages.map(({ id }) => id)).toEqual(['Q'])
    await sent.run.push(STARTED, ...text('b', 'Hello'), FINISHED)
    await sent.run.close()
    expect(await turn).toMatchObject({ outcome: 'finished', message: { id: 'b' } })
    expect(shown()).toBe('Q Hello')
    expect(chat.branches('b').map(({ id }) => id)).toEqual(['A', 'b'])
    expect(log).toEqual(['onError truncated (error)', 'onFinish Hello (idle)'])
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

describe('a run that begins with what it had said before', () => {
  /** A chat that has found the run `theirs`, and shows the beginning of its replay. */
  async function replaying(options: Parameters<typeof chatTest>[0] = {}) {
    const test = chatTest({ joins: true, cancels: true, resume: true, initialMessages: [user('Q')], ...options })
    test.chat.attach()
    await settled()
    test.connection.run.context.onJoin?.({ runId: 'theirs', isReplay: true })
    await test.connection.run.push(...opening('a', 'Hel'))
    return test
  }
  /** The run breaks off and is rejoined. */
  async function rejoin({ connection, network }: Awaited<ReturnType<typeof replaying>>) {
    connection.run.context.onCursor('7')
    await connection.run.drop()
    network.tell('network.online')
    await settled()
  }

  it('is replayed, then received: only what is new is to be animated', async () => {
    const { chat, connection, where, shown, ask, answer } = await replaying()
    const seen: [phase: string | null, isReplaying: boolean, text: string][] = []
    const see = ({ phase, isReplaying } = chat.getSnapshot()) => seen.push([phase, isReplaying, shown()])
    see()
    chat.subscribe(() => see())
    expect(where()).toBe('streaming/replaying')
    await connection.run.push(delta('a', 'lo'))
    connection.run.context.onCaughtUp?.()
    await connection.run.push(delta('a', ', '))
    await connection.run.push(delta('a', 'you'))
    expect(seen).toEqual([
      ['replaying', true, 'Q Hel…'],
      ['replaying', true, 'Q Hello…'],
      ['replaying', true, 'Q Hello, …'],
      ['receiving', false, 'Q Hello, …'],
      ['receiving', false, 'Q Hello, you…'],
    ])
    await connection.run.push({ type: 'TEXT_MESSAGE_END', messageId: 'a' }, FINISHED)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    await ask('Q2')
    expect(chat.getSnapshot().isReplaying).toBe(false)
    await answer('b', 'B')
    expect(shown()).toBe('Q Hello, you Q2 B')
  })
  it('is not one when nothing had been said: it is received from its first word', async () => {
    const { chat, connection, where } = chatTest({ joins: true, resume: true, initialMessages: [user('Q')] })
    chat.attach()
    await settled()
    connection.run.context.onJoin?.({ runId: 'theirs', isReplay: false })
    await connection.run.push(...opening('a', 'Hel'))
    expect([where(), chat.getSnapshot().isReplaying]).toEqual(['streaming/receiving', false])
  })
  it('that ends before it has caught up is over, and so is the replay', async () => {
    const { chat, connection, where, shown } = await replaying()
    await connection.run.push({ type: 'TEXT_MESSAGE_END', messageId: 'a' }, FINISHED)
    await connection.run.close()
    expect([where(), shown(), chat.getSnapshot().isReplaying]).toEqual(['idle/ready', 'Q Hel', false])
  })
  it('has its calls run here once, when all of it has come, and not while it is replayed', async () => {
    let calls = 0
    const { connection, where, shown } = await replaying({ tools: [{ name: 'look', execute: () => ++calls }] })
    await connection.run.push(...text('a').slice(1), ...toolCall('c', 'look', {}))
    expect([where(), calls]).toEqual(['streaming/replaying', 0])
    connection.run.context.onCaughtUp?.()
    await connection.run.push(FINISHED)
    await connection.run.close()
    expect(calls).toBe(1)
    expect(shown()).toBe('Q Hel{look:complete}')
  })
  it('is stopped in the middle of its replay: cancelled by the name that the server has for it', async () => {
    const { chat, connection, where, shown } = await replaying()
    connection.run.context.onCursor('7')
    await connection.run.push(delta('a', 'lo'))
    await chat.stop()
    expect([where(), shown(), chat.getSnapshot().isReplaying]).toEqual(['stopped', 'Q Hello', false])
    expect(connection.cancelled).toEqual(['theirs'])
    expect(connection.run.signal.aborted).toBe(true)
  })
  it('that drops is rejoined by the name that the server has for it, and cancelled by it', async () => {
    const test = await replaying()
    await rejoin(test)
    const { chat, connection, where, shown } = test
    expect(connection.run).toMatchObject({ kind: 'join', context: { runId: 'theirs', cursor: '7' } })
    await connection.run.push(delta('a', 'lo'))
    expect([where(), shown()]).toEqual(['streaming/receiving', 'Q Hello…'])
    await chat.stop()
    expect(connection.cancelled).toEqual(['theirs'])
  })
  it('and is cut off for good is an error; retry is a run of its own, with a name of its own', async () => {
    const { chat, connection, where } = await replaying()
    await connection.run.close()
    expect(where()).toBe('error')
    void chat.retry()
    await settled()
    connection.run.context.onCursor('')
    expect(connection.run.kind).toBe('connect')
    expect(connection.run.context.runId).not.toBe('theirs')
    await chat.stop()
    expect(connection.cancelled).toEqual([connection.run.context.runId])
  })
  it('is found by retry when it could not be found before, and is cancelled by its own name then, too', async () => {
    const { chat, connection, where, shown } = chatTest({ joins: true, cancels: true, resume: true, initialMessages: [user('Q')] })
    chat.attach()
    await settled()
    await connection.run.drop()
    expect(where()).toBe('error')
    void chat.retry()
    await settled()
    expect(connection.run.kind).toBe('join')
    connection.run.context.onJoin?.({ runId: 'theirs', isReplay: true })
    connection.run.context.onCursor('1')
    await connection.run.push(...opening('a', 'Hel'))
    expect([where(), shown()]).toEqual(['streaming/replaying', 'Q Hel…'])
    await chat.stop()
    expect(connection.cancelled).toEqual(['theirs'])
  })
})

describe('a run that is looked for on a server that keeps its runs', () => {
  it('has no start to ask for again: nothing is said of it before it is found, and nothing is cancelled', async () => {
    const { chat, connection, where, log } = chatTest({ joins: true, cancels: true, resume: true, initialMessages: [user('Q')] })
    chat.attach()
    await settled()
    connection.run.context.onCursor('')
    await settled()
    expect(where()).toBe('idle/restoring')
    await connection.run.close()
    expect([where(), log]).toEqual(['idle/ready', []])
    expect(connection.cancelled).toEqual([])
  })
  it('and again after the first try failed: that stop ends the looking, and nothing on the server', async () => {
    const { chat, connection, where } = chatTest({ joins: true, cancels: true, resume: true, initialMessages: [user('Q')] })
    chat.attach()
    await settled()
    await connection.run.drop()
    void chat.retry()
    await settled()
    connection.run.context.onCursor('')
    await chat.stop()
    expect([where(), connection.cancelled]).toEqual(['stopped', []])
  })
})
