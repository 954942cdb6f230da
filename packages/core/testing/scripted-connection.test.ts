import { describe, expect, it } from 'vitest'
import { createChat } from '../src/create-chat.ts'
import { ChatError } from '../src/errors.ts'
import { drop, failedRun, gate, httpError, manualClock, pause, run, scriptedConnection, settled, testChat, text, waitFor } from './index.ts'
import './vitest.ts'

const hello = run(text('m1', 'Hel', 'lo'))
/** Up to `Hel`, and the rest. */
const [first, rest] = [hello.slice(0, 3), hello.slice(3)]

describe('scriptedConnection', () => {
  it('plays one script per run, and the last one again', async () => {
    const { chat } = testChat({ connection: scriptedConnection(run(text('m1', 'One')), run(text('m2', 'Two'))) })
    const texts: string[] = []
    for (const question of ['a', 'b', 'c']) {
      const { message } = await chat.sendMessage(question)
      texts.push(message?.parts.map((part) => (part.type === 'text' ? part.content : '')).join('') ?? '')
    }
    expect(texts).toEqual(['One', 'Two', 'Two'])
  })

  it("fails a run that no script is left for with 'fail', and says how many there were", async () => {
    const { chat } = testChat({ connection: scriptedConnection(run(text('m1', 'One')), { afterLast: 'fail' }) })
    await chat.sendMessage('a')
    const { outcome, error } = await chat.sendMessage('b')
    expect(outcome).toBe('failed')
    expect(error).toMatchObject({ code: 'misuse', retryable: false })
    expect(error?.message).toMatch(/^Run 2 was asked for, but there is 1 script\./)
  })

  it('refuses what cannot be played', () => {
    expect(() => scriptedConnection([...first, httpError(500)])).toThrow(/Script 1 has an httpError\(\) after a chunk/)
    expect(() => scriptedConnection(hello, [first, httpError(500)])).toThrow(/Script 2/)
    expect(() => httpError(200)).toThrow(/from 300 to 599/)
    // @ts-expect-error A step is no script.
    expect(() => scriptedConnection(httpError(500), hello)).toThrow(/Script 1 is no array/)
  })

  it('says what it was asked for', async () => {
    const connection = scriptedConnection(hello)
    const { chat } = testChat({ connection, data: { tenant: 7 }, body: { model: 'small' } })
    await chat.sendMessage('Hi')
    await chat.sendMessage('Again')
    expect(connection.requests).toMatchObject([
      {
        kind: 'connect',
        data: { tenant: 7 },
        context: { threadId: 'thread', body: { model: 'small' } },
        input: { messages: [{ role: 'user', content: 'Hi' }] },
      },
      { messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }], input: { forwardedProps: { tenant: 7 } } },
    ])
    expect(connection.requests.map(({ signal }) => signal.aborted)).toEqual([true, true])
  })

  it('gives an array as one read', async () => {
    const reads: number[] = []
    const { chat } = testChat({ connection: scriptedConnection([hello]) })
    chat.actor.system.inspect(({ type, ...more }) => {
      if (type === '@xstate.event' && 'event' in more && more.event.type === 'run.chunks') reads.push((more.event['chunks'] as unknown[]).length)
    })
    await chat.sendMessage('Hi')
    expect(reads).toEqual([hello.length])
  })
})

describe('a pause', () => {
  it('lasts as long as it says, on the clock of the chat', async () => {
    const { chat, clock, ask } = testChat({ connection: scriptedConnection(run(text('m1', 'Hel', pause(500), 'lo'))) })
    const { turn } = await ask('Hi')
    expect(chat).toHaveText('Hel')
    await clock.advance(499)
    expect(chat).toHaveText('Hel')
    await clock.advance(1)
    expect(chat).toHaveText('Hello')
    expect(await turn).toMatchObject({ outcome: 'finished' })
  })
  it('begins when the one before it is over', async () => {
    const { chat, clock, ask } = testChat({ connection: scriptedConnection(run(text('m1', pause(100), 'a', pause(100), 'b', pause(100), 'c'))) })
    await ask('Hi')
    await clock.advance(250)
    expect(chat).toHaveText('ab')
    await clock.advance(50)
    expect(chat).toHaveText('abc')
  })
  it('takes the clock it is given', async () => {
    const clock = manualClock()
    const connection = scriptedConnection([pause(10), ...hello], { clock })
    expect(connection.clock).toBe(clock)
    const chat = createChat({ connection })
    void chat.sendMessage('Hi')
    await clock.advance(10)
    expect(chat).toHaveText('Hello')
  })
  it('ends with the run, and leaves no timer', async () => {
    const { chat, connection, clock, ask } = testChat({ connection: scriptedConnection([...first, pause(500), ...rest]) })
    await ask('Hi')
    expect(clock.due).toBe(1)
    chat.stop()
    expect(clock.due).toBe(0)
    expect(connection.requests[0]!.signal.aborted).toBe(true)
    await clock.advance(500)
    expect(chat).toHaveStatus('stopped')
    expect(chat).toHaveText('Hel')
  })
})

describe('a wait', () => {
  it('ends with its promise', async () => {
    let save!: () => void
    const saved = new Promise<void>((resolve) => (save = resolve))
    const { chat, ask } = testChat({ connection: scriptedConnection([...first, waitFor(saved), ...rest]) })
    await ask('Hi')
    expect(chat).toHaveText('Hel')
    save()
    await settled()
    expect(chat).toHaveText('Hello')
  })
  it('asks a function when it gets there, and the chat has shown what came before', async () => {
    let stop = async () => {}
    const { chat } = testChat({ connection: scriptedConnection([...first, waitFor(() => stop()), ...rest]) })
    stop = async () => chat.stop()
    expect((await chat.sendMessage('Hi')).outcome).toBe('stopped')
    await settled()
    expect(chat).toHaveText('Hel')
  })
  it('throws what it waits for in vain', async () => {
    const { chat } = testChat({ connection: scriptedConnection([...first, waitFor(() => Promise.reject(new Error('Never.'))), ...rest]) })
    expect((await chat.sendMessage('Hi')).error).toMatchObject({ code: 'connection', message: 'The connection threw: Never.' })
  })
  it('at a gate ends when the test opens it, once for all', async () => {
    const more = gate()
    const { chat, ask } = testChat({ connection: scriptedConnection(run(text('m1', 'Hel', more, 'lo'))) })
    await ask('Hi')
    expect(chat).toHaveText('Hel')
    await more.open()
    expect(chat).toHaveText('Hello')
    expect((await chat.sendMessage('Again')).outcome).toBe('finished')
  })
})

describe('a connection that breaks', () => {
  it('fails before anything has come, and in the middle', async () => {
    const { chat } = testChat({ connection: scriptedConnection([drop()], [...first, drop()]) })
    expect((await chat.sendMessage('a')).error).toMatchObject({ code: 'network', retryable: true })
    expect((await chat.sendMessage('b')).error).toMatchObject({ code: 'truncated', retryable: true })
    expect(chat).toHaveText('Hel')
  })
  it('with a cursor is rejoined, and goes on behind the drop', async () => {
    const { chat, connection, clock, ask } = testChat({ connection: scriptedConnection([...first, drop('after-hel'), ...rest]) })
    const { turn } = await ask('Hi')
    expect(chat).toHavePhase('reconnecting')
    await clock.advance(500)
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(chat).toHaveText('Hello')
    const [begun, rejoined] = connection.requests
    expect(connection.requests).toHaveLength(2)
    expect(rejoined!.context).toMatchObject({ cursor: 'after-hel', runId: begun!.context.runId })
  })
  it('at the end of its script breaks again at each attempt, until the chat gives up', async () => {
    const { chat, connection, clock, ask } = testChat({ connection: scriptedConnection([...first, drop('1')], hello) })
    await ask('Hi')
    await clock.advance(200_000)
    expect(chat.getSnapshot().error).toMatchObject({ code: 'network' })
    expect(connection.requests).toHaveLength(9)
    void chat.retry()
    await settled()
    expect(chat).toHaveText('Hello')
  })
  it('with a status fails as over HTTP, the answer in the error', async () => {
    const overloaded = httpError(503, { body: { error: { message: 'Overloaded' } }, headers: { 'retry-after': '2' } })
    const { chat } = testChat({ connection: scriptedConnection([overloaded], [httpError(401, { body: 'Who are you?' })]) })
    expect((await chat.sendMessage('a')).error).toMatchObject({
      code: 'http',
      status: 503,
      body: { error: { message: 'Overloaded' } },
      retryAfter: 2_000,
      retryable: true,
      message: 'The server answered 503: Overloaded',
    })
    expect((await chat.sendMessage('b')).error).toMatchObject({ code: 'http', status: 401, retryable: false, body: 'Who are you?' })
  })
  it('with an Error throws it: a ChatError as it is, any other as the fault of the connection', async () => {
    const { chat } = testChat({ connection: scriptedConnection([new ChatError('protocol', 'What?')], [new Error('Oops.')]) })
    expect((await chat.sendMessage('a')).error).toMatchObject({ code: 'protocol', message: 'What?' })
    expect((await chat.sendMessage('b')).error).toMatchObject({ code: 'connection', message: 'The connection threw: Oops.' })
  })
  it('is another thing than a run that failed', async () => {
    const { chat } = testChat({ connection: scriptedConnection(failedRun(text('m1', 'Hel'), 'Overloaded', { code: 'busy', retryAfter: 2_000 })) })
    expect((await chat.sendMessage('a')).error).toMatchObject({
      code: 'server',
      serverCode: 'busy',
      retryAfter: 2_000,
      message: expect.stringContaining('Overloaded'),
    })
    expect(chat).toHaveText('Hel')
  })
})

describe('a run that is going on', () => {
  it('is given to a chat that looks for it', async () => {
    const connection = scriptedConnection(hello, { join: run(text('m0', 'Still', pause(100), ' here')) })
    const { chat, clock } = testChat({ connection, resume: true })
    chat.attach()
    await settled()
    expect(chat).toHaveText('Still')
    await clock.advance(100)
    expect(chat).toHaveText('Still here')
    expect(connection.requests.map(({ kind }) => kind)).toEqual(['join'])
  })
  it('can drop and be rejoined', async () => {
    const connection = scriptedConnection(hello, { join: [...first, drop('1'), ...rest] })
    const { chat, clock } = testChat({ connection, resume: true })
    chat.attach()
    await clock.advance(500)
    expect(chat).toHaveText('Hello')
    expect(connection.requests.map(({ kind, context }) => `${kind} ${context.cursor}`)).toEqual(['join undefined', 'join 1'])
  })
  it('is not there with an empty script, and not looked for without one', async () => {
    const none = testChat({ connection: scriptedConnection(hello, { join: [] }), resume: true })
    none.chat.attach()
    await settled()
    expect(none.chat).toHaveStatus('idle')
    expect('join' in scriptedConnection(hello)).toBe(false)
  })
})
