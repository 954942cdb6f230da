import { createActor } from 'xstate'
import { describe, expect, it } from 'vitest'
import { assistant, chatTest, macrotasks, opening, show, user } from '../test/chat-kit.ts'
import { manualConnection, manualScheduler, run, scriptedConnection, settled, SimulatedClock, text } from '../testing/index.ts'
import { createChat } from './create-chat.ts'
import { chatMachine } from './session/machine.ts'

describe('a chat that was only created', () => {
  it('has started nothing', async () => {
    let inspected = 0
    const { chat, connection } = chatTest({ inspect: () => inspected++, initialMessages: [user('Q')] })
    chat.getSnapshot()
    chat.subscribe(() => {})
    chat.message('Q').get()
    await settled()
    expect(inspected).toBe(0)
    expect(connection.runs).toHaveLength(0)
  })
  it('shows its initial messages, and refuses what cannot be a transcript', () => {
    const { shown } = chatTest({ initialMessages: [user('Q'), assistant('A')] })
    expect(shown()).toBe('Q A')
    expect(() => chatTest({ initialMessages: [user('Q'), user('Q')] })).toThrow(expect.objectContaining({ code: 'misuse' }))
  })
  it.each([
    ['undefined', undefined],
    ['a url', '/api/chat'],
    ['a function', () => fetch('/api/chat')],
  ])('refuses %s in place of a connection at once, and says what to do', (_what, connection) => {
    const refusal = expect.objectContaining({ code: 'misuse', message: expect.stringContaining("connection: fetchServerSentEvents('/api/chat')") })
    expect(() => createChat({ connection } as never)).toThrow(refusal)
    const { chat } = chatTest()
    expect(() => chat.updateOptions({ connection } as never)).toThrow(refusal)
  })
})

describe('the signal of a run', () => {
  it('aborts when the run is over: as fetch expects it for one that was stopped, without an error of its own for one that ended', async () => {
    const { chat, connection, ask } = chatTest()
    await ask('Q')
    const stopped = connection.run.signal
    await connection.run.push(...opening('half', 'A'))
    await chat.stop()
    expect(stopped.reason).toMatchObject({ name: 'AbortError' })
    const reasons: unknown[] = []
    for (const id of ['a', 'b']) {
      await ask(`Q ${id}`)
      const { signal } = connection.run
      await connection.run.push(...run(text(id, 'A')))
      await connection.run.close()
      expect(signal.aborted).toBe(true)
      reasons.push(signal.reason)
    }
    expect(reasons[0]).toBe(reasons[1])
    expect(reasons[0]).toMatchObject({ message: 'The run is over.' })
  })
})

describe('dispose', () => {
  it('aborts the request, closes what is open, settles the sends and tells no callback', async () => {
    const { chat, connection, shown, log } = chatTest()
    const turn = chat.sendMessage('Q')
    await settled()
    await connection.run.push(...opening('a', 'half'))
    chat.dispose()
    expect(connection.run.signal.aborted).toBe(true)
    expect(shown()).toBe('Q half')
    expect(chat.getSnapshot().isLoading).toBe(false)
    expect(await turn).toMatchObject({ outcome: 'stopped' })
    expect(log).toEqual([])
  })
  it('tells whoever listens that the turn is over', async () => {
    const { chat, ask } = chatTest()
    const statuses: string[] = []
    chat.subscribe(() => statuses.push(chat.getSnapshot().status))
    await ask('Q')
    chat.dispose()
    expect(statuses.at(-1)).toBe('idle')
  })
  it('right after the end of a turn, before anybody was told, does not change how it ended', async () => {
    const { chat, connection } = chatTest()
    const turn = chat.sendMessage('Q')
    await settled()
    chat.actor.subscribe((snapshot) => snapshot.matches('idle') && chat.dispose())
    await connection.run.push(...run(text('a', 'A')))
    await connection.run.close()
    expect(await turn).toMatchObject({ outcome: 'finished', message: { id: 'a' } })
  })
  it('may be called twice, and before anything was started', () => {
    const { chat } = chatTest()
    chat.dispose()
    chat.dispose()
    expect(chat.getSnapshot().status).toBe('idle')
  })
  it('cancels the frame that is due', async () => {
    const scheduler = manualScheduler()
    const { chat, connection, ask } = chatTest({ scheduler })
    chat.subscribe(() => {})
    await ask('Q')
    await connection.run.push(...opening('a', 'A'))
    await connection.run.push(...text('a', 'B').slice(1, 2))
    expect(scheduler.due).toBe(1)
    chat.dispose()
    expect(scheduler.due).toBe(0)
  })
  it('cancels the release that is due', () => {
    const tasks = macrotasks()
    const { chat } = chatTest()
    const clear: unknown[] = []
    const original = globalThis.clearTimeout
    globalThis.clearTimeout = ((id: unknown) => clear.push(id)) as never
    try {
      chat.retain()()
      expect(tasks.due).toBe(1)
      chat.dispose()
      expect(clear).toHaveLength(1)
    } finally {
      globalThis.clearTimeout = original
    }
  })
})

describe('retain', () => {
  it('keeps the chat until the last release, and a little longer', async () => {
    const tasks = macrotasks()
    const { chat, connection, ask, where } = chatTest()
    const first = chat.retain()
    const second = chat.retain()
    await ask('Q')
    first()
    first()
    tasks.run()
    expect(where()).toBe('streaming/connecting')
    second()
    expect(where()).toBe('streaming/connecting')
    tasks.run()
    expect(where()).toBe('idle/ready')
    expect(connection.run.signal.aborted).toBe(true)
  })
  it('a remount in the same tick keeps the run', async () => {
    const tasks = macrotasks()
    const { chat, connection, ask, answer, shown } = chatTest()
    const release = chat.retain()
    await ask('Q')
    release()
    const again = chat.retain()
    tasks.run()
    expect(connection.run.signal.aborted).toBe(false)
    await answer('a', 'A')
    expect(shown()).toBe('Q A')
    again()
    tasks.run()
  })
  it('revives a chat that was disposed of, with its messages', async () => {
    const { chat, ask, answer, shown } = chatTest()
    await ask('Q1')
    await answer('a1', 'A1')
    chat.dispose()
    expect(shown()).toBe('Q1 A1')
    chat.retain()
    await ask('Q2')
    await answer('a2', 'A2')
    expect(shown()).toBe('Q1 A1 Q2 A2')
  })
  it('a chat that a view attaches to lives again', async () => {
    const { chat, ask, answer, shown } = chatTest()
    chat.attach()
    await ask('Q1')
    chat.detach()
    chat.dispose()
    chat.attach()
    await ask('Q2')
    await answer('a2', 'A2')
    expect(shown()).toBe('Q1 Q2 A2')
  })
  it('a turn that was cut off by dispose does not come back', async () => {
    const { chat, connection, ask, where } = chatTest({ ignoresAbort: true })
    await ask('Q1')
    chat.dispose()
    chat.retain()
    await connection.run.push(...opening('a', 'late'))
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    expect(chat.getSnapshot().messages).toHaveLength(1)
  })
})

describe('updateOptions', () => {
  it('keeps the transcript and uses the latest connection, body, tools and limits', async () => {
    const { chat, connection, ask, answer, shown } = chatTest({ body: { model: 'old' } })
    await ask('Q1')
    await answer('a1', 'A1')
    const other = manualConnection()
    chat.updateOptions({ connection: other, body: { model: 'new' }, tools: [{ name: 'ask' }] })
    expect(shown()).toBe('Q1 A1')
    await ask('Q2')
    expect(connection.runs).toHaveLength(1)
    expect(other.run.context.body).toEqual({ model: 'new' })
    expect(other.run.context.clientTools.map(({ name }) => name)).toEqual(['ask'])
  })
  it('leaves the options that it does not name', async () => {
    const { chat, connection, ask } = chatTest({ body: { a: 1 } })
    chat.updateOptions({ maxSteps: 3 })
    await ask('Q')
    expect(connection.run.context.body).toEqual({ a: 1 })
  })
})

describe('the machine on its own', () => {
  it('can be driven headless', async () => {
    const actor = createActor(chatMachine, { input: { connection: scriptedConnection(run(text('a', 'Hi'))) } }).start()
    actor.send({ type: 'user.send', turnId: 'Q', message: user('Q') })
    await settled()
    expect(actor.getSnapshot().value).toEqual({ idle: 'ready' })
    expect(show(actor.getSnapshot().context.host.transcript.messages())).toBe('Q Hi')
    actor.stop()
  })
  it('can have a guard, a delay or an action replaced without forking', async () => {
    const finished: string[] = []
    const machine = chatMachine.provide({ guards: { queues: () => false }, actions: { finishTurn: () => void finished.push('mine') } })
    const connection = manualConnection()
    const actor = createActor(machine, { input: { connection }, clock: new SimulatedClock() }).start()
    actor.send({ type: 'user.send', turnId: 'Q', message: user('Q') })
    expect(actor.getSnapshot().can({ type: 'user.send', turnId: 'x', message: user('x') })).toBe(false)
    await settled()
    await connection.run.push(...run([]))
    await connection.run.close()
    expect(finished).toEqual(['mine'])
    actor.stop()
  })
  it('is what a chat runs on: chat.actor', async () => {
    const { chat, shown, answer } = chatTest()
    chat.actor.send({ type: 'user.send', turnId: 'Q', message: user('Q') })
    await settled()
    await answer('a', 'A')
    expect(shown()).toBe('Q A')
    expect(chat.actor).toBe(chat.actor)
  })
})

describe('what an inspector serialises', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => (i % 2 ? assistant(`a${i}`, { type: 'text', content: 'x'.repeat(200) }) : user(`q${i}`)))

  it('is small, also with 1,000 messages', async () => {
    const { chat, ask, connection } = chatTest({ initialMessages: many })
    await ask('Q')
    await connection.run.push(...opening('a', 'A'))
    const snapshot = chat.actor.getSnapshot()
    expect(JSON.stringify(snapshot.context).length).toBeLessThan(2_000)
    expect(JSON.stringify(snapshot).length).toBeLessThan(4_000)
    expect(JSON.stringify(chat.actor.getPersistedSnapshot()).length).toBeLessThan(8_000)
  })
  it('holds no credentials of the connection or the body', () => {
    const chat = createChat({ connection: Object.assign(manualConnection(), { apiKey: 'secret' }), body: { token: 'secret' } })
    expect(JSON.stringify(chat.actor.getSnapshot())).not.toContain('secret')
    chat.dispose()
  })
})
