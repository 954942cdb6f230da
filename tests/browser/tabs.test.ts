import { build } from 'esbuild'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './chromium.ts'

type Tab = ReturnType<(typeof import('./tabs/page.ts'))['open']>
declare const tab: Tab

let browser: Browser
let server: Server
let script: string

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'tabs/page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['@statechat/source', 'module'],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  script = outputFiles[0]!.text
  server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>A tab</title>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** A tab of a page with Web Locks, which want an origin. */
async function openTab(context: BrowserContext, threadId: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  await page.addScriptTag({ content: script })
  await page.evaluate(
    (thread) => void Object.assign(globalThis, { tab: (globalThis as unknown as { open(id: string): Tab }).open(thread) }),
    threadId,
  )
  return page
}
const runsIn = (page: Page) => page.evaluate(() => tab.runs())
const stateIn = (page: Page) => page.evaluate(() => tab.state())

describe('two tabs that show one stored conversation', () => {
  it('run its open call once, in the tab that was first', async () => {
    const context = await browser.newContext()
    const first = await openTab(context, 'shared')
    await expect.poll(() => runsIn(first)).toBe(1)
    const second = await openTab(context, 'shared')
    // It has asked for the lock, and was refused.
    await expect.poll(() => second.evaluate(async () => (await navigator.locks.query()).held?.length)).toBe(1)
    const other = await openTab(context, 'another')
    await expect.poll(() => runsIn(other)).toBe(1)
    expect([await runsIn(first), await stateIn(first)]).toEqual([1, 'executing'])
    expect([await runsIn(second), await stateIn(second)]).toEqual([0, 'input-complete'])
    await context.close()
  })
  it('a tab that comes when the first is gone runs it', async () => {
    const context = await browser.newContext()
    const first = await openTab(context, 'left')
    await expect.poll(() => runsIn(first)).toBe(1)
    await first.close()
    const second = await openTab(context, 'left')
    await expect.poll(() => runsIn(second)).toBe(1)
    await context.close()
  })
})
