import { createChat, fetchServerSentEvents } from '@statechat/core'
import { run, text } from '@statechat/core/testing'
import { faultProxy } from '@statechat/core/testing/fault-proxy'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'

/** Your server; here one that always says the same. */
async function serve(...deltas: string[]): Promise<number> {
  const chunks = run(text('m1', ...deltas))
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a connection that is torn in the middle, then one that gives a byte at a time', async () => {
  const port = await serve('It costs ', '5 €', ', ', 'as ', 'ever', '.')
  const proxy = await faultProxy({
    target: { port },
    plan: ({ index }) => ({ answer: index === 0 ? { break: { after: 600, by: 'reset' } } : { split: [1] } }),
  })
  onTestFinished(() => proxy.close())
  const chat = createChat({ connection: fetchServerSentEvents(proxy.url) })

  expect((await chat.sendMessage('How much?')).error?.code).toBe('truncated')
  expect((await chat.retry()).outcome).toBe('finished')
  expect(chat).toHaveText('It costs 5 €, as ever.')
  expect(proxy.connections).toBe(2)
})
