/** @jsxImportSource solid-js */
import { type Chat, useChat } from '@statechat/solid'
import { run, settled, testChat, text } from '@statechat/core/testing'
import { fireEvent, render, screen } from '@solidjs/testing-library'
import { For } from 'solid-js'
import { expect, test } from 'vitest'

function ChatBox(props: { chat: Chat }) {
  const chat = useChat(() => ({ chat: props.chat }))
  return (
    <section>
      <For each={chat.messages}>
        {(message) => (
          <p>
            {message.role}: <For each={message.parts}>{(part) => <>{part.type === 'text' && part.content}</>}</For>
          </p>
        )}
      </For>
      <button onClick={() => (chat.isLoading ? chat.stop() : void chat.sendMessage('Hi'))}>{chat.isLoading ? 'Stop' : 'Send'}</button>
    </section>
  )
}

test('an answer grows, and can be stopped', async () => {
  const { chat, connection } = testChat()
  render(() => <ChatBox chat={chat} />)
  fireEvent.click(screen.getByText('Send'))
  await settled()
  expect(screen.getByText('user: Hi')).toBeTruthy()

  await connection.run.push(...run(text('m1', 'Hello')).slice(0, 3))
  expect(screen.getByText('assistant: Hello')).toBeTruthy()

  fireEvent.click(screen.getByText('Stop'))
  expect(screen.getByText('Send')).toBeTruthy()
  expect(chat).toHaveStatus('stopped')
})
