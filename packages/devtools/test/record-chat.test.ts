import { createChat, type UIMessage } from '@statechat/core'
import { manualConnection, manualScheduler, run, settled, text, toolCall } from '@statechat/core/testing'
import { describe, expect, it } from 'vitest'
import { recordChat, type RecordOptions } from '../src/recording/record-chat.ts'

/** A chat that is pushed by hand, recorded on a clock that a test moves. */
function setup(options: RecordOptions & { initialMessages?: readonly UIMessage[]; tools?: readonly [] } = {}) {
  const connection = manualConnection()
  let now = 1000
  const chat = createChat({ connection, scheduler: manualScheduler(), initialMessages: options.initialMessages })
  const recording = recordChat(chat, { now: () => now, ...options })
  const all = () => recording.entries.from(0)
  return {
    chat,
    connection,
    recording,
    all,
    pass: (ms: number) => (now += ms),
    types: () => all().map(({ event }) => event.type),
    async ask(question = 'Hi') {
      const turn = chat.sendMessage(question)
      await settled()
      return turn
    },
    async answer(...deltas: string[]) {
      await connection.run.push(...run(text('m', ...deltas)))
      await connection.run.close()
    },
  }
}

describe('a record of a chat', () => {
  it('has every event of the machine, with its time and the states before and after', async () => {
    const { chat, connection, all, pass } = setup()
    pass(5)
    void chat.sendMessage('Hi')
    await settled()
    pass(10)
    await connection.run.push(...run(text('m', 'Hello')))
    await connection.run.close()
    expect(all().map(({ at, event: { type }, moment: { path } }) => [at, type, path])).toEqual([
      [0, 'record.start', 'idle.ready'],
      [5, 'user.send', 'running.streaming.connecting'],
      [15, 'run.opened', 'running.streaming.receiving'],
      [15, 'run.chunks', 'running.streaming.receiving'],
      [15, 'run.closed', 'idle.ready'],
    ])
  })

  it('names the last transition, also after events that made none', async () => {
    const { chat, all } = setup()
    void chat.sendMessage('Hi')
    await settled()
    chat.setState({ a: 1 })
    const sent = { event: 'user.send', from: 'idle.ready', to: 'running.streaming.connecting' }
    expect(all().map(({ transition }) => transition)).toEqual([null, sent, sent])
  })

  it('has a line for each event and one for each chunk it brought', async () => {
    const { chat, connection, recording } = setup()
    void chat.sendMessage('Hi')
    await settled()
    await connection.run.push(...run([...text('m', 'a'), ...toolCall('c', 'weather', {})]).slice(0, 5))
    expect(recording.rows.from(0).map(({ kind, chunk, entry }) => [kind, chunk?.type ?? entry.event.type])).toEqual([
      ['other', 'record.start'],
      ['user', 'user.send'],
      ['run', 'run.opened'],
      ['run', 'run.chunks'],
      ['run-chunk', 'RUN_STARTED'],
      ['text', 'TEXT_MESSAGE_START'],
      ['text', 'TEXT_MESSAGE_CONTENT'],
      ['text', 'TEXT_MESSAGE_END'],
      ['tool-chunk', 'TOOL_CALL_START'],
    ])
    for (const [number, row] of recording.rows.from(0).entries()) expect(recording.rows.at(number)).toBe(row)
  })

  it('knows the messages of every moment, with the identities that they had', async () => {
    const { chat, connection, recording } = setup()
    const seen: (readonly UIMessage[])[] = []
    recording.subscribe(() => seen.push(chat.actor.getSnapshot().context.host.transcript.messages()))
    void chat.sendMessage('Hi')
    await settled()
    for (const chunk of run(text('m', ...'A longer answer'))) await connection.run.push(chunk)
    await connection.run.close()
    chat.clear()
    const past = recording.entries.from(1).map(({ moment }) => moment.messages())
    expect(past.length).toBeGreaterThan(15)
    expect(past).toEqual(seen)
    for (const [i, messages] of past.entries()) for (const [j, message] of messages.entries()) expect(message).toBe(seen[i]![j])
  })

  it('knows them also while another branch is shown than the one that grows', async () => {
    const { chat, connection, recording } = setup()
    const seen: (readonly UIMessage[])[] = []
    recording.subscribe(() => seen.push(chat.actor.getSnapshot().context.host.transcript.messages()))
    const turn = chat.sendMessage('Hi')
    await settled()
    await connection.run.push(...run(text('first', 'Hello')))
    await connection.run.close()
    await turn
    void chat.reload()
    await settled()
    const [started, begun, ...words] = run(text('second', ...'Hello again'))
    await connection.run.push(started!, begun!, words[0]!)
    for (const [i, chunk] of words.slice(1).entries()) {
      if (i % 3 === 0) chat.selectBranch(i % 2 === 0 ? 'first' : 'second')
      await connection.run.push(chunk)
    }
    expect(new Set(seen.map((messages) => messages.at(-1)?.id))).toContain('first')
    expect(recording.entries.from(1).map(({ moment }) => moment.messages())).toEqual(seen)
  })

  it('does not hold a list of its own for every token of a long conversation', async () => {
    const initialMessages = Array.from({ length: 2_000 }, (_, i): UIMessage => ({ id: `m${i}`, role: i % 2 ? 'assistant' : 'user', parts: [] }))
    const { chat, connection, all } = setup({ initialMessages })
    void chat.sendMessage('Hi')
    await settled()
    for (const chunk of run(text('m', ...'tokens'))) await connection.run.push(chunk)
    const moments = all().map(({ moment }) => moment)
    const before = new Set(moments.map(({ messages }) => messages()))
    const after = new Set(moments.map(({ messages }) => messages()))
    const kept = [...after].filter((list) => before.has(list))
    // With the question, and with the answer's first words: each of the others is put together when it is read.
    expect(kept.length).toBeLessThanOrEqual(3)
    expect(moments.at(-1)!.messages()).toHaveLength(2_002)
  })

  it('does not read the list of messages while an answer grows', async () => {
    const { chat, connection, all } = setup()
    void chat.sendMessage('Hi')
    await settled()
    const [started, begun, ...words] = run(text('m', ...'A longer answer'))
    await connection.run.push(started!, begun!, words[0]!)
    const { transcript } = chat.actor.getSnapshot().context.host
    const messages = transcript.messages.bind(transcript)
    let reads = 0
    transcript.messages = () => {
      reads++
      return messages()
    }
    for (const word of words.slice(1, -2)) await connection.run.push(word)
    expect(reads).toBe(0)
    expect(all().at(-1)!.moment.messages()).toEqual(messages())
  })

  it('serialises nothing', async () => {
    const { chat, connection } = setup()
    const message = Object.defineProperty({ id: 'm1', role: 'user', parts: [{ type: 'text', content: 'Hi' }] }, 'toJSON', {
      value: () => {
        throw new Error('serialised')
      },
    }) as UIMessage
    void chat.append(message)
    await settled()
    await connection.run.push(...run(text('m', 'Hello')))
    expect(chat.getSnapshot().messages).toHaveLength(2)
  })

  it('forgets what is older than its limit, lines and entries together', async () => {
    const { chat, connection, recording } = setup({ limit: 100 })
    void chat.sendMessage('Hi')
    await settled()
    await connection.run.push(...run(text('m', 'a')).slice(0, 2))
    for (let i = 0; i < 300; i++) await connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'x' })
    const { rows, entries } = recording
    expect(rows.end - rows.first).toBeGreaterThanOrEqual(100)
    expect(rows.end - rows.first).toBeLessThanOrEqual(110)
    expect(rows.at(rows.first)!.entry.number).toBe(entries.first)
    expect(entries.last()!.moment.messages().at(-1)!.parts[0]).toMatchObject({ content: `${'x'.repeat(300)}` })
  })

  it('begins with the chat as it is, when it is there already', async () => {
    const { chat, answer } = setup()
    const turn = chat.sendMessage('Hi')
    await settled()
    await answer('Hello')
    await turn
    const [first] = recordChat(chat).entries.from(0)
    expect(first!.event.type).toBe('record.start')
    expect(first!.moment.messages()).toEqual(chat.getSnapshot().messages)
    expect(first!.moment.messages()).toHaveLength(2)
  })

  it('goes on when a chat that was disposed of is shown again', async () => {
    const { chat, types } = setup()
    chat.dispose()
    chat.attach()
    void chat.sendMessage('Hi')
    await settled()
    expect(types()).toContain('xstate.stop')
    expect(types().slice(types().indexOf('xstate.stop') + 1)).toContain('record.start')
    expect(types().at(-1)).toBe('user.send')
  })

  it('changes nothing when a listener throws', async () => {
    const { chat, recording, connection } = setup()
    const thrown: unknown[] = []
    const hear = (error: unknown) => thrown.push(error)
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException').on('uncaughtException', hear)
    try {
      recording.subscribe(() => {
        throw new Error('boom')
      })
      const turn = chat.sendMessage('Hi')
      await settled()
      await connection.run.push(...run(text('m', 'Hello')))
      await connection.run.close()
      expect((await turn).outcome).toBe('finished')
      await new Promise((resolve) => setTimeout(resolve))
      expect(thrown).not.toEqual([])
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of before) process.on('uncaughtException', listener)
    }
  })

  it('hears nothing more once it is stopped', async () => {
    const { chat, recording, types } = setup()
    recording.stop()
    void chat.sendMessage('Hi')
    await settled()
    expect(types()).toEqual(['record.start'])
  })
})

describe('the requests of a record', () => {
  it('say when they were sent, opened and ended, and what came', async () => {
    const { chat, connection, recording, pass } = setup()
    void chat.sendMessage('Hi')
    await settled()
    pass(10)
    await connection.run.push(...run(text('m', 'a')).slice(0, 2))
    pass(10)
    await connection.run.push(...run(text('m', 'a')).slice(2))
    await connection.run.close()
    expect(recording.attempts).toEqual([
      {
        runId: chat.getSnapshot().runId,
        count: 1,
        started: { entry: 1, at: 0 },
        opened: { entry: 2, at: 10 },
        ended: { entry: 5, at: 20, how: 'closed' },
        reads: 2,
        chunks: 5,
      },
    ])
  })

  it('say why one failed', async () => {
    const { chat, connection, recording } = setup()
    void chat.sendMessage('Hi')
    await settled()
    await connection.run.fail(new Error('no such model'))
    expect(recording.attempts[0]!.ended).toMatchObject({ how: 'failed', error: expect.stringContaining('no such model') })
  })

  it('say so when the server reports an error', async () => {
    const { chat, connection, recording } = setup()
    void chat.sendMessage('Hi')
    await settled()
    await connection.run.push(run([])[0]!, { type: 'RUN_ERROR', message: 'out of order' })
    expect(recording.attempts[0]!.ended).toEqual({ entry: 3, at: 0, how: 'failed', error: 'out of order' })
  })

  it('tell one that the chat ended from one that ended by itself', async () => {
    const { chat, recording, answer } = setup()
    void chat.sendMessage('Hi')
    await settled()
    chat.stop()
    void chat.sendMessage('Hi again')
    await settled()
    await answer('Hello')
    expect(recording.attempts.map(({ ended }) => ended?.how)).toEqual(['aborted', 'closed'])
  })
})
