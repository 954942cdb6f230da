import { describe, expect, it } from 'vitest'
import { chatTest, FINISHED, isSettled, opening, STARTED, user } from '../test/chat-kit.ts'
import { settled, text } from '../testing/index.ts'
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

describe('reload, edit and branches', () => {
  it('reload answers the last question again and keeps the old answer as a sibling', async () => {
    const { chat, ask, answer, shown } = chatTest()
    await ask('Q')
    await answer('a1', 'A1')
    const turn = chat.reload()
    await settled()
    expect(shown()).toBe('Q')
    await answer('a2', 'A2')
    expect(await turn).toMatchObject({ outcome: 'finished', message: { id: 'a2' } })
    expect(shown()).toBe('Q A2')
    expect(chat.branches('a2').map(({ id }) => id)).toEqual(['a1', 'a2'])
    chat.selectBranch('a1')
    expect(shown()).toBe('Q A1')
  })
  it('reload of an answer in the middle asks with what came before it only', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q1')
    await answer('a1', 'A1')
    await ask('Q2')
    await answer('a2', 'A2')
    void chat.reload('a1')
    await settled()
    expect(connection.run.messages.map(({ id }) => id)).toEqual(['Q1'])
    await answer('b1', 'B1')
    expect(shown()).toBe('Q1 B1')
    chat.selectBranch('a1')
    expect(shown()).toBe('Q1 A1 Q2 A2')
  })
  it('gives a new answer an id of its own when the server uses the old one again', async () => {
    const { chat, ask, answer, shown } = chatTest()
    await ask('Q')
    await answer('same', 'A1')
    void chat.reload()
    await settled()
    await answer('same', 'A2')
    expect(shown()).toBe('Q A2')
    const ids = chat.branches(chat.getSnapshot().messages[1]!.id).map(({ id }) => id)
    expect(new Set(ids).size).toBe(2)
  })
  it('edit puts the new question beside the old one and answers it', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q1')
    await answer('a1', 'A1')
    const turn = chat.edit('Q1', { content: 'Q1b', id: 'Q1b' })
    await settled()
    expect(shown()).toBe('Q1b')
    expect(connection.run.messages.map(({ id }) => id)).toEqual(['Q1b'])
    await answer('b1', 'B1')
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(chat.branches('Q1b').map(({ id }) => id)).toEqual(['Q1', 'Q1b'])
    chat.selectBranch('Q1')
    expect(shown()).toBe('Q1 A1')
  })
  it('a command with nothing to work on is dropped with a warning, never an exception', async () => {
    const { chat, connection, log } = chatTest()
    expect(await chat.reload()).toEqual({ outcome: 'dropped' })
    expect(await chat.retry()).toEqual({ outcome: 'dropped' })
    expect(await chat.edit('nobody', 'x')).toEqual({ outcome: 'dropped' })
    chat.selectBranch('nobody')
    chat.unqueue('nobody')
    chat.resumeQueue()
    chat.stop()
    await settled()
    expect(connection.runs).toEqual([])
    expect(log).toEqual(['onWarning ignored_event (idle)', 'onWarning ignored_event (idle)', 'onWarning ignored_event (idle)'])
  })
  it('somebody who reads another branch is not moved when the answer arrives', async () => {
    const { chat, connection, ask, answer, shown } = chatTest()
    await ask('Q')
    await answer('a1', 'A1')
    void chat.reload()
    await settled()
    chat.selectBranch('a1')
    await connection.run.push(...opening('a2', 'A2'))
    expect(shown()).toBe('Q A1')
    chat.selectBranch('a2')
    expect(shown()).toBe('Q A2…')
  })
})

describe('clear and setMessages', () => {
  it('clear empties and a later send starts afresh', async () => {
    const { chat, connection, ask, answer, shown, where } = chatTest()
    await ask('Q1')
    await answer('a1', 'A1')
    chat.clear()
    expect(shown()).toBe('')
    expect(where()).toBe('idle/ready')
    await ask('Q2')
    expect(connection.run.messages.map(({ id }) => id)).toEqual(['Q2'])
  })
  it('setMessages takes a list or a function of the current one', async () => {
    const { chat, shown } = chatTest({ initialMessages: [user('Q1'), user('Q2')] })
    chat.setMessages((messages) => messages.slice(0, 1))
    expect(shown()).toBe('Q1')
    chat.setMessages([user('X')])
    expect(shown()).toBe('X')
  })
  it('setMessages refuses what cannot be a transcript, and changes nothing', () => {
    const { chat, shown } = chatTest({ initialMessages: [user('Q1')] })
    for (const bad of [[user('a'), user('a')], [{}], 'text', [null]]) {
      expect(() => chat.setMessages(bad as never)).toThrow(expect.objectContaining({ code: 'misuse' }))
    }
    expect(shown()).toBe('Q1')
  })
  it('setMessages keeps the identity of messages that stay', () => {
    const { chat } = chatTest({ initialMessages: [user('Q1'), user('Q2'), user('Q3')] })
    const before = chat.getSnapshot().messages
    chat.setMessages((messages) => messages.slice(0, 2))
    const after = chat.getSnapshot().messages
    expect(after[0]).toBe(before[0])
    expect(after[1]).toBe(before[1])
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
