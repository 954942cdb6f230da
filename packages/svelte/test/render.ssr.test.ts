import { createChat, useChat } from '@statechat/svelte'
import { manualConnection, settled } from '@statechat/core/testing'
import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { owned, user } from './support.ts'
import Provider from './views/provider.svelte'
import View from './views/view.svelte'

test('a server renders a provided chat, and asks for nothing', async () => {
  const connection = manualConnection()
  const { body } = render(Provider, { props: { options: owned(connection, { threadId: 'one' }) } })
  await settled()
  expect(body).toContain('<p>one idle</p>')
  expect(connection.runs).toHaveLength(0)
})

test('stored messages are not read on the server', async () => {
  let reads = 0
  const stored = () => {
    reads++
    return []
  }
  render(View, { props: { options: owned(manualConnection(), { initialMessages: stored }) } })
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
      if (key === 'attach' || key === 'retain' || key === 'listen') subscribed++
      if (key === 'select') return (...args: Parameters<typeof chat.select>) => ({ ...target.select(...args), subscribe: () => subscribed++ })
      return Reflect.get(target, key)
    },
  })
  const { body } = render(View, { props: { options: { chat: watched } } })
  expect(body).toContain('Before')
  expect([subscribed, started]).toEqual([0, 0])
  expect(process.getActiveResourcesInfo()).toHaveLength(before)
})

test('a chat outside a component can be used in a server, too', () => {
  const chat = useChat(owned(manualConnection(), { initialMessages: [user('u1', 'Before')] }))
  expect(chat.messages).toHaveLength(1)
})
