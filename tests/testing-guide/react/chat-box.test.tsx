import { type Chat, useChat } from '@statechat/react'
import { run, testChat, text } from '@statechat/core/testing'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'

function ChatBox({ chat }: { chat: Chat }) {
  const { messages, sendMessage, isLoading, stop } = useChat({ chat })
  return (
    <section>
      {messages.map(({ id, role, parts }) => (
        <p key={id}>
          {role}: {parts.map((part) => (part.type === 'text' ? part.content : null))}
        </p>
      ))}
      <button onClick={isLoading ? stop : () => void sendMessage('Hi')}>{isLoading ? 'Stop' : 'Send'}</button>
    </section>
  )
}

test('an answer grows, and can be stopped', async () => {
  const { chat, connection } = testChat()
  render(<ChatBox chat={chat} />)
  await act(async () => fireEvent.click(screen.getByText('Send')))
  expect(screen.getByText('user: Hi')).toBeTruthy()

  await act(() => connection.run.push(...run(text('m1', 'Hello')).slice(0, 3)))
  expect(screen.getByText('assistant: Hello')).toBeTruthy()

  await act(async () => fireEvent.click(screen.getByText('Stop')))
  expect(screen.getByText('Send')).toBeTruthy()
  expect(chat).toHaveStatus('stopped')
})
