import { expect, it } from 'vitest'
import { chatHandler, memoryRunLog } from '../../src/index.ts'
import { byHand, finished, said, started } from '../support/by-hand.ts'
import { body, chatClient } from '../support/chat-server.ts'
import { serve } from '../support/http.ts'
import { eventReader } from '../support/logged-events.ts'

it('a server that drains makes and gives what it has begun, and begins nothing more', async () => {
  const hand = byHand()
  const log = memoryRunLog()
  const handler = chatHandler({ model: hand.model, log, authorize: () => true })
  const { post, join, active } = chatClient(await serve(handler))
  const reader = eventReader(await post())
  const run = await hand.next()
  run.say(started(), said('one '))
  await reader.take(2)

  let isDrained = false
  const drained = handler.drain().then(() => (isDrained = true))
  const refused = await post(body('r2'))
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect((await join('runId=r')).status).toBe(503)
  expect((await active()).status).toBe(200)
  expect(isDrained).toBe(false)

  run.say(said('two'), finished())
  run.end()
  expect((await reader.take(2)).map(({ chunk }) => (chunk as { delta?: string }).delta)).toEqual(['two', undefined])
  expect(await reader.next()).toBeUndefined()
  await drained
  expect(await log.status('r')).toMatchObject({ status: 'finished', tail: 4 })
  expect(hand.calls()).toBe(1)
})

it('a server that has nothing to do has drained at once', async () => {
  const { drain } = chatHandler({ model: byHand().model, authorize: () => true })
  await expect(drain()).resolves.toBeUndefined()
})
