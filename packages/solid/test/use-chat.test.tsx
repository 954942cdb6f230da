import { fireEvent, render, screen } from '@solidjs/testing-library'
import { ChatError, useChat } from '@statechat/solid'
import { manualConnection, run, scriptedConnection, settled, text, toolCall } from '@statechat/core/testing'
import { expect, test } from 'vitest'
import { assistant, owned, show, user } from './support.tsx'

test('a chat begins idle and empty, and asks for nothing', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection))
  await settled()
  expect(chat.status).toBe('idle')
  expect(chat.lines).toEqual([])
  expect(connection.runs).toHaveLength(0)
})

test('a question from a form is shown at once, and its answer grows as it arrives', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection))
  void chat.chat.sendMessage('Hello')
  await settled()
  expect(chat.lines).toEqual(['user: Hello'])
  expect(chat.status).toBe('streaming')

  const [started, opened, hi, there, ...end] = run(text('m1', 'Hi', ' there'))
  await connection.run.push(started!, opened!, hi!)
  expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
  await connection.run.push(there!)
  expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi there'])
  await connection.run.push(...end)
  await connection.run.close()
  expect(chat.status).toBe('idle')
})

test('a button that is enabled by canSend and canStop sends and stops', async () => {
  const connection = manualConnection()
  function Composer() {
    const chat = useChat(owned(connection))
    const { sendMessage, stop } = chat
    return (
      <>
        <button onClick={() => void sendMessage('Hello')}>Send</button>
        <button disabled={!chat.canStop} onClick={stop}>
          Stop
        </button>
        <output>{chat.status}</output>
      </>
    )
  }
  render(() => <Composer />)
  const stop = screen.getByText('Stop') as HTMLButtonElement
  expect(stop.disabled).toBe(true)
  fireEvent.click(screen.getByText('Send'))
  await settled()
  expect(stop.disabled).toBe(false)
  fireEvent.click(stop)
  await settled()
  expect(stop.disabled).toBe(true)
  expect(screen.getByRole('status').textContent).toBe('stopped')
  expect(connection.run.signal.aborted).toBe(true)
})

test('sendMessage resolves with the outcome of its turn', async () => {
  const { chat } = show(owned(scriptedConnection(run(text('m1', 'Hi')))))
  expect(await chat.sendMessage('Hello')).toMatchObject({ outcome: 'finished', message: { id: 'm1' } })
})

test('an earlier question can be edited, and both versions can be shown', async () => {
  const chat = show(
    owned(scriptedConnection(run(text('m1', 'One')), run(text('m2', 'Two'))), { initialMessages: [user('u1', 'First'), assistant('a1', 'Zero')] }),
  )
  expect(chat.lines).toEqual(['user: First', 'assistant: Zero'])
  await chat.chat.edit('u1', { content: 'Second', id: 'u2' })
  await settled()
  expect(chat.lines).toEqual(['user: Second', 'assistant: One'])
  expect(chat.chat.branches('u2').map(({ id }) => id)).toEqual(['u1', 'u2'])
  chat.chat.selectBranch('u1')
  await settled()
  expect(chat.lines).toEqual(['user: First', 'assistant: Zero'])
})

test('a failed turn shows its error, and retry sends the request again', async () => {
  const chat = show(owned(scriptedConnection([new ChatError('http', 'Too many', { status: 429 })], run(text('m1', 'Hi')))))
  await chat.chat.sendMessage('Hello')
  await settled()
  expect([chat.status, chat.error]).toEqual(['error', 'http'])
  expect(chat.chat.error?.status).toBe(429)
  await chat.chat.retry()
  await settled()
  expect([chat.status, chat.error]).toEqual(['idle', ''])
  expect(chat.lines).toEqual(['user: Hello', 'assistant: Hi'])
})

test('the answer of the client to a tool call starts the next run', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection, { tools: [{ name: 'where' }] }))
  void chat.chat.sendMessage('Where am I?')
  await settled()
  await connection.run.push(...run(toolCall('c1', 'where', {})))
  await connection.run.close()
  expect(chat.status).toBe('tool-calling')
  chat.chat.addToolResult({ toolCallId: 'c1', output: 'Oslo' })
  await settled()
  expect(chat.status).toBe('streaming')
  expect(connection.runs).toHaveLength(2)
})

test('a message that waits can be taken out of the queue', async () => {
  const connection = manualConnection()
  const chat = show(owned(connection))
  void chat.chat.sendMessage('One')
  void chat.chat.sendMessage({ content: 'Two', id: 'two' })
  await settled()
  expect(chat.queue).toEqual(['Two'])
  chat.chat.unqueue('two')
  await settled()
  expect(chat.queue).toEqual([])
})
