import { describe, expect, it, vi } from 'vitest'
import { chatTest, delta, FINISHED, macrotasks, opening, STARTED } from '../test/chat-kit.ts'
import { settled, text } from '../testing/index.ts'
import type { Chat, ChatOptions } from './chat.ts'
import { ChatError } from './errors.ts'
import type { Chunk } from './protocol/chunk.ts'

describe('callbacks', () => {
  it('onChunk gets each chunk in order, after it was applied', async () => {
    const seen: string[] = []
    const { chat, connection, ask, shown } = chatTest({ onChunk: (chunk) => seen.push(`${chunk.type} ${shown()}`) })
    await ask('Q')
    await connection.run.push(...opening('a', 'A', 'B'))
    expect(seen).toEqual(['RUN_STARTED Q AB…', 'TEXT_MESSAGE_START Q AB…', 'TEXT_MESSAGE_CONTENT Q AB…', 'TEXT_MESSAGE_CONTENT Q AB…'])
    expect(chat.getSnapshot().status).toBe('streaming')
  })
  it('onData hears of data that stays and of data that does not', async () => {
    const heard: unknown[] = []
    const { connection, ask, chat } = chatTest({ onData: (part) => heard.push(part) })
    await ask('Q')
    const data = (name: string, value: unknown): Chunk => ({ type: 'CUSTOM', name, value })
    await connection.run.push(STARTED, data('data-chart', { id: 'c', data: [1] }), data('data-tick', { data: 2, transient: true }), data('other', 3))
    expect(heard).toEqual([
      { type: 'data', name: 'chart', id: 'c', data: [1] },
      { type: 'data', name: 'tick', data: 2 },
    ])
    expect(chat.getSnapshot().messages.at(-1)?.parts).toHaveLength(1)
  })
  it('onChunk comes before onFinish, onFinish once, when the status is idle already, with everything about the turn', async () => {
    const order: string[] = []
    let info: unknown
    let chat!: Chat
    const test = chatTest({
      threadId: 'thread-1',
      onChunk: ({ type }) => order.push(type),
      onFinish(message, how) {
        order.push(`onFinish ${message?.id} ${chat.getSnapshot().status}`)
        info = how
      },
    })
    chat = test.chat
    await test.ask('Q')
    await test.connection.run.push(STARTED, ...text('a', 'A'), {
      ...FINISHED,
      usage: [{ model: 'm', outputTokens: 2 }],
      metadata: { finishReason: 'stop' },
    } as Chunk)
    await test.connection.run.close()
    expect(order.slice(-2)).toEqual(['RUN_FINISHED', 'onFinish a idle'])
    expect(info).toEqual({
      finishReason: 'stop',
      usage: [{ model: 'm', outputTokens: 2 }],
      runId: test.connection.run.context.runId,
      threadId: 'thread-1',
    })
  })
  it('onFinish gets the message of the snapshot, finished', async () => {
    let finished: unknown
    const { chat, ask, answer } = chatTest({ onFinish: (message) => (finished = message) })
    await ask('Q')
    await answer('a', 'A')
    expect(finished).toBe(chat.getSnapshot().messages[1])
  })
  it('onFinish of an answer without content gets no message', async () => {
    const { ask, answer, log } = chatTest()
    await ask('Q')
    await answer('a')
    expect(log).toEqual(['onFinish nothing (idle)'])
  })
  it('onError gets the error of the snapshot when the status is error already; there is no onFinish', async () => {
    const seen: unknown[] = []
    const { chat, connection, ask } = chatTest({
      onError: (error) => seen.push(error, chat.getSnapshot().error, chat.getSnapshot().status),
      onFinish: () => seen.push('onFinish'),
    })
    await ask('Q')
    const error = new ChatError('http', '500')
    await connection.run.fail(error)
    expect(seen).toEqual([error, error, 'error'])
  })
  it('a promise of sendMessage settles after the callbacks of its turn', async () => {
    const order: string[] = []
    const { chat, answer } = chatTest({ onFinish: () => order.push('onFinish') })
    void chat.sendMessage('Q').then(() => order.push('settled'))
    await settled()
    await answer('a', 'A')
    expect(order).toEqual(['onFinish', 'settled'])
  })
  it('so does that of a turn that failed', async () => {
    const order: string[] = []
    const { chat, connection } = chatTest({ onError: () => order.push('onError') })
    void chat.sendMessage('Q').then(() => order.push('settled'))
    await settled()
    await connection.run.fail(new ChatError('http', '500'))
    expect(order).toEqual(['onError', 'settled'])
  })
  it('the latest callback is called', async () => {
    const calls: string[] = []
    const { chat, ask, answer } = chatTest({ onFinish: () => calls.push('old') })
    await ask('Q')
    chat.updateOptions({ onFinish: () => calls.push('new') })
    await answer('a', 'A')
    expect(calls).toEqual(['new'])
  })
})

describe('a callback that calls the chat', () => {
  it('onFinish may send the next message and wait for it', async () => {
    const outcomes: unknown[] = []
    let asked = false
    const { chat, ask, answer, shown } = chatTest({
      async onFinish() {
        if (asked) return
        asked = true
        outcomes.push((await chat.sendMessage({ content: 'Q2', id: 'Q2' })).outcome)
      },
    })
    await ask('Q1')
    await answer('a1', 'A1')
    await answer('a2', 'A2')
    expect(outcomes).toEqual(['finished'])
    expect(shown()).toBe('Q1 A1 Q2 A2')
  })
  it('what onFinish sends goes behind what was waiting already', async () => {
    let asked = false
    const { chat, ask, answer, shown } = chatTest({
      onFinish() {
        if (!asked) void chat.sendMessage('Q3')
        asked = true
      },
    })
    await ask('Q1')
    void chat.sendMessage('Q2')
    await answer('a1', 'A1')
    await answer('a2', 'A2')
    await answer('a3', 'A3')
    expect(shown()).toBe('Q1 A1 Q2 A2 Q3 A3')
  })
  it('onChunk may stop the turn', async () => {
    const { chat, connection, ask, where, shown } = chatTest({
      onChunk: (chunk) => chunk.type === 'TEXT_MESSAGE_CONTENT' && chat.getSnapshot().isLoading && chat.stop(),
    })
    await ask('Q')
    await connection.run.push(...opening('a', 'A'))
    await connection.run.push(delta('a', 'B'))
    expect(where()).toBe('stopped')
    expect(shown()).toBe('Q A')
  })
  it('onError may retry and wait for it', async () => {
    const outcomes: string[] = []
    const { chat, connection, ask, answer, shown } = chatTest({ onError: async () => void outcomes.push((await chat.retry()).outcome) })
    await ask('Q')
    await connection.run.fail(new ChatError('network', 'gone'))
    await answer('a', 'A')
    expect(outcomes).toEqual(['finished'])
    expect(shown()).toBe('Q A')
  })
  const commands: [string, (chat: Chat) => unknown][] = [
    ['sendMessage', (chat) => chat.sendMessage('again')],
    ['append', (chat) => chat.append({ id: 'x', role: 'user', parts: [{ type: 'text', content: 'x' }] })],
    ['reload', (chat) => chat.reload()],
    ['edit', (chat) => chat.edit('Q', 'Q again')],
    ['retry', (chat) => chat.retry()],
    ['stop', (chat) => chat.stop()],
    ['clear', (chat) => chat.clear()],
    ['setMessages', (chat) => chat.setMessages([])],
    ['addToolResult', (chat) => chat.addToolResult({ toolCallId: 'c', output: 1 })],
    ['selectBranch', (chat) => chat.selectBranch('Q')],
    ['unqueue', (chat) => chat.unqueue('Q')],
    ['resumeQueue', (chat) => chat.resumeQueue()],
    ['updateOptions', (chat) => chat.updateOptions({ maxSteps: 3 })],
    ['attach', (chat) => chat.attach()],
    ['retain', (chat) => chat.retain()()],
    ['dispose', (chat) => chat.dispose()],
  ]
  const callbacks = ['onChunk', 'onFinish', 'onError', 'onWarning'] as const
  it.each(commands.flatMap(([name, command]) => callbacks.map((callback) => [name, callback, command] as const)))(
    '%s, awaited in %s, works without a deadlock',
    async (_name, callback, command) => {
      let done = 0
      let isFirst = true
      const options: Partial<ChatOptions> = {
        async [callback]() {
          if (!isFirst) return
          isFirst = false
          await command(test.chat)
          done++
        },
      }
      const test = chatTest({ onFinish: () => {}, onError: () => {}, onWarning: () => {}, ...options })
      await test.ask('Q')
      test.chat.addToolResult({ toolCallId: 'nobody', output: 1 })
      if (callback === 'onError') await test.connection.run.push(...opening('a', 'A'), { type: 'RUN_ERROR', message: 'no' })
      else await test.answer('a', 'A')
      // Whatever the command started is answered, until it is quiet.
      const answered = new Set([test.connection.runs[0]])
      for (let i = 0; i < 5; i++) {
        await settled()
        const { run } = test.connection
        if (answered.has(run)) continue
        answered.add(run)
        await test.answer(`b${i}`, 'B')
      }
      expect(isFirst).toBe(false)
      expect(done).toBe(1)
      if (_name !== 'dispose') expect(test.chat.getSnapshot().isLoading).toBe(false)
    },
  )
})

describe('a callback that throws', () => {
  const boom = () => {
    throw new Error('boom')
  }
  it.each(['onChunk', 'onFinish', 'onWarning'] as const)('%s is reported in a macrotask, and the chat goes on', async (callback) => {
    const tasks = macrotasks()
    const { chat, connection, ask, answer, shown, where } = chatTest({ [callback]: boom })
    await ask('Q1')
    chat.addToolResult({ toolCallId: 'nobody', output: 1 })
    await answer('a1', 'A1')
    expect(tasks.run()).toContainEqual(new Error('boom'))
    await ask('Q2')
    await answer('a2', 'A2')
    expect(shown()).toBe('Q1 A1 Q2 A2')
    expect(where()).toBe('idle/ready')
    expect(connection.runs).toHaveLength(2)
    tasks.run()
  })
  it('onError is reported in a macrotask, and retry works', async () => {
    const tasks = macrotasks()
    const { chat, connection, ask, answer, shown } = chatTest({ onError: boom })
    await ask('Q')
    await connection.run.fail(new ChatError('network', 'gone'))
    expect(tasks.run()).toEqual([new Error('boom')])
    void chat.retry()
    await settled()
    await answer('a', 'A')
    expect(shown()).toBe('Q A')
  })
  it('one chunk’s exception does not keep the next ones from onChunk', async () => {
    const tasks = macrotasks()
    const seen: string[] = []
    const { connection, ask } = chatTest({
      onChunk({ type }) {
        seen.push(type)
        boom()
      },
    })
    await ask('Q')
    await connection.run.push(STARTED, FINISHED)
    expect(seen).toEqual(['RUN_STARTED', 'RUN_FINISHED'])
    expect(tasks.run()).toHaveLength(2)
  })
  it('an inspector that throws changes nothing', async () => {
    const tasks = macrotasks()
    const { ask, answer, shown } = chatTest({ inspect: boom })
    await ask('Q')
    await answer('a', 'A')
    expect(shown()).toBe('Q A')
    expect(tasks.run().length).toBeGreaterThan(0)
  })
  it('an observer as inspector works, and may throw too', async () => {
    const tasks = macrotasks()
    const next = vi.fn(boom)
    const { ask, answer, shown } = chatTest({ inspect: { next } })
    await ask('Q')
    await answer('a', 'A')
    expect(shown()).toBe('Q A')
    expect(next).toHaveBeenCalled()
    tasks.run()
  })
})

describe('a callback after dispose', () => {
  it('does not come, also when the chat is disposed of in the callback before it', async () => {
    const seen: string[] = []
    const { chat, connection, ask } = chatTest({
      onChunk({ type }) {
        seen.push(type)
        chat.dispose()
      },
      onFinish: () => seen.push('onFinish'),
    })
    await ask('Q')
    await connection.run.push(STARTED, ...text('a', 'A'), FINISHED)
    await connection.run.close()
    expect(seen).toEqual(['RUN_STARTED'])
  })
  it('does not come for an end that was not told yet', async () => {
    const seen: string[] = []
    const { chat, connection, ask } = chatTest({ onFinish: () => seen.push('onFinish'), onWarning: () => seen.push('onWarning') })
    await ask('Q')
    chat.addToolResult({ toolCallId: 'nobody', output: 1 })
    chat.dispose()
    await settled()
    await connection.run.push(FINISHED)
    expect(seen).toEqual([])
  })
})
