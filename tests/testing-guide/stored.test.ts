import { gate, run, scriptedConnection, settled, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('a page that is opened again shows the answer that is still being written', async () => {
  const more = gate()
  const { chat } = testChat({
    connection: scriptedConnection([], { join: run(text('m1', 'Once', more, ' upon a time')) }),
    initialMessages: [{ id: 'q1', role: 'user', parts: [{ type: 'text', content: 'Tell me a story' }] }],
    resume: true,
  })
  chat.attach()
  await settled()
  expect(chat).toHaveText('Once')
  await more.open()
  expect(chat).toHaveText('Once upon a time')
})
