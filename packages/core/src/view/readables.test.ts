import { describe, expect, it } from 'vitest'
import { assistant, chatTest, delta, FINISHED, opening, user } from '../../test/chat-kit.ts'
import { manualScheduler, settled, text } from '../../testing/index.ts'
import { ChatError } from '../errors.ts'
import { statusOf } from './snapshot.ts'

describe('what a chat lets read', () => {
  it('wakes the reader of a message for that message only', async () => {
    const { chat, connection, ask } = chatTest({ initialMessages: [user('Q0'), assistant('A0')] })
    await ask('Q1')
    await connection.run.push(...opening('a1', 'x'))
    const woken: string[] = []
    for (const id of ['A0', 'Q1', 'a1']) chat.message(id).subscribe(() => woken.push(id))
    chat.status.subscribe(() => woken.push('status'))
    chat.error.subscribe(() => woken.push('error'))
    chat.messages.subscribe(() => woken.push('messages'))
    await connection.run.push(delta('a1', 'y'))
    expect(woken.sort()).toEqual(['a1', 'messages'])
  })
  it('gives the same readable for the same id', () => {
    const { chat } = chatTest()
    expect(chat.message('x')).toBe(chat.message('x'))
    expect(chat.message('x').get()).toBeUndefined()
  })
  it('a reader may wait for a message that is not there yet', async () => {
    const { chat, connection, ask } = chatTest()
    const seen: unknown[] = []
    chat.message('a').subscribe(() => seen.push(chat.message('a').get()?.parts.length))
    await ask('Q')
    await connection.run.push(...opening('a', 'x'))
    expect(seen).toEqual([1])
    chat.clear()
    expect(chat.message('a').get()).toBeUndefined()
  })
  it('select wakes only when its value is another one', async () => {
    const { chat, connection, ask } = chatTest()
    const loading: boolean[] = []
    const isLoading = chat.select((snapshot) => snapshot.isLoading)
    isLoading.subscribe(() => loading.push(isLoading.get()))
    await ask('Q')
    for (let i = 0; i < 20; i++) await connection.run.push(...(i === 0 ? opening('a', 'x') : [delta('a', 'x')]))
    await connection.run.push(FINISHED)
    await connection.run.close()
    expect(loading).toEqual([true, false])
  })
  it('a selector that throws starves nobody', async () => {
    const { chat } = chatTest({ initialMessages: [user('Q')] })
    const first = chat.select(({ messages }) => messages[0]!.id)
    const woken: string[] = []
    first.subscribe(() => woken.push('first'))
    chat.messages.subscribe(() => woken.push('messages'))
    chat.clear()
    expect(new Set(woken)).toEqual(new Set(['first', 'messages']))
    expect(() => first.get()).toThrow()
    chat.setMessages([user('Q2')])
    expect(first.get()).toBe('Q2')
  })
  it('shows streamed text once per frame, and a change of status at once', async () => {
    const scheduler = manualScheduler()
    const { chat, connection, shown, ask } = chatTest({ scheduler })
    let notified = 0
    chat.subscribe(() => notified++)
    await ask('Q')
    await connection.run.push(...opening('a', '1'))
    scheduler.flush()
    expect(shown()).toBe('Q 1…')
    notified = 0
    for (const content of '23456789') await connection.run.push(delta('a', content))
    expect(notified).toBe(0)
    expect(shown()).toBe('Q 1…')
    expect(scheduler.due).toBe(1)
    scheduler.flush()
    expect(notified).toBe(1)
    expect(shown()).toBe('Q 123456789…')

    await connection.run.push(delta('a', '!'))
    chat.stop()
    expect(notified).toBe(2)
    expect(shown()).toBe('Q 123456789!')
    expect(scheduler.due).toBe(0)
    scheduler.flush()
    expect(notified).toBe(2)
  })
  it('shows an error and a queue at once', async () => {
    const scheduler = manualScheduler()
    const { chat, connection, ask } = chatTest({ scheduler })
    const seen: string[] = []
    chat.subscribe(() => seen.push(`${chat.getSnapshot().status} ${chat.getSnapshot().queue.length}`))
    await ask('Q')
    void chat.sendMessage('Q2')
    expect(seen.at(-1)).toBe('streaming 1')
    await connection.run.fail(new ChatError('http', '500'))
    expect(seen.at(-1)).toBe('error 1')
  })
  it('never shows half of a change', async () => {
    const { chat, connection, ask } = chatTest()
    const torn: string[] = []
    const look = () => {
      const snapshot = chat.getSnapshot()
      if (chat.status.get() !== snapshot.status) torn.push('status')
      if (chat.messages.get() !== snapshot.messages) torn.push('messages')
      if (chat.error.get() !== snapshot.error) torn.push('error')
      if (snapshot.isLoading !== (snapshot.status === 'streaming' || snapshot.status === 'tool-calling')) torn.push('isLoading')
      if ((snapshot.status === 'error') !== (snapshot.error !== null)) torn.push('error or not')
      for (const message of snapshot.messages) if (chat.message(message.id).get() !== message) torn.push(message.id)
    }
    for (const readable of [chat.snapshot, chat.status, chat.messages, chat.error]) readable.subscribe(look)
    await ask('Q')
    await connection.run.push(...opening('a', 'x'))
    await connection.run.push(...text('a', 'y').slice(1), FINISHED)
    await connection.run.close()
    await ask('Q2')
    await connection.run.fail(new ChatError('http', '500'))
    await settled()
    chat.clear()
    expect(torn).toEqual([])
  })
})

describe('statusOf', () => {
  it.each([
    [{ idle: 'ready' }, 'idle', 'ready'],
    [{ idle: 'restoring' }, 'idle', 'restoring'],
    [{ running: { streaming: 'connecting' } }, 'streaming', 'connecting'],
    [{ running: { streaming: 'receiving' } }, 'streaming', 'receiving'],
    [{ running: { streaming: 'replaying' } }, 'streaming', 'replaying'],
    [{ running: { streaming: { reconnecting: 'waiting' } } }, 'streaming', 'reconnecting'],
    [{ running: { streaming: { reconnecting: 'offline' } } }, 'streaming', 'reconnecting'],
    [{ running: { streaming: { reconnecting: 'rejoining' } } }, 'streaming', 'reconnecting'],
    [{ running: { 'tool-calling': 'remote' } }, 'tool-calling', 'remote'],
    [{ running: { 'tool-calling': 'local' } }, 'tool-calling', 'local'],
    ['error', 'error', null],
    ['stopped', 'stopped', null],
  ] as const)('reads %j', (value, status, phase) => {
    expect(statusOf(value)).toEqual({ status, phase })
  })
})
