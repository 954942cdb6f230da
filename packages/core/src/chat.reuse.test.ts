import { describe, expect, it } from 'vitest'
import { manualConnection, run, scriptedConnection, settled, text, toolCall, toolResult } from '../testing/index.ts'
import { createChat } from './create-chat.ts'
import type { UIMessage } from './transcript/message.ts'
import { toWireMessages } from './transcript/to-wire.ts'

const said = (id: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content: id }] })
const TOOL = { name: 'pick' }

describe('setMessages', () => {
  it('shows exactly the given messages, in their order, wherever they were before', () => {
    const chat = createChat({ connection: scriptedConnection([]), initialMessages: [said('a'), said('b'), said('c')] })
    const ids = () => chat.getSnapshot().messages.map(({ id }) => id)
    chat.setMessages((messages) => [said('hello'), ...messages])
    expect(ids()).toEqual(['hello', 'a', 'b', 'c'])
    chat.setMessages((messages) => messages.toReversed())
    expect(ids()).toEqual(['c', 'b', 'a', 'hello'])
    chat.setMessages((messages) => messages.filter(({ id }) => id !== 'b'))
    expect(ids()).toEqual(['c', 'a', 'hello'])
  })
})

describe('a call id that a server uses again in one turn', () => {
  const calls = [
    ...toolCall('call_1', 'pick', { n: 1 }),
    toolResult('call_1', 'one'),
    ...toolCall('call_1', 'pick', { n: 2 }),
    toolResult('call_1', 'two'),
  ]

  it('is two calls of a server loop, each with its answer, also on the way back', async () => {
    const chat = createChat({ connection: scriptedConnection(run([...calls, ...text('m', 'Done')])) })
    const { message } = await chat.sendMessage('Go')
    const parts = message!.parts.filter((part) => part.type === 'tool-call')
    expect(parts.map(({ input, output }) => [input, output])).toEqual([
      [{ n: 1 }, 'one'],
      [{ n: 2 }, 'two'],
    ])
    const wire = toWireMessages([message!])
    expect(wire.map((each) => (each.role === 'tool' ? each.content : each.role))).toEqual(['assistant', 'one', 'assistant', 'two', 'assistant'])
  })

  it('asks the client again for a tool of its own', async () => {
    const connection = manualConnection()
    const chat = createChat({ connection, tools: [TOOL] })
    void chat.sendMessage('Go')
    await settled()
    await connection.run.push(...run(toolCall('call_1', 'pick', { n: 1 })))
    await connection.run.close()
    chat.addToolResult({ toolCallId: 'call_1', output: 'one' })
    await settled()
    await connection.run.push(...run(toolCall('call_1', 'pick', { n: 2 })))
    await connection.run.close()
    expect([chat.getSnapshot().phase, connection.runs.length]).toEqual(['local', 2])
    chat.addToolResult({ toolCallId: 'call_1', output: 'two' })
    await settled()
    const wire = connection.run.context.input.messages
    expect(wire.flatMap((each) => (each.role === 'tool' ? [each.content] : []))).toEqual(['one', 'two'])
  })
})

it('a tool result is taken also while another branch is shown', async () => {
  const connection = manualConnection()
  const chat = createChat({
    connection,
    tools: [TOOL],
    initialMessages: [{ id: 'q', role: 'user', parts: [{ type: 'text', content: 'Q' }] }, said('old')],
  })
  void chat.reload()
  await settled()
  await connection.run.push(...run(toolCall('c', 'pick', {})))
  await connection.run.close()
  chat.selectBranch('old')
  chat.addToolResult({ toolCallId: 'c', output: 'blue' })
  await settled()
  expect(connection.runs).toHaveLength(2)
})

it('clear in onFinish pauses the queue', async () => {
  const connection = manualConnection()
  const chat = createChat({ connection, onFinish: () => chat.clear() })
  void chat.sendMessage('One')
  void chat.sendMessage('Two')
  await settled()
  await connection.run.push(...run(text('m', 'Uno')))
  await connection.run.close()
  await settled()
  expect([connection.runs.length, chat.getSnapshot().status, chat.getSnapshot().queue.length]).toEqual([1, 'idle', 1])
})

it('the actor of a chat that was disposed of is refused, and no new one starts', () => {
  let started = 0
  const chat = createChat({ connection: scriptedConnection([]), inspect: ({ type }) => type === '@xstate.actor' && started++ })
  chat.dispose()
  expect(() => chat.actor).toThrow(expect.objectContaining({ code: 'misuse' }))
  expect(started).toBe(0)
})
