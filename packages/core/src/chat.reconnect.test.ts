import { describe, expect, it } from 'vitest'
import { chatTest, delta, FINISHED, isSettled, opening } from '../test/chat-kit.ts'
import { settled, text } from '../testing/index.ts'
import { ChatError } from './errors.ts'

const dropped = new ChatError('network', 'The connection broke.')

/** A turn whose connection has given a position and then broke. */
async function droppedTurn() {
  const test = chatTest()
  const turn = test.chat.sendMessage({ content: 'Q', id: 'Q' })
  await settled()
  test.connection.run.context.onCursor('1')
  await test.connection.run.push(...opening('a', 'one '))
  await test.connection.run.fail(dropped)
  return { ...test, turn }
}

describe('a run that dropped and can be resumed', () => {
  it('waits, then rejoins with the last cursor and the same run id, and goes on in the same message', async () => {
    const { chat, connection, clock, where, shown, turn, log } = await droppedTurn()
    expect(where()).toBe('streaming/reconnecting')
    expect(chat.getSnapshot().error).toBeNull()
    expect(shown()).toBe('Q one …')
    expect(connection.runs).toHaveLength(1)
    // Half of the first ceiling of 500 ms.
    clock.increment(249)
    await settled()
    expect(connection.runs).toHaveLength(1)
    clock.increment(1)
    await settled()
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.context).toMatchObject({ runId: connection.runs[0]!.context.runId, cursor: '1' })
    expect(connection.run.messages.map(({ id }) => id)).toEqual(['Q'])
    expect(where()).toBe('streaming/reconnecting')

    await connection.run.push(delta('a', 'two'))
    expect(where()).toBe('streaming/receiving')
    await connection.run.push(...text('a').slice(1), FINISHED)
    await connection.run.close()
    expect(shown()).toBe('Q one two')
    expect(await turn).toMatchObject({ outcome: 'finished', message: { id: 'a' } })
    expect(log.filter((entry) => !entry.startsWith('onWarning'))).toEqual(['onFinish one two (idle)'])
  })
  it('takes a cut without a terminal chunk for a drop', async () => {
    const { connection, ask, where } = chatTest()
    await ask('Q')
    connection.run.context.onCursor('1')
    await connection.run.push(...opening('a', 'one '))
    await connection.run.close()
    expect(where()).toBe('streaming/reconnecting')
  })
  it('is not asked to resume when it said that it was over', async () => {
    const { connection, ask, where } = chatTest()
    await ask('Q')
    connection.run.context.onCursor('1')
    await connection.run.push(...opening('a', 'one '), FINISHED)
    await connection.run.close()
    expect(where()).toBe('idle/ready')
  })
  it('uses the last cursor, also one given after the last read', async () => {
    const { connection, clock, ask, where } = chatTest()
    await ask('Q')
    await connection.run.push(...opening('a', 'one '))
    connection.run.context.onCursor('after-one')
    await connection.run.fail(dropped)
    expect(where()).toBe('streaming/reconnecting')
    clock.increment(500)
    await settled()
    expect(connection.run.context.cursor).toBe('after-one')
  })
  it('waits longer each time, and counts anew when something arrives', async () => {
    const { connection, clock } = await droppedTurn()
    for (const wait of [250, 500, 1_000]) {
      const before = connection.runs.length
      clock.increment(wait - 1)
      await settled()
      expect(connection.runs).toHaveLength(before)
      clock.increment(1)
      await settled()
      expect(connection.runs).toHaveLength(before + 1)
      await connection.run.fail(dropped)
    }
    clock.increment(2_000)
    await settled()
    await connection.run.push(delta('a', 'two '))
    await connection.run.fail(dropped)
    const before = connection.runs.length
    clock.increment(250)
    await settled()
    expect(connection.runs).toHaveLength(before + 1)
  })
  it('that never comes back is an error after eight attempts; the partial answer is kept and retry works', async () => {
    const { chat, connection, clock, turn, shown, where, answer } = await droppedTurn()
    for (let attempt = 1; attempt <= 8; attempt++) {
      expect(where()).toBe('streaming/reconnecting')
      clock.increment(30_000)
      await settled()
      await connection.run.fail(dropped)
    }
    expect(where()).toBe('error')
    expect(connection.runs).toHaveLength(9)
    expect(chat.getSnapshot().error).toBe(dropped)
    expect(await turn).toMatchObject({ outcome: 'failed', error: dropped })
    expect(shown()).toBe('Q one ')
    void chat.retry()
    await settled()
    expect(connection.run.context.cursor).toBeUndefined()
    expect(connection.run.context.runId).not.toBe(connection.runs[0]!.context.runId)
    await answer('a', 'whole')
    expect(shown()).toBe('Q whole')
  })
  it('is stopped while it waits, and no request follows', async () => {
    const { chat, connection, clock, turn, shown, where } = await droppedTurn()
    chat.stop()
    expect(where()).toBe('stopped')
    expect(shown()).toBe('Q one ')
    expect(await turn).toMatchObject({ outcome: 'stopped' })
    clock.increment(60_000)
    await settled()
    expect(connection.runs).toHaveLength(1)
  })
  it('is stopped while it rejoins', async () => {
    const { chat, connection, clock, where } = await droppedTurn()
    clock.increment(500)
    await settled()
    chat.stop()
    expect(connection.runs[1]!.signal.aborted).toBe(true)
    await connection.run.push(delta('a', 'late'))
    expect(where()).toBe('stopped')
  })
  it('a send meanwhile waits for its turn', async () => {
    const { chat, connection, clock } = await droppedTurn()
    const second = chat.sendMessage('Q2')
    expect(chat.getSnapshot().queue).toHaveLength(1)
    expect(await isSettled(second)).toBe(false)
    clock.increment(500)
    await settled()
    expect(connection.runs).toHaveLength(2)
  })
  it('leaves no timer behind when it is disposed of', async () => {
    const { chat, clock, connection } = await droppedTurn()
    chat.dispose()
    clock.increment(60_000)
    await settled()
    expect(connection.runs).toHaveLength(1)
  })
  it('that failed for another reason than the transport is an error at once', async () => {
    const { connection, ask, where } = chatTest()
    await ask('Q')
    connection.run.context.onCursor('1')
    await connection.run.push(...opening('a', 'one '))
    await connection.run.fail(new ChatError('http', '410 Gone', { status: 410 }))
    expect(where()).toBe('error')
  })
})

describe('a run that dropped and cannot be resumed', () => {
  it('is an error at once', async () => {
    const { connection, ask, where, chat } = chatTest()
    await ask('Q')
    await connection.run.push(...opening('a', 'one '))
    await connection.run.fail(dropped)
    expect(where()).toBe('error')
    expect(chat.getSnapshot().error).toBe(dropped)
  })
})
