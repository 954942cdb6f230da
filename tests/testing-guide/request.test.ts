import { run, scriptedConnection, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('the server is sent the conversation and the chosen model', async () => {
  const connection = scriptedConnection(run(text('m1', 'Hello')), run(text('m2', 'Bye')), { afterLast: 'fail' })
  const { chat } = testChat({ connection, body: { model: 'small' } })
  await chat.sendMessage('Hi')
  await chat.sendMessage('See you')

  const [, second] = connection.requests
  expect(second?.context.body).toEqual({ model: 'small' })
  expect(second?.input.messages).toMatchObject([
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: 'See you' },
  ])
})
