import { drop, failedRun, httpError, run, scriptedConnection, testChat, text } from '@statechat/core/testing'
import { expect, test } from 'vitest'

test('after an overload the same request is sent again', async () => {
  const overloaded = httpError(503, { body: { error: 'Overloaded' }, headers: { 'retry-after': '2' } })
  const connection = scriptedConnection([overloaded], run(text('m1', 'Hello')))
  const { chat } = testChat({ connection })
  const { outcome, error } = await chat.sendMessage('Hi')
  expect(outcome).toBe('failed')
  expect(error).toMatchObject({ code: 'http', status: 503, retryable: true, retryAfter: 2_000 })
  expect(chat.getSnapshot().canRetry).toBe(true)

  await chat.retry()
  expect(chat).toHaveText('Hello')
  expect(connection.requests[1]?.messages).toHaveLength(1)
})

test('an answer that breaks off is kept, and is an error', async () => {
  const { chat } = testChat({ connection: scriptedConnection(run(text('m1', 'Hel', drop()))) })
  const { error } = await chat.sendMessage('Hi')
  expect(error?.code).toBe('truncated')
  expect(chat).toHaveStatus('error')
  expect(chat).toHaveText('Hel')
})

test('a run that fails on the server says why', async () => {
  const { chat } = testChat({ connection: scriptedConnection(failedRun(text('m1', 'Hel'), 'No budget left', { code: 'budget' })) })
  const { error } = await chat.sendMessage('Hi')
  expect(error).toMatchObject({ code: 'server', serverCode: 'budget', message: expect.stringContaining('No budget left') })
})
