import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundlePage } from './bundle-page.ts'
import { launch } from './chromium.ts'
import { openTab } from './open-tab.ts'

type Tab = ReturnType<(typeof import('./tabs/page.ts'))['open']>
declare const tab: Tab

let browser: Browser
let server: Server
let script: string

beforeAll(async () => {
  script = await bundlePage('tabs/page.ts')
  server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>A tab</title>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})

const openPage = (context: BrowserContext, threadId: string) =>
  openTab(context, { url: `http://localhost:${(server.address() as AddressInfo).port}/`, script, threadId })
const runsIn = (page: Page) => page.evaluate(() => tab.runs())
const stateIn = (page: Page) => page.evaluate(() => tab.state())

describe('two tabs that show one stored conversation', () => {
  it('run its open call once, in the tab that was first', async () => {
    const context = await browser.newContext()
    const first = await openPage(context, 'shared')
    await expect.poll(() => runsIn(first)).toBe(1)
    const second = await openPage(context, 'shared')
    // It has asked for the lock, and was refused.
    await expect.poll(() => second.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(1)
    const other = await openPage(context, 'another')
    await expect.poll(() => runsIn(other)).toBe(1)
    expect([await runsIn(first), await stateIn(first)]).toEqual([1, 'executing'])
    expect([await runsIn(second), await stateIn(second)]).toEqual([0, 'input-complete'])
    await context.close()
  })
  it('a tab that comes when the first is gone runs it', async () => {
    const context = await browser.newContext()
    const first = await openPage(context, 'left')
    await expect.poll(() => runsIn(first)).toBe(1)
    await first.close()
    const second = await openPage(context, 'left')
    await expect.poll(() => runsIn(second)).toBe(1)
    await context.close()
  })
})
