import type { Chat } from '@statechat/core'
import type { DevtoolsElement } from '@statechat/devtools'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launch } from './chromium.ts'
import { ask, idle } from './converse.ts'
import { startPlayground, type PlaygroundServer } from './playground-server.ts'

let browser: Browser
let server: PlaygroundServer
let page: Page

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launch(), startPlayground({ delayMs: 4 })])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  await page.goto(new URL('/react/?devtools', server.url).href)
  await page.getByRole('region', { name: 'Chat devtools' }).waitFor()
})
afterEach(() => page.close())

const list = () => page.getByRole('listbox', { name: 'Events and chunks' })
const options = () => list().getByRole('option')
const count = async () => Number(await page.locator('statechat-devtools .count').innerText())

async function converse() {
  await ask(page, 'Show me some Markdown')
  await idle(page)
}

/** Counts how often the panel is written to, each time by one task, and the frames meanwhile. */
async function watched(work: () => Promise<void>) {
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('statechat-devtools')!
    const counts = Object.assign(globalThis as { counts?: object }, { counts: { writes: 0, frames: 0 } }).counts
    const count = () => {
      counts.frames++
      requestAnimationFrame(count)
    }
    requestAnimationFrame(count)
    new MutationObserver(() => counts.writes++).observe(shadowRoot!, { subtree: true, childList: true, attributes: true, characterData: true })
  })
  await work()
  return page.evaluate(() => (globalThis as unknown as { counts: { writes: number; frames: number } }).counts)
}

test('An open panel is rendered at most once per frame', async () => {
  const { writes, frames } = await watched(converse)
  expect(writes).toBeGreaterThan(5)
  expect(writes).toBeLessThanOrEqual(frames)
})

test('A closed panel is not rendered at all, and knows what happened when it is opened', async () => {
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  const { writes, frames } = await watched(converse)
  expect(frames).toBeGreaterThan(5)
  expect(writes).toBe(0)
  await page.getByRole('button', { name: 'Chat devtools' }).click()
  await expect.poll(count).toBeGreaterThan(50)
  expect(await page.locator('statechat-devtools .status').innerText()).toBe('idle › ready')
})

test('Ten thousand lines have elements for those in sight only, and any of them can be reached', async () => {
  await page.evaluate(() => {
    const { chat } = document.querySelector('statechat-devtools') as DevtoolsElement & { chat: Chat }
    for (let i = 0; i < 12_000; i++) chat.setState({ i })
  })
  await expect.poll(count).toBeGreaterThanOrEqual(10_000)
  expect(await count()).toBeLessThanOrEqual(11_000)
  const inSight = async () => {
    expect(await options().count()).toBeLessThan(40)
    return options().locator('.summary').allInnerTexts()
  }
  await expect.poll(inSight).toContain('state: {i: 11999}')
  await list().press('Home')
  const oldest = 12_000 - (await count())
  await expect.poll(inSight).toContain(`state: {i: ${oldest}}`)
  await list().evaluate((element) => (element.scrollTop = element.scrollHeight / 2))
  await expect.poll(inSight).not.toContain(`state: {i: ${oldest}}`)
  await page.getByRole('searchbox').fill('i: 7777')
  await expect.poll(inSight).toEqual(['state: {i: 7777}'])
  await options().click()
  await expect.poll(() => page.locator('statechat-devtools .position').innerText()).toContain(`${7_777 - oldest + 1} / `)
})

test('Two thousand messages are shown as groups, and only what is opened is made', async () => {
  await page.evaluate(() => {
    const { chat } = document.querySelector('statechat-devtools') as DevtoolsElement & { chat: Chat }
    chat.setMessages(
      Array.from({ length: 2_000 }, (_, i) => ({
        id: `m${i}`,
        role: i % 2 ? ('assistant' as const) : ('user' as const),
        parts: [{ type: 'text' as const, content: `Message ${i}` }],
      })),
    )
  })
  await page.getByRole('tab', { name: 'Transcript' }).click()
  const items = page.getByRole('treeitem')
  await expect.poll(() => items.count()).toBeLessThan(30)
  await items.filter({ hasText: /^1900 … 1999/ }).click()
  await page.getByRole('treeitem', { name: /^1999/ }).waitFor()
  expect(await items.count()).toBeLessThan(130)
  await converse()
  await expect.poll(() => page.getByRole('treeitem', { name: /^messages/ }).innerText()).toContain('2002 items')
  await page.getByRole('treeitem', { name: /^2000 … 2001/ }).click()
  await page.getByRole('treeitem', { name: /^2001: .*assistant/ }).waitFor()
})
