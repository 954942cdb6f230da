import { createChat, toolDefinition } from '@statechat/core'
import { manualConnection, run, scriptedConnection, settled, text, toolCall } from '@statechat/core/testing'
import type { Trace } from '@statechat/core/trace'
import { describe, expect, it } from 'vitest'
import { openChat } from '../src/open-chat.ts'
import { openTrace } from '../src/open-trace.ts'
import type { Source } from '../src/source.ts'

const parsed = (trace: object) => JSON.parse(JSON.stringify(trace)) as Trace
/** What the panel shows of every moment. */
const momentsOf = ({ recording }: Source) =>
  recording.entries.from(1).map(({ event: { type }, transition, moment: { path, runId, messages, queue, state } }) => {
    return { type, transition, path, runId, messages: messages(), queue: queue.length, state }
  })
const endsOf = ({ recording }: Source) =>
  recording.attempts.map(({ runId, count, reads, chunks, ended }) => [runId, count, reads, chunks, ended?.how])

describe('a trace in the panel', () => {
  it('has the moments of the chat that it is of, and its requests', async () => {
    const weather = toolDefinition({ name: 'weather', inputSchema: { type: 'object' } }).client(() => ({ degrees: 4 }))
    const connection = scriptedConnection(run(toolCall('c', 'weather', { city: 'Oslo' })), run(text('m', 'It is ', '4 °C')), [
      new Error('out of order'),
    ])
    const chat = createChat({ connection, tools: [weather] })
    const source = openChat(chat)
    await chat.sendMessage('What is the weather?')
    await chat.sendMessage('Fail')
    await settled()
    const imported = await openTrace(parsed(source.trace()), 'file')
    expect(momentsOf(imported)).toEqual(momentsOf(source))
    expect(endsOf(imported)).toEqual(endsOf(source))
    expect(momentsOf(imported).at(-1)!.path).toBe('error')
  })
  it('keeps the times', async () => {
    const connection = manualConnection()
    let now = 1_000
    const chat = createChat({ connection, now: () => now })
    const source = openChat(chat)
    now += 40
    void chat.sendMessage('Hi')
    await settled()
    now += 60
    await connection.run.push(...run(text('m', 'Hello')))
    const { recording } = await openTrace(parsed(source.trace()), 'file')
    expect(recording.entries.from(0).map(({ at, event }) => [event.type, at])).toEqual([
      ['record.start', 0],
      ['user.send', 40],
      ['run.opened', 100],
      ['run.chunks', 100],
    ])
  })
  it('can be exported again', async () => {
    const chat = createChat({ connection: scriptedConnection(run(text('m', 'Hello'))) })
    const source = openChat(chat)
    await chat.sendMessage('Hi')
    const trace = parsed(source.trace())
    expect((await openTrace(trace, 'file')).trace()).toEqual(trace)
  })
  it('is not there while a turn is in flight that began before the panel was', async () => {
    const connection = manualConnection()
    const chat = createChat({ connection })
    const turn = chat.sendMessage('Hi')
    await settled()
    const source = openChat(chat)
    expect(() => source.trace()).toThrow('begins when the chat is idle')
    await connection.run.push(...run(text('m', 'Hello')))
    await connection.run.close()
    await turn
    expect(parsed(source.trace()).initial.messages).toHaveLength(2)
  })
  it('is refused when it is none', async () => {
    await expect(openTrace({} as Trace, 'file')).rejects.toThrow(/trace/)
  })
})
