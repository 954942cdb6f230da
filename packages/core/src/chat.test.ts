import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, isSettled, opening, STARTED, user } from '../test/chat-kit.ts'
import { settled, text } from '../testing/index.ts'
import type { Chat } from './chat.ts'
import { ChatError } from './errors.ts'

describe('sendMessage', () => {
  it('shows the question at once and the answer as it grows', async () => {
    const { chat, connection, shown, where } = chatTest()
    void chat.sendMessage('Hello')
    expect(shown()).toBe('Hello')
    expect(where()).toBe('streaming/connecting')
    expect(chat.getSnapshot().isLoading).toBe(true)

    await settled()
    await connection.run.push(...opening('a', 'Hi'))
    expect(shown()).toBe('Hello Hi…')
    expect(where()).toBe('streaming/receiving')

    await connection.run.push(...text('a', ' there').slice(1))
    expect(shown()).toBe('Hello Hi there')
    await connection.run.push(FINISHED)
    expect(where()).toBe('streaming/receiving')
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    expect(chat.getSnapshot().isLoading).toBe(false)
  })
  it('resolves with the answer when the turn has finished', async () => {
    const { chat, answer } = chatTest()
    const turn = chat.sendMessage('Q')
    await settled()
    expect(await isSettled(turn)).toBe(false)
    await answer('a', 'A')
    expect(await turn).toEqual({ outcome: 'finished', message: chat.getSnapshot().messages[1] })
  })
  it('resolves with what had arrived when it is stopped', async () => {
    const { chat, connection } = chatTest()
    const turn = chat.sendMessage('Q')
    await settled()
    await connection.run.push(...opening('a', 'half'))
    chat.stop()
    expect(await turn).toMatchObject({ outcome: 'stopped', message: { id: 'a', parts: [{ content: 'half', state: 'done' }] } })
  })
  it('resolves with the error when it fails', async () => {
    const { chat, connection } = chatTest()
    const turn = chat.sendMessage('Q')
    await settled()
    const error = new ChatError('http', '500', { status: 500 })
    await connection.run.fail(error)
    expect(await turn).toEqual({ outcome: 'failed', error })
    expect(chat.getSnapshot().error).toBe(error)
  })
  it('resolves as dropped when whileBusy is drop, and says so', async () => {
    const { chat, ask, connection, log } = chatTest({ whileBusy: 'drop' })
    await ask('Q1')
    expect(chat.getSnapshot().canSend).toBe(false)
    expect(await chat.sendMessage('Q2')).toEqual({ outcome: 'dropped' })
    expect(connection.runs).toHaveLength(1)
    expect(log).toEqual(['onWarning ignored_event (streaming)'])
  })
  it('with whileBusy interrupt, stops the turn in flight and goes first', async () => {
    const { chat, connection, shown, answer } = chatTest({ whileBusy: 'interrupt' })
    const first = chat.sendMessage('Q1')
    await settled()
    await connection.run.push(...opening('a1', 'half'))
    const second = chat.sendMessage('Q2')
    expect(shown()).toBe('Q1 half Q2')
    expect(await first).toMatchObject({ outcome: 'stopped' })
    expect(connection.runs[0]!.signal.aborted).toBe(true)
    await settled()
    await answer('a2', 'A2')
    expect(await second).toMatchObject({ outcome: 'finished', message: { id: 'a2' } })
    expect(shown()).toBe('Q1 half Q2 A2')
  })
  it('takes content with parts, an id and metadata', async () => {
    const { chat, connection } = chatTest()
    const source = { type: 'url', value: 'https://example.org/cat.png' } as const
    void chat.sendMessage({
      id: 'mine',
      metadata: { a: 1 },
      content: [
        { type: 'text', content: 'What is this?' },
        { type: 'image', source },
      ],
    })
    await settled()
    expect(chat.getSnapshot().messages).toMatchObject([{ id: 'mine', role: 'user', metadata: { a: 1 } }])
    expect(connection.run.context.input.messages).toEqual([
      {
        id: 'mine',
        role: 'user',
        metadata: { a: 1 },
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', source },
        ],
      },
    ])
  })
  it.each<[string, unknown]>([
    ['an empty text', ''],
    ['no parts', { content: [] }],
    ['nothing', undefined],
    ['null', null],
    ['an object without content', {}],
    ['a number', 7],
  ])('rejects %s as misuse, and nothing happens', async (_what, input) => {
    const { chat, connection, where } = chatTest()
    await expect(chat.sendMessage(input as string)).rejects.toMatchObject({ name: 'ChatError', code: 'misuse' })
    await settled()
    expect(connection.runs).toEqual([])
    expect(where()).toBe('idle/ready')
  })
  it('rejects an id that is taken, by a message, by one on another branch, or by one that waits', async () => {
    const { chat, ask, answer } = chatTest()
    await ask('Q1')
    await answer('a', 'A')
    await expect(chat.sendMessage({ content: 'x', id: 'a' })).rejects.toMatchObject({ code: 'misuse' })
    void chat.edit('Q1', { content: 'Q1b', id: 'Q1b' })
    await settled()
    await expect(chat.sendMessage({ content: 'x', id: 'Q1' })).rejects.toMatchObject({ code: 'misuse' })
    void chat.sendMessage({ content: 'waits', id: 'waits' })
    await expect(chat.sendMessage({ content: 'x', id: 'waits' })).rejects.toMatchObject({ code: 'misuse' })
    await expect(chat.edit('Q1b', { content: 'x', id: 'a' })).rejects.toMatchObject({ code: 'misuse' })
  })
  it('rejects after dispose', async () => {
    const { chat } = chatTest()
    chat.dispose()
    await expect(chat.sendMessage('Q')).rejects.toMatchObject({ code: 'misuse' })
    expect(() => chat.stop()).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
  it('passes body and data of the chat and of the send, each a value or a function, to the request', async () => {
    const { chat, connection } = chatTest({ body: () => ({ model: 'm', tone: 'dry' }), data: { user: 'u' } })
    void chat.sendMessage('Q', { body: { tone: 'warm' }, data: async () => ({ page: 3 }) })
    await settled()
    const { context, data } = connection.run
    expect(context.body).toEqual({ model: 'm', tone: 'warm' })
    expect(data).toEqual({ user: 'u', page: 3 })
    expect(context.input.forwardedProps).toEqual({ user: 'u', page: 3 })
  })
  it('fails when the function that gives the body fails, and retry calls it again', async () => {
    let broken = true
    const { chat, connection } = chatTest({ body: () => (broken ? Promise.reject(new Error('no token')) : { token: 't' }) })
    expect(await chat.sendMessage('Q')).toMatchObject({ outcome: 'failed', error: { code: 'connection' } })
    broken = false
    void chat.retry()
    await settled()
    expect(connection.run.context.body).toEqual({ token: 't' })
  })
})

describe('append', () => {
  it('sends a whole message and waits for its answer', async () => {
    const { chat, answer, shown } = chatTest()
    const turn = chat.append(user('Q'))
    await settled()
    await answer('a', 'A')
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(shown()).toBe('Q A')
  })
  it('rejects what is not a message', async () => {
    const { chat } = chatTest()
    await expect(chat.append({ role: 'user' } as never)).rejects.toMatchObject({ code: 'misuse' })
  })
})

describe('snapshot', () => {
  it('is the same object until something changes', async () => {
    const { chat, connection, ask } = chatTest()
    const first = chat.getSnapshot()
    expect(chat.getSnapshot()).toBe(first)
    await ask('Q')
    const second = chat.getSnapshot()
    expect(second).not.toBe(first)
    await connection.run.push({ type: 'STATE_SNAPSHOT', snapshot: {} })
    await connection.run.push({ type: 'RAW', event: {} })
    const third = chat.getSnapshot()
    await connection.run.push({ type: 'RAW', event: {} })
    expect(chat.getSnapshot()).toBe(third)
  })
  it('says what a person may do now', async () => {
    const { chat, ask, connection } = chatTest()
    const may = () => {
      const { canSend, canStop, canReload, canRetry } = chat.getSnapshot()
      return [canSend && 'send', canStop && 'stop', canReload && 'reload', canRetry && 'retry'].filter(Boolean).join(' ')
    }
    expect(may()).toBe('send')
    await ask('Q')
    expect(may()).toBe('send stop reload')
    await connection.run.push(...opening('a', 'A'))
    expect(may()).toBe('send stop reload')
    chat.stop()
    expect(may()).toBe('send reload retry')
    chat.clear()
    expect(may()).toBe('send')
  })
  it('never offers what the machine would ignore', async () => {
    const { chat } = chatTest({ initialMessages: [{ id: 'hello', role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] }] })
    const agrees = () => expect(chat.getSnapshot().canReload).toBe(chat.actor.getSnapshot().can({ type: 'user.reload', turnId: '' }))
    expect(chat.getSnapshot().canReload).toBe(false)
    agrees()
    chat.setMessages([user('Q')])
    agrees()
    chat.setMessages([{ id: 'greeting', role: 'assistant', parts: [{ type: 'text', content: 'Hello!' }] }])
    agrees()
    expect(chat.getSnapshot().canReload).toBe(false)
  })
  it('adds the tokens of a turn up per model', async () => {
    const { chat, connection, ask } = chatTest()
    await ask('Q')
    await connection.run.push(STARTED, { ...FINISHED, usage: [{ model: 'm', inputTokens: 3, outputTokens: 1 }] } as never)
    await connection.run.push(STARTED, ...text('a', 'A'), {
      ...FINISHED,
      usage: [
        { model: 'm', inputTokens: 4 },
        { model: 'n', outputTokens: 2 },
      ],
    } as never)
    await connection.run.close()
    expect(chat.getSnapshot().usage).toEqual([
      { model: 'm', inputTokens: 7, outputTokens: 1 },
      { model: 'n', outputTokens: 2 },
    ])
  })
})

describe('a proxy of a chat', () => {
  it('is as good as the chat: functions, values and the actor', async () => {
    const { chat, connection } = chatTest()
    // As Vue's `reactive` has it: what is read through the proxy is read from the proxy.
    const seen: Chat = new Proxy(chat, { get: (target, name, receiver) => Reflect.get(target, name, receiver) })
    const turn = seen.sendMessage('Q')
    await settled()
    expect(seen.status.get()).toBe('streaming')
    expect(seen.messages.get()).toBe(chat.messages.get())
    await connection.run.fail(new ChatError('http', '500'))
    expect(await turn).toMatchObject({ outcome: 'failed', error: seen.error.get() })
    expect(seen.actor).toBe(chat.actor)
    expect(seen.getSnapshot()).toBe(chat.getSnapshot())
  })
})
