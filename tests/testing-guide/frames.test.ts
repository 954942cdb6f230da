import { manualScheduler, run, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('what arrives within a frame is shown once', async () => {
  const scheduler = manualScheduler()
  const { chat, connection, ask } = testChat({ scheduler })
  const shown: string[] = []
  chat.messages.subscribe(() => shown.push(chat.getSnapshot().messages.at(-1)?.role ?? ''))
  await ask('Hi')
  const answer = run(text('m1', '1', '2', '3'))
  await connection.run.push(...answer.slice(0, 3))
  shown.length = 0
  await connection.run.push(...answer.slice(3, 4))
  await connection.run.push(...answer.slice(4, 5))
  expect(shown).toEqual([])
  scheduler.flush()
  expect(shown).toEqual(['assistant'])
  expect(chat).toHaveText('123')
})
