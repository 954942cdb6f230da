import { type Chat, type ChatOptions, syncScheduler } from '@statechat/react'
import { manualConnection, settled } from '@statechat/core/testing'
import { act } from '@testing-library/react'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Page } from './page.tsx'
import { timers, owned, user } from './support.ts'

let container: HTMLElement
const complaints: unknown[] = []
const errors = vi.spyOn(console, 'error').mockImplementation((...args) => void complaints.push(args))

beforeEach(() => {
  complaints.length = 0
  container = document.createElement('div')
})
afterAll(() => errors.mockRestore())

/** As a browser does it: the tasks of React run one by one, a boundary after what is around it. */
async function hydrate(options: ChatOptions) {
  const html = renderToString(<Page options={options} />)
  container.innerHTML = html
  let chat!: Chat
  const page = (
    <StrictMode>
      <Page options={options} onChat={(created) => (chat = created)} />
    </StrictMode>
  )
  const root = hydrateRoot(container, page, { onRecoverableError: (error) => complaints.push(error) })
  for (let i = 0; i < 10; i++) await settled()
  await timers()
  return { html, root, chat: () => chat }
}

describe('a page that the server rendered', () => {
  test('is hydrated without a mismatch, and then works', async () => {
    const connection = manualConnection()
    const { html, root, chat } = await hydrate(owned(connection, { threadId: 't', initialMessages: [user('u1', 'Before')] }))
    expect(container.innerHTML).toBe(html)
    expect(html).toContain('Before')
    expect(connection.runs).toHaveLength(0)
    await act(async () => void chat().sendMessage('Hello'))
    expect(container.querySelector('h1')!.textContent).toBe('true')
    expect(connection.runs).toHaveLength(1)
    await act(async () => root.unmount())
    await timers()
    expect(connection.run.signal.aborted).toBe(true)
    expect(complaints).toEqual([])
  })

  test('is hydrated without a mismatch when stored messages come before its last boundary is', async () => {
    const { html, root } = await hydrate(owned(manualConnection(), { threadId: 't', initialMessages: () => [user('u1', 'Stored')] }))
    expect(html).not.toContain('Stored')
    expect(container.querySelector('p')!.textContent).toBe('Stored')
    expect(container.querySelector('output')!.textContent).toBe('idle ready true')
    expect(container.querySelector('b')!.textContent).toBe('1')
    expect(container.querySelector('i')!.textContent).toBe('there')
    await act(async () => root.unmount())
    expect(complaints).toEqual([])
  })

  test('makes an id of its own in the browser, which is no mismatch', async () => {
    const { root } = await hydrate({ connection: manualConnection(), scheduler: syncScheduler })
    await act(async () => root.unmount())
    expect(complaints).toEqual([])
  })
})
