import { createChat } from '@statechat/core'
import { manualConnection } from '@statechat/core/testing'
import { expect } from 'vitest'
import type { Harness } from '../harness.ts'
import { pageOf, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'
import { storedPage } from '../stored-page.ts'
import { timers } from '../watch.ts'

function htmlOf({ html }: Harness): string {
  expect(html, 'html is missing in the harness').toBeTypeOf('string')
  return html!
}

/** A page that the server rendered. */
export const hydrating: Scenario[] = [
  {
    title: 'a page from the server is hydrated without complaint, keeps its elements, and then works',
    async run(harness) {
      const html = htmlOf(harness)
      const connection = manualConnection()
      const mounted = await harness.hydrate(html, storedPage(connection))
      const page = pageOf(mounted)
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', threadId: 'stored', lines: ['user: Is this <b>stored</b>?', 'assistant: It is.'] })
      const rows = [...page.container.querySelectorAll('ul > li')]
      expect(connection.runs).toHaveLength(0)
      await page.ask('And now?')
      await page.answer(connection.run, 'm1', 'It lives.')
      expect(page.shown.lines.slice(2)).toEqual(['user: And now?', 'assistant: It lives.'])
      expect([...page.container.querySelectorAll('ul > li')].slice(0, 2).every((row, i) => row === rows[i])).toBe(true)
      expect(mounted.problems).toEqual([])
    },
  },
  {
    title: 'a page that was hydrated hears its callbacks, and ends its chat when it goes',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const mounted = await harness.hydrate(htmlOf(harness), { ...storedPage(connection), onFinish: (message) => heard.push(message?.id ?? '') })
      const page = pageOf(mounted)
      await page.ask('And now?')
      await page.answer(connection.run, 'm1', 'It lives.')
      expect(heard).toEqual(['m1'])
      await page.ask('Still?')
      await page.unmount()
      await timers()
      expect(connection.run.signal.aborted).toBe(true)
      expect(mounted.problems).toEqual([])
    },
  },
  {
    title: 'a page that was hydrated with a given chat follows it',
    async run(harness) {
      const chat = createChat(storedPage())
      const mounted = await harness.hydrate(htmlOf(harness), { chat })
      const page = pageOf(mounted)
      chat.setMessages((messages) => [...messages, user('u2', 'Added')])
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Is this <b>stored</b>?', 'assistant: It is.', 'user: Added'])
      expect(mounted.problems).toEqual([])
    },
  },
]
