import { drop, pause, run, scriptedConnection, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('a slow answer shows what there is', async () => {
  const { chat, clock, ask } = testChat({ connection: scriptedConnection(run(text('m1', 'Hel', pause(3_000), 'lo'))) })
  await ask('Hi')
  await clock.advance(2_999)
  expect(chat).toHaveText('Hel')
  await clock.advance(1)
  expect(chat).toHaveText('Hello')
})

test('a dropped connection is taken up again', async () => {
  const connection = scriptedConnection(run(text('m1', 'Hel', drop('after-hel'), 'lo')))
  const { chat, clock, ask } = testChat({ connection })
  await ask('Hi')
  expect(chat).toHavePhase('reconnecting')
  await clock.advance(500)
  expect(chat).toHaveStatus('idle')
  expect(chat).toHaveText('Hello')
  expect(connection.requests[1]?.context.cursor).toBe('after-hel')
})
