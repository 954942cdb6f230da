import { type Chat, type ChatOptions, syncScheduler } from '@statechat/vue'
import { manualConnection, settled } from '@statechat/core/testing'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { pageOf } from './page.ts'
import { later, owned, user } from './support.ts'

let container: HTMLElement
const complaints: unknown[] = []
const spies = (['warn', 'error'] as const).map((name) =>
  vi.spyOn(console, name).mockImplementation((...args) => {
    // Vue 3.4 and 3.5 say so of every Suspense.
    if (!String(args[0]).includes('<Suspense> is an experimental feature')) complaints.push(args)
  }),
)

beforeEach(() => {
  complaints.length = 0
  container = document.createElement('div')
})
afterAll(() => {
  for (const spy of spies) spy.mockRestore()
})

/** The boundary is hydrated when everything else has had its time. */
async function hydrate(options: ChatOptions) {
  const html = await renderToString(createSSRApp(pageOf(options)))
  container.innerHTML = html
  let chat!: Chat
  let arrive!: () => void
  const code = new Promise<void>((resolve) => (arrive = resolve))
  const app = createSSRApp(pageOf(options, { code, onChat: (created) => (chat = created) }))
  app.mount(container)
  for (let i = 0; i < 10; i++) await settled()
  arrive()
  await later()
  return { html, app, chat }
}

describe('a page that the server rendered', () => {
  test('is hydrated without a mismatch, and then works', async () => {
    const connection = manualConnection()
    const { html, app, chat } = await hydrate(owned(connection, { threadId: 't', initialMessages: [user('u1', 'Before')] }))
    expect(container.innerHTML).toBe(html)
    expect(html).toContain('Before')
    expect(connection.runs).toHaveLength(0)
    void chat.sendMessage('Hello')
    await later()
    expect(container.querySelector('h1')!.textContent).toBe('true')
    expect(container.querySelectorAll('p')[1]!.textContent).toBe('Hello')
    expect(connection.runs).toHaveLength(1)
    app.unmount()
    await later()
    expect(connection.run.signal.aborted).toBe(true)
    expect(complaints).toEqual([])
  })

  test('is hydrated without a mismatch when stored messages come before its last boundary is', async () => {
    const { html, app } = await hydrate(owned(manualConnection(), { threadId: 't', initialMessages: () => [user('u1', 'Stored')] }))
    expect(html).not.toContain('Stored')
    expect(container.querySelector('p')!.textContent).toBe('Stored')
    expect(container.querySelector('output')!.textContent).toBe('idle ready true')
    expect(container.querySelector('b')!.textContent).toBe('1')
    expect(container.querySelector('i')!.textContent).toBe('there')
    app.unmount()
    expect(complaints).toEqual([])
  })

  test('makes an id of its own in the browser, which is no mismatch', async () => {
    const { app } = await hydrate({ connection: manualConnection(), scheduler: syncScheduler })
    app.unmount()
    expect(complaints).toEqual([])
  })
})
