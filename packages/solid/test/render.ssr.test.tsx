import { type Chat, ChatProvider, createChat, useChat, useChatSelector, useMessage, useReadable } from '@statechat/solid'
import { manualConnection, settled } from '@statechat/core/testing'
import { isServer, renderToString, renderToStringAsync } from 'solid-js/web'
import { expect, test } from 'vitest'
import { Page } from './page.tsx'
import { user } from './text.ts'

test('these tests run on the server’s half of Solid', () => expect(isServer).toBe(true))

test('a server renders the initial messages and asks for nothing', async () => {
  const connection = manualConnection()
  const html = renderToString(() => <Page options={{ connection, initialMessages: [user('u1', 'Before')] }} />)
  await settled()
  expect(html).toMatch(/<p[^>]*>Before<\/p>/)
  expect(html).toContain('idle ready true')
  expect(html).toMatch(/<i[^>]*>there<\/i>/)
  expect(connection.runs).toHaveLength(0)
})

test('a server that waits for data does the same', async () => {
  const connection = manualConnection()
  const html = await renderToStringAsync(() => <Page options={{ connection, initialMessages: [user('u1', 'Before')] }} />)
  expect(html).toMatch(/<p[^>]*>Before<\/p>/)
  expect(connection.runs).toHaveLength(0)
})

test('stored messages are not read on the server', async () => {
  let reads = 0
  const stored = () => {
    reads++
    return []
  }
  renderToString(() => <Page options={{ connection: manualConnection(), initialMessages: stored }} />)
  await settled()
  expect(reads).toBe(0)
})

test('rendering leaves no subscription, no listener, no actor and nobody attached', () => {
  const chat = createChat({ connection: manualConnection(), initialMessages: [user('u1', 'Before')] })
  const done: string[] = []
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, key) {
        if (['actor', 'attach', 'retain', 'listen', 'subscribe'].includes(String(key))) done.push(String(key))
        const value: unknown = Reflect.get(of, key)
        if (key === 'message') return (id: string) => watch(chat.message(id))
        return typeof value === 'object' && value !== null && 'subscribe' in value ? watch({ ...value }) : value
      },
    })
  const watched: Chat = watch(chat)
  const Everything = () => {
    const shown = useChat({ onFinish: () => {} })
    const count = useChatSelector(watched, ({ messages }) => messages.length)
    const message = useMessage(watched, 'u1')
    const status = useReadable({ get: () => watched.status.get(), subscribe: () => (done.push('subscribe'), () => {}) })
    return <output>{`${shown.status} ${shown.messages.length} ${count()} ${message()?.id} ${status()}`}</output>
  }
  const html = renderToString(() => (
    <ChatProvider chat={watched}>
      <Everything />
    </ChatProvider>
  ))
  expect(html).toContain('>idle 1 1 u1 idle</output>')
  expect(done).toEqual([])
})

test('a missing provider is named on the server too', () => {
  const Nobody = () => <>{useChat().status}</>
  expect(() => renderToString(() => <Nobody />)).toThrow(/give it a connection or a chat/)
})
