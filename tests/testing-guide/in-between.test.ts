import { run, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('what has arrived stays when the person stops', async () => {
  const { chat, connection, ask } = testChat()
  await ask('Tell me a story')
  expect(chat).toHavePhase('connecting')

  const answer = run(text('m1', 'Once', ' upon a time'))
  await connection.run.push(...answer.slice(0, 3))
  expect(chat).toHaveStatus('streaming')
  expect(chat).toHaveText('Once')

  chat.stop()
  await connection.run.push(...answer.slice(3))
  expect(chat).toHaveStatus('stopped')
  expect(chat).toHaveText('Once')
  expect(connection.run.signal.aborted).toBe(true)
})
