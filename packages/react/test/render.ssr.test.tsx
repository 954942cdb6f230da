import { ChatProvider, createChat, useChat } from '@statechat/react'
import { manualConnection, settled } from '@statechat/core/testing'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { Page } from './page.tsx'
import { user } from './support.tsx'

test('a server renders the initial messages and asks for nothing', async () => {
  const connection = manualConnection()
  const html = renderToString(<Page options={{ connection, initialMessages: [user('u1', 'Before')] }} />)
  await settled()
  expect(html).toContain('<p>Before</p>')
  expect(html).toContain('idle ready true')
  expect(connection.runs).toHaveLength(0)
})

test('a server that streams does the same', async () => {
  const connection = manualConnection()
  let html = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      html += String(chunk)
      done()
    },
  })
  await new Promise<void>((resolve) => {
    const { pipe } = renderToPipeableStream(<Page options={{ connection, initialMessages: [user('u1', 'Before')] }} />, {
      onAllReady: () => pipe(sink.on('finish', resolve)),
    })
  })
  expect(html).toContain('<p>Before</p>')
  expect(connection.runs).toHaveLength(0)
})

test('stored messages are not read on the server', async () => {
  let reads = 0
  const stored = () => {
    reads++
    return []
  }
  renderToString(<Page options={{ connection: manualConnection(), initialMessages: stored }} />)
  await settled()
  expect(reads).toBe(0)
})

test('rendering leaves no subscription, no actor and no timer behind', () => {
  const before = process.getActiveResourcesInfo().length
  const chat = createChat({ connection: manualConnection(), initialMessages: [user('u1', 'Before')] })
  let subscribed = 0
  let started = 0
  const watched = new Proxy(chat, {
    get(target, key) {
      if (key === 'actor') started++
      if (key === 'snapshot') return { ...target.snapshot, subscribe: () => subscribed++ }
      return Reflect.get(target, key)
    },
  })
  const Status = () => <output>{useChat({ onFinish: () => {} }).status}</output>
  const html = renderToString(
    <ChatProvider chat={watched}>
      <Status />
    </ChatProvider>,
  )
  expect(html).toBe('<output>idle</output>')
  expect([subscribed, started]).toEqual([0, 0])
  expect(process.getActiveResourcesInfo()).toHaveLength(before)
})
