import { describe, expect, it } from 'vitest'
import { manualConnection, run, settled, testChat, text } from './index.ts'
import './vitest.ts'

const hello = run(text('m1', 'Hel', 'lo'))
const [first, rest] = [hello.slice(0, 3), hello.slice(3)]

describe('manualConnection', () => {
  it('shows what it was asked for', async () => {
    const { connection, ask } = testChat({ data: { tenant: 7 } })
    expect(() => connection.run).toThrow(/No run was started yet/)
    await ask('Hi')
    expect(connection.run).toMatchObject({ kind: 'connect', data: { tenant: 7 }, input: { messages: [{ role: 'user', content: 'Hi' }] } })
    expect(connection.open).toBe(1)
  })

  it('drops: nothing had come, or something had', async () => {
    const { chat, connection, ask } = testChat()
    await ask('a')
    await connection.run.drop()
    expect(chat.getSnapshot().error?.code).toBe('network')
    await ask('b')
    await connection.run.push(...first)
    await connection.run.drop()
    expect(chat.getSnapshot().error?.code).toBe('truncated')
    expect(connection.open).toBe(0)
  })

  it('drops with a cursor, and is rejoined with it', async () => {
    const { chat, connection, clock, ask } = testChat()
    const { turn } = await ask('Hi')
    await connection.run.push(...first)
    await connection.run.drop('after-hel')
    expect(chat).toHavePhase('reconnecting')
    await clock.advance(500)
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.context.cursor).toBe('after-hel')
    await connection.run.push(...rest)
    await connection.run.close()
    expect(await turn).toMatchObject({ outcome: 'finished' })
    expect(chat).toHaveText('Hello')
  })

  it('answers with a status, before anything else', async () => {
    const { chat, connection, ask } = testChat()
    await ask('a')
    await connection.run.httpError(429, { headers: { 'retry-after': '1' } })
    expect(chat.getSnapshot().error).toMatchObject({ code: 'http', status: 429, retryAfter: 1_000, retryable: true })
    await ask('b')
    await connection.run.push(...first)
    expect(() => connection.run.httpError(500)).toThrow(/after a push/)
  })

  it('is asked to stop a run that has a position, with cancels', async () => {
    const { chat, connection, ask } = testChat({ connection: manualConnection({ cancels: true }) })
    await ask('Hi')
    connection.run.context.onCursor('start')
    await connection.run.push(...first)
    await chat.stop()
    expect(connection.cancelled).toEqual([connection.run.context.runId])
    expect(chat).toHaveStatus('stopped')
    expect('cancel' in manualConnection()).toBe(false)
  })

  it('is asked for the run that is going on, with joins', async () => {
    const { chat, connection } = testChat({ connection: manualConnection({ joins: true }), resume: true })
    chat.attach()
    await settled()
    expect(connection.run.kind).toBe('join')
    await connection.run.push(...first)
    expect(chat).toHaveStatus('streaming')
    await connection.run.push(...rest)
    await connection.run.close()
    expect(chat).toHaveText('Hello')
    expect('join' in manualConnection()).toBe(false)
  })
})
