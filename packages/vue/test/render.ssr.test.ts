import { type Chat, type ChatOptions, createChat, provideChat, type Readable, useChat, useMessage, useReadable } from '@statechat/vue'
import { manualConnection, settled } from '@statechat/core/testing'
import { createSSRApp, defineComponent, h } from 'vue'
import { pipeToNodeWritable, renderToString } from 'vue/server-renderer'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { pageOf } from './page.ts'
import { user } from './support.ts'

const render = (options: ChatOptions) => renderToString(createSSRApp(pageOf(options)))

test('a server renders the initial messages and asks for nothing', async () => {
  const connection = manualConnection()
  const html = await render({ connection, initialMessages: [user('u1', 'Before')] })
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
    const app = createSSRApp(pageOf({ connection, initialMessages: [user('u1', 'Before')] }))
    pipeToNodeWritable(app, {}, sink.on('finish', resolve))
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
  await render({ connection: manualConnection(), initialMessages: stored })
  await settled()
  expect(reads).toBe(0)
})

test.each(['window is absent', 'something has defined window'])(
  'rendering leaves no subscription, no actor and no timer behind when %s',
  async (when) => {
    if (when !== 'window is absent') Object.assign(globalThis, { window: globalThis })
    const before = process.getActiveResourcesInfo().length
    const chat = createChat({ connection: manualConnection(), initialMessages: [user('u1', 'Before')] })
    let subscribed = 0
    let touched = 0
    const count = <T>(readable: Readable<T>): Readable<T> => ({ ...readable, subscribe: (onChange) => (subscribed++, readable.subscribe(onChange)) })
    const watched: Chat = {
      ...chat,
      snapshot: count(chat.snapshot),
      status: count(chat.status),
      message: (id) => count(chat.message(id)),
      get actor() {
        touched++
        return chat.actor
      },
      attach: () => void touched++,
      retain: () => (touched++, () => {}),
      listen: () => (touched++, () => {}),
    }
    const Status = defineComponent(() => {
      const { status } = useChat({ onFinish: () => {} })
      const message = useMessage(watched, 'u1')
      const same = useReadable(watched.status)
      return () => h('output', `${status.value} ${same.value} ${message.value?.id}`)
    })
    const Page = defineComponent(() => {
      provideChat(watched)
      return () => h(Status)
    })
    const html = await renderToString(createSSRApp(Page))
    Reflect.deleteProperty(globalThis, 'window')
    expect(html).toBe('<output>idle idle u1</output>')
    expect([subscribed, touched]).toEqual([0, 0])
    expect(process.getActiveResourcesInfo()).toHaveLength(before)
  },
)
