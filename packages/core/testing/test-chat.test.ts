import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { toolDefinition } from '../src/tool/tool-definition.ts'
import { manualClock, manualScheduler, pause, run, scriptedConnection, settled, testChat, text, toolCall } from './index.ts'
import type { ManualConnection } from './manual-connection.ts'
import './vitest.ts'

describe('testChat', () => {
  it('numbers its ids, names its thread, and is pushed by hand', async () => {
    const { chat, connection, ask } = testChat()
    await ask('Hi')
    expect(chat.getSnapshot()).toMatchObject({ threadId: 'thread', runId: 'id-2', messages: [{ id: 'id-1', role: 'user' }] })
    expectTypeOf(connection).toEqualTypeOf<ManualConnection>()
    await connection.run.push(...run(text('m1', 'Hello')))
    expect(chat).toHaveText('Hello')
  })
  it('has one clock for the chat and for the pauses of its connection', async () => {
    const connection = scriptedConnection(run(text('m1', pause(500), 'Hello')))
    const test = testChat({ connection })
    expect(test.clock).toBe(connection.clock)
    const clock = manualClock()
    expect(testChat({ connection: scriptedConnection([], { clock }) }).clock).toBe(clock)
  })
  it('takes every option of a chat in place of its own', async () => {
    const scheduler = manualScheduler()
    const { chat, ask, connection } = testChat({ threadId: 'mine', generateId: () => 'one', scheduler })
    const shown: string[] = []
    chat.subscribe(() => shown.push(chat.getSnapshot().status))
    await ask({ content: 'Hi', id: 'q' })
    expect(chat.getSnapshot()).toMatchObject({ threadId: 'mine', runId: 'one' })
    await connection.run.push(...run(text('m1', 'Hel', 'lo')).slice(0, 3))
    shown.length = 0
    await connection.run.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'lo' })
    expect([shown.length, scheduler.due]).toEqual([0, 1])
    scheduler.flush()
    expect(shown).toEqual(['streaming'])
  })
  it('knows the types of its tools', async () => {
    const theme = toolDefinition({ name: 'theme', inputSchema: z.object({ dark: z.boolean() }) }).client(({ dark }) => ({ was: dark }))
    const { chat, connection, ask } = testChat({ tools: [theme] })
    await ask('Hi')
    await connection.run.push(...run(toolCall('c1', 'theme', { dark: true })))
    await connection.run.close()
    const call = chat
      .getSnapshot()
      .messages.at(-1)!
      .parts.find((part) => part.type === 'tool-call')!
    expectTypeOf(call.name).toEqualTypeOf<'theme'>()
    expect(call).toMatchObject({ input: { dark: true }, output: { was: true } })
    expect(connection.runs).toHaveLength(2)
  })
  it('lets the time of a question run out', async () => {
    const { chat, clock, connection, ask } = testChat()
    await ask('Hi')
    const expiresAt = new Date(60_000).toISOString()
    await connection.run.push(...run(toolCall('c1', 'pay', {}), { interrupts: [{ id: 'i', reason: 'tool_call', toolCallId: 'c1', expiresAt }] }))
    await connection.run.close()
    await clock.advance(59_999)
    expect(chat).toHavePhase('local')
    await clock.advance(1)
    await settled()
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.input.resume).toEqual([{ interruptId: 'i', status: 'cancelled' }])
  })
})
