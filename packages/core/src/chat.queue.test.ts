import { describe, expect, it } from 'vitest'
import { chatTest, isSettled, show } from '../test/chat-kit.ts'
import { settled } from '../testing/index.ts'
import { ChatError } from './errors.ts'

const waiting = (chat: ReturnType<typeof chatTest>['chat']) => show(chat.getSnapshot().queue.map(({ message }) => message))

describe('the queue', () => {
  it('holds what is sent during a turn and goes on with it, in the order of typing, one turn at a time', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q1')
    const second = chat.sendMessage({ content: 'Q2', id: 'Q2' })
    const third = chat.sendMessage({ content: 'Q3', id: 'Q3' })
    expect(shown()).toBe('Q1')
    expect(waiting(chat)).toBe('Q2 Q3')
    await answer('a1', 'A1')
    expect(shown()).toBe('Q1 A1 Q2')
    expect(waiting(chat)).toBe('Q3')
    expect(await isSettled(second)).toBe(false)
    await answer('a2', 'A2')
    expect(await second).toMatchObject({ outcome: 'finished', message: { id: 'a2' } })
    expect(await isSettled(third)).toBe(false)
    await answer('a3', 'A3')
    expect(await third).toMatchObject({ outcome: 'finished', message: { id: 'a3' } })
    expect(shown()).toBe('Q1 A1 Q2 A2 Q3 A3')
    expect(connection.runs).toHaveLength(3)
  })
  it('keeps the options of each send', async () => {
    const { chat, connection, ask, answer } = chatTest({ data: { a: 1 } })
    await ask('Q1')
    void chat.sendMessage('Q2', { data: { b: 2 } })
    await answer('a1', 'A1')
    expect(connection.run.data).toEqual({ a: 1, b: 2 })
  })
  it.each<[string, (test: ReturnType<typeof chatTest>) => unknown, string]>([
    ['stop', ({ chat }) => chat.stop(), 'stopped'],
    ['an error', ({ connection }) => connection.run.fail(new ChatError('http', '500')), 'error'],
    ['clear', ({ chat }) => chat.clear(), 'idle'],
    ['setMessages', ({ chat }) => chat.setMessages([]), 'idle'],
  ])('is paused by %s, keeps its items, and resumeQueue goes on', async (_what, pause, status) => {
    const test = chatTest()
    const { chat, connection, ask, answer } = test
    await ask('Q1')
    const second = chat.sendMessage('Q2')
    await pause(test)
    await settled()
    expect(chat.getSnapshot().status).toBe(status)
    expect(waiting(chat)).toBe('Q2')
    expect(await isSettled(second)).toBe(false)
    expect(connection.runs).toHaveLength(1)

    chat.resumeQueue()
    await settled()
    expect(waiting(chat)).toBe('')
    await answer('a2', 'A2')
    expect(await second).toMatchObject({ outcome: 'finished' })
  })
  it.each<[string, (test: ReturnType<typeof chatTest>) => unknown]>([
    ['stop', ({ chat }) => chat.stop()],
    ['an error', ({ connection }) => connection.run.fail(new ChatError('http', '500'))],
    ['clear', ({ chat }) => chat.clear()],
  ])('after %s, the next send goes on with the one that waited longest', async (_what, pause) => {
    const test = chatTest()
    const { chat, ask, answer } = test
    await ask('Q1')
    const second = chat.sendMessage({ content: 'Q2', id: 'Q2' })
    await pause(test)
    const third = chat.sendMessage({ content: 'Q3', id: 'Q3' })
    await settled()
    expect(chat.getSnapshot().messages.at(-1)?.id).toBe('Q2')
    expect(waiting(chat)).toBe('Q3')
    await answer('a2', 'A2')
    await answer('a3', 'A3')
    expect(await second).toMatchObject({ outcome: 'finished', message: { id: 'a2' } })
    expect(await third).toMatchObject({ outcome: 'finished', message: { id: 'a3' } })
  })
  it('a queued send follows its own turn: stopped', async () => {
    const { chat, ask, answer } = chatTest()
    await ask('Q1')
    const second = chat.sendMessage('Q2')
    await answer('a1', 'A1')
    chat.stop()
    expect(await second).toEqual({ outcome: 'stopped' })
  })
  it('a queued send follows its own turn: failed', async () => {
    const { chat, connection, ask, answer } = chatTest()
    await ask('Q1')
    const second = chat.sendMessage('Q2')
    await answer('a1', 'A1')
    const error = new ChatError('network', 'gone')
    await connection.run.fail(error)
    expect(await second).toEqual({ outcome: 'failed', error })
  })
  it('unqueue takes one out, and its send resolves as dropped', async () => {
    const { chat, connection, ask, answer } = chatTest()
    await ask('Q1')
    const second = chat.sendMessage({ content: 'Q2', id: 'Q2' })
    const third = chat.sendMessage({ content: 'Q3', id: 'Q3' })
    chat.unqueue('Q2')
    expect(await second).toEqual({ outcome: 'dropped' })
    expect(waiting(chat)).toBe('Q3')
    await answer('a1', 'A1')
    expect(connection.run.messages.map(({ id }) => id)).toEqual(['Q1', 'a1', 'Q3'])
    await answer('a3', 'A3')
    expect(await third).toMatchObject({ outcome: 'finished' })
  })
  it('an item can be taken out while the queue is paused', async () => {
    const { chat, ask } = chatTest()
    await ask('Q1')
    const second = chat.sendMessage({ content: 'Q2', id: 'Q2' })
    chat.stop()
    chat.unqueue('Q2')
    expect(await second).toEqual({ outcome: 'dropped' })
    expect(chat.getSnapshot().queue).toEqual([])
  })
  it('waits until the callbacks of the turn before have run', async () => {
    const seen: string[] = []
    const { chat, ask, answer } = chatTest({ onFinish: () => seen.push(`${chat.getSnapshot().status} ${waiting(chat)}`) })
    await ask('Q1')
    void chat.sendMessage('Q2')
    await answer('a1', 'A1')
    expect(seen).toEqual(['idle Q2'])
    expect(chat.getSnapshot().status).toBe('streaming')
  })
  it('goes on after a reload and after an edit too', async () => {
    const { chat, ask, answer, shown } = chatTest()
    await ask('Q1')
    await answer('a1', 'A1')
    void chat.reload()
    await settled()
    void chat.sendMessage({ content: 'Q2', id: 'Q2' })
    await answer('b1', 'B1')
    expect(shown()).toBe('Q1 B1 Q2')
  })
  it('a send that waits when the chat is disposed of never became a turn: dropped', async () => {
    const { chat, ask } = chatTest()
    const first = chat.sendMessage('Q1')
    await ask('Q2')
    const third = chat.sendMessage('Q3')
    chat.dispose()
    expect(await first).toMatchObject({ outcome: 'stopped' })
    expect(await third).toEqual({ outcome: 'dropped' })
  })
})
