import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createChat } from '../src/create-chat.ts'
import { ChatError } from '../src/errors.ts'
import type { Chunk } from '../src/protocol/chunk.ts'
import { syncScheduler } from '../src/view/scheduler.ts'
import { manualConnection, manualScheduler, run, scriptedConnection, settled, text, toolCall, toolResult } from '../testing/index.ts'
import { assistant, chatTest, delta, FINISHED, macrotasks, opening, show, STARTED, user } from './chat-kit.ts'

/** `races.md`: what is in the messages, who hears of it, and what it costs. */
describe('races of content', () => {
  it('14: an error before any content leaves no empty bubble', async () => {
    const failures: ((test: ReturnType<typeof chatTest>) => Promise<void>)[] = [
      ({ connection }) => connection.run.fail(new ChatError('http', '500')),
      ({ connection }) => connection.run.push(STARTED, { type: 'RUN_ERROR', message: 'no' }),
      ({ connection }) => connection.run.push(STARTED, { type: 'TEXT_MESSAGE_START', messageId: 'a' }, { type: 'RUN_ERROR', message: 'no' }),
      async ({ connection }) => {
        await connection.run.push(
          STARTED,
          { type: 'TEXT_MESSAGE_START', messageId: 'a' },
          { type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' },
        )
        await connection.run.close()
      },
    ]
    for (const fail of failures) {
      const test = chatTest()
      await test.ask('Q')
      await fail(test)
      expect(test.chat.getSnapshot().status).toBe('error')
      expect(test.chat.getSnapshot().messages).toHaveLength(1)
    }
  })
  it('15: stop in the middle of tool arguments cancels the call, and the next request is one that providers accept', async () => {
    const { chat, connection, ask, shown } = chatTest()
    await ask('Q1')
    await connection.run.push(
      STARTED,
      ...toolCall('whole', 'ask', { n: 1 }),
      { type: 'TOOL_CALL_START', toolCallId: 'cut', toolCallName: 'ask' },
      { type: 'TOOL_CALL_ARGS', toolCallId: 'cut', delta: '{"n":1,"te' },
    )
    expect(shown()).toBe('Q1 {ask:input-complete}{ask:input-streaming}')
    chat.stop()
    expect(shown()).toBe('Q1 {ask:cancelled}{ask:cancelled}')
    await ask('Q2')
    const { messages } = connection.run.context.input
    const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []))
    expect(calls.map(({ id, function: { arguments: args } }) => [id, JSON.parse(args)])).toEqual([
      ['whole', { n: 1 }],
      ['cut', {}],
    ])
    const answered = messages.flatMap((message) => (message.role === 'tool' ? [message] : []))
    expect(answered.map(({ toolCallId }) => toolCallId)).toEqual(['whole', 'cut'])
    for (const { error } of answered) expect(error).toMatch(/cancelled/)
  })
  it('17: unknown chunks are skipped and a delta for an id never opened opens it, each with a warning', async () => {
    const { chat, connection, ask, shown, where, log } = chatTest()
    await ask('Q')
    await connection.run.push(STARTED, { type: 'FROM_THE_FUTURE', x: 1 } as never, delta('never-opened', 'Hello'))
    await connection.run.push(
      { type: 'TOOL_CALL_END', toolCallId: 'nobody' },
      { type: 'TEXT_MESSAGE_END', messageId: 'nobody' },
      delta('never-opened', '!'),
    )
    expect(where()).toBe('streaming/receiving')
    expect(shown()).toBe('Q Hello!…')
    await connection.run.push(FINISHED)
    await connection.run.close()
    expect(shown()).toBe('Q Hello!')
    expect(log.at(-1)).toBe('onFinish Hello! (idle)')
    expect(new Set(log.slice(0, -1).map((entry) => entry.split(' ')[1]))).toEqual(new Set(['unknown_chunk', 'orphan', 'out_of_order']))
    expect(chat.getSnapshot().error).toBeNull()
  })
  it('17: a result for a call that nobody saw is kept, and breaks nothing', async () => {
    const { connection, ask, shown, answer, where } = chatTest()
    await ask('Q')
    await connection.run.push(STARTED, toolResult('nobody', 1), ...text('a', 'A'), FINISHED)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
    expect(shown()).toBe('Q A')
    await ask('Q2')
    expect(connection.run.context.input.messages.map(({ role }) => role)).not.toContain('tool')
    await answer('b', 'B')
  })
  it('18: a callback that throws is reported, and the subscription lives', async () => {
    const tasks = macrotasks()
    const boom = () => {
      throw new Error('boom')
    }
    const { chat, ask, answer, shown } = chatTest({ onChunk: boom, onFinish: boom })
    const seen: string[] = []
    chat.subscribe(boom)
    chat.subscribe(() => seen.push(shown()))
    await ask('Q1')
    await answer('a1', 'A1')
    await ask('Q2')
    await answer('a2', 'A2')
    expect(seen.at(-1)).toBe('Q1 A1 Q2 A2')
    const reported = tasks.run()
    expect(reported.length).toBeGreaterThan(0)
    expect(new Set(reported.map(String))).toEqual(new Set(['Error: boom']))
  })
  it('19: each chat calls its own onFinish, also when another one was made with the same connection', async () => {
    const connection = manualConnection()
    const finished: string[] = []
    const chatOf = (threadId: string) =>
      createChat({
        connection,
        threadId,
        scheduler: syncScheduler,
        onFinish: (message, info) => finished.push(`${threadId} ${info.threadId} ${message?.id}`),
      })
    const [one, two] = [chatOf('one'), chatOf('two')]
    void one.sendMessage('Q')
    await settled()
    const ofOne = connection.run
    void two.sendMessage('Q')
    await settled()
    await connection.run.push(...run(text('a2', 'A')))
    await ofOne.push(...run(text('a1', 'A')))
    await ofOne.close()
    await connection.run.close()
    expect(finished).toEqual(['one one a1', 'two two a2'])
    expect(show(one.getSnapshot().messages)).toBe('Q A')
    one.dispose()
    two.dispose()
  })
  it('20: options and callbacks that change are used from then on, and the transcript stays', async () => {
    const seen: string[] = []
    const { chat, connection, ask, answer, shown } = chatTest({ onFinish: () => seen.push('first'), data: { page: 1 } })
    await ask('Q1')
    chat.updateOptions({ onFinish: () => seen.push('second'), data: () => ({ page: 2 }) })
    await answer('a1', 'A1')
    expect(shown()).toBe('Q1 A1')
    await ask('Q2')
    expect(connection.run.data).toEqual({ page: 2 })
    await answer('a2', 'A2')
    expect(seen).toEqual(['second', 'second'])
  })
  it('22: dispose during a stream closes the socket and no callback comes after', async () => {
    const { chat, connection, ask, log, shown } = chatTest({ ignoresAbort: true, onChunk: () => log.push('onChunk') })
    await ask('Q')
    await connection.run.push(...opening('a', 'half'))
    log.length = 0
    chat.dispose()
    expect(connection.run.signal.aborted).toBe(true)
    await connection.run.push(delta('a', 'late'), FINISHED)
    await connection.run.close()
    expect(log).toEqual([])
    expect(shown()).toBe('Q half')
  })
  it('23: 2,000 buffered deltas are one pass and one notification, not one per delta', async () => {
    for (const length of [2_000, 4_000]) {
      const scheduler = manualScheduler()
      const { chat, connection, ask, shown } = chatTest({ scheduler })
      await ask('Q')
      await connection.run.push(...opening('a', 'x'))
      scheduler.flush()
      let notified = 0
      let events = 0
      chat.subscribe(() => notified++)
      chat.actor.subscribe(() => events++)
      await connection.run.push(...Array.from({ length }, () => delta('a', 'x')))
      expect(events).toBe(1)
      expect(scheduler.due).toBe(1)
      scheduler.flush()
      expect(notified).toBe(1)
      expect(shown()).toBe(`Q ${'x'.repeat(length + 1)}…`)
    }
  })
  it('23: the same when a buffered stream yields them one by one', async () => {
    const counts = []
    for (const length of [2_000, 4_000]) {
      let events = 0
      let notified = 0
      const { chat, where, shown } = chatTest({
        connection: scriptedConnection([...opening('a'), ...Array.from({ length }, () => delta('a', 'x')), FINISHED]),
      })
      chat.actor.subscribe(() => events++)
      chat.subscribe(() => notified++)
      void chat.sendMessage('Q')
      for (let i = 0; i < 200 && where() !== 'idle/ready'; i++) await settled()
      expect(shown()).toBe(`Q ${'x'.repeat(length)}`)
      counts.push(events, notified)
    }
    for (const count of counts) expect(count).toBeLessThan(50)
  })
  it('24: no timer and no frame in the path of a chunk, so a hidden tab is as fast as a shown one', async () => {
    const forbidden: string[] = []
    for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback'] as const) {
      vi.stubGlobal(name, () => forbidden.push(name))
    }
    onTestFinished(() => void vi.unstubAllGlobals())
    const { chat, connection, ask, answer, shown } = chatTest({ scheduler: syncScheduler, onChunk: () => {} })
    chat.subscribe(() => {})
    await ask('Q1')
    for (let i = 0; i < 16; i++) await connection.run.push(...(i === 0 ? opening('a', 'x') : [delta('a', 'x')]))
    await connection.run.push(FINISHED)
    await connection.run.close()
    await ask('Q2')
    await answer('b', 'B')
    expect(shown()).toBe(`Q1 ${'x'.repeat(16)} Q2 B`)
    expect(forbidden).toEqual([])
  })
  it('26: a delta changes the last message only; every other message and part keeps its identity', async () => {
    const history = Array.from({ length: 200 }, (_, i) => (i % 2 ? assistant(`a${i}`) : user(`q${i}`)))
    const { chat, connection, ask } = chatTest({ initialMessages: history })
    await ask('Q')
    await connection.run.push(
      STARTED,
      { type: 'REASONING_MESSAGE_START', messageId: 'r', role: 'reasoning' },
      { type: 'REASONING_MESSAGE_CONTENT', messageId: 'r', delta: 'hm' },
      ...opening('a', 'x').slice(1),
    )
    const before = chat.getSnapshot().messages
    let woken = 0
    for (const { id } of before.slice(0, -1)) chat.message(id).subscribe(() => woken++)
    await connection.run.push(delta('a', 'y'))
    const after = chat.getSnapshot().messages
    expect(after).not.toBe(before)
    expect(after).toHaveLength(before.length)
    for (let i = 0; i < before.length - 1; i++) expect(after[i]).toBe(before[i])
    expect(after.at(-1)).not.toBe(before.at(-1))
    expect(after.at(-1)!.parts[0]).toBe(before.at(-1)!.parts[0])
    expect(after.at(-1)!.parts[1]).not.toBe(before.at(-1)!.parts[1])
    expect(woken).toBe(0)
  })
  it('30: ids like __proto__ and constructor are plain data', async () => {
    for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', '']) {
      const { chat, connection, ask, answer, shown, where } = chatTest({ tools: [{ name: 'ask' }] })
      const chunks: Chunk[] = [
        STARTED,
        ...text(id || 'a', 'Hi'),
        ...toolCall(id, id || 'tool', JSON.parse('{"__proto__":{"polluted":true}}')),
        { type: 'CUSTOM', name: `data-${id}`, value: JSON.parse(`{"id":${JSON.stringify(id)},"data":{"__proto__":{"polluted":true}}}`) },
        { ...toolResult(id, '{"__proto__":{"polluted":true}}'), metadata: JSON.parse('{"__proto__":{"polluted":true}}') } as Chunk,
        FINISHED,
      ]
      await ask('Q')
      await connection.run.push(...chunks)
      await connection.run.close()
      expect(where(), id).toBe('idle/ready')
      expect(shown(), id).toBe(`Q Hi{${id || 'tool'}:complete}<data>`)
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      expect(Object.prototype).not.toHaveProperty('polluted')
      chat.addToolResult({ toolCallId: id, output: 1 })
      chat.unqueue(id)
      expect(chat.message(id || 'a').get()).toBe(chat.getSnapshot().messages[1])
      await ask('Q2')
      await answer(id || 'a', 'again')
      expect(chat.getSnapshot().messages).toHaveLength(4)
    }
  })
  it('30: a message of the user may have such an id too', async () => {
    const { chat, answer, shown } = chatTest()
    void chat.sendMessage({ content: 'Q', id: '__proto__' })
    await settled()
    await answer('constructor', 'A')
    expect(shown()).toBe('Q A')
    expect(chat.branches('__proto__')).toHaveLength(1)
    await expect(chat.sendMessage({ content: 'Q', id: '__proto__' })).rejects.toMatchObject({ code: 'misuse' })
  })
})
