import { createChat, fetchServerSentEvents } from '@statechat/core'
import { drop, httpError, pause, run, streamChat, text } from '@statechat/core/testing'
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const url = 'https://app.example/api/chat'
const server = setupServer()
beforeAll(() => server.listen())
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

test('the app asks its server as it does in production', async () => {
  const answers = streamChat(run(text('m1', 'Hello')))
  server.use(http.post(url, answers))
  const chat = createChat({ connection: fetchServerSentEvents(url, { headers: { authorization: 'Bearer token' } }) })
  await chat.sendMessage('Hi')
  expect(chat).toHaveText('Hello')
  expect(answers.requests[0]?.headers.get('authorization')).toBe('Bearer token')
  expect(answers.requests[0]?.input.messages).toMatchObject([{ role: 'user', content: 'Hi' }])
})

test('a server that is busy, then breaks off, then answers', async () => {
  const answers = streamChat([httpError(503)], run(text('m1', 'Hel', drop())), run(text('m1', 'Hello')))
  server.use(http.post(url, answers))
  const chat = createChat({ connection: fetchServerSentEvents(url) })
  expect((await chat.sendMessage('Hi')).error?.code).toBe('http')
  expect((await chat.retry()).error?.code).toBe('truncated')
  expect((await chat.retry()).outcome).toBe('finished')
})

test('an answer that takes its time', async () => {
  const answers = streamChat(run(text('m1', 'Hel', pause(500), 'lo')))
  server.use(http.post(url, answers))
  const chat = createChat({ connection: fetchServerSentEvents(url) })
  const turn = chat.sendMessage('Hi')
  await expect.poll(() => chat).toHaveText('Hel')
  await answers.clock.advance(500)
  await turn
  expect(chat).toHaveText('Hello')
})
