import { run, scriptedConnection, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('a question is answered', async () => {
  const { chat } = testChat({ connection: scriptedConnection(run(text('m1', 'Hel', 'lo'))) })
  const { outcome } = await chat.sendMessage('Hi')
  expect(outcome).toBe('finished')
  expect(chat).toHaveText('Hello')
})
