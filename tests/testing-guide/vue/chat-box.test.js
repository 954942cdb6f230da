import { run, settled, testChat, text } from '@statechat/core/testing'
import { fireEvent, render, screen } from '@testing-library/vue'
import { expect, test } from 'vitest'
import ChatBox from './chat-box.vue'

test('an answer grows, and can be stopped', async () => {
  const { chat, connection } = testChat()
  render(ChatBox, { props: { chat } })
  await fireEvent.click(screen.getByText('Send'))
  await settled()
  expect(screen.getByText('user: Hi')).toBeTruthy()

  await connection.run.push(...run(text('m1', 'Hello')).slice(0, 3))
  expect(screen.getByText('assistant: Hello')).toBeTruthy()

  await fireEvent.click(screen.getByText('Stop'))
  expect(screen.getByText('Send')).toBeTruthy()
  expect(chat).toHaveStatus('stopped')
})
