import { type Chat, createChat, syncScheduler } from '@statechat/solid'
import { manualConnection, settled } from '@statechat/core/testing'
import { sharedConfig } from 'solid-js'
import { expect, inject, onTestFinished, test } from 'vitest'
import { hydrateHtml } from './hydrating.ts'
import { Page } from './page.tsx'
import { later, owned, user } from './support.tsx'

function hydratePage(options: ReturnType<typeof owned>) {
  let chat!: Chat
  const page = hydrateHtml(inject('page'), () => <Page options={options} onChat={(created) => (chat = created)} />)
  onTestFinished(page.unmount)
  return { ...page, chat }
}

test('a page is hydrated with the elements it has, and nothing is asked for', async () => {
  const connection = manualConnection()
  const html = inject('page')
  expect(html).toContain('Before')
  const { container, problems } = hydratePage(owned(connection, { threadId: 't', initialMessages: [user('u1', 'Before')] }))
  await settled()
  expect(container.innerHTML).toBe(html)
  expect(connection.runs).toHaveLength(0)
  expect(problems).toEqual([])
})

test('a page keeps its elements while an answer comes', async () => {
  const connection = manualConnection()
  const { container, chat, problems, unmount } = hydratePage(owned(connection, { initialMessages: [user('u1', 'Before')] }))
  const row = container.querySelector('p')
  void chat.sendMessage('Hello')
  await settled()
  expect(container.querySelector('h1')!.textContent).toBe('true')
  expect([...container.querySelectorAll('p')].map((p) => p.textContent)).toEqual(['Before', 'Hello'])
  expect(container.querySelector('p')).toBe(row)
  expect(container.querySelector('b')!.textContent).toBe('2')
  unmount()
  await later()
  expect(connection.run.signal.aborted).toBe(true)
  expect(problems).toEqual([])
})

test('what changes while the page is being hydrated is shown right after it', async () => {
  const shared = createChat({ connection: manualConnection(), scheduler: syncScheduler, initialMessages: [user('u1', 'Before')] })
  const html = inject('page')
  let isHydrating = false
  const { container, problems, unmount } = hydrateHtml(html, () => (
    <Page
      options={{ chat: shared } as never}
      onChat={(chat) => {
        isHydrating = Boolean(sharedConfig.context)
        // The parts of the page that read the chat are not there yet.
        chat.setMessages([user('u1', 'Changed'), user('u2', 'More')])
      }}
    />
  ))
  onTestFinished(unmount)
  expect(isHydrating).toBe(true)
  await settled()
  expect([...container.querySelectorAll('p')].map((p) => p.textContent)).toEqual(['Changed', 'More'])
  expect(container.querySelector('b')!.textContent).toBe('2')
  expect(problems).toEqual([])
})
