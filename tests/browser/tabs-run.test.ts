import { getRequestListener } from '@hono/node-server'
import { chatHandler, type Chunk, memoryRunLog } from '@statechat/server'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundlePage } from './bundle-page.ts'
import { launch } from './chromium.ts'
import { openTab } from './open-tab.ts'

type Tab = ReturnType<(typeof import('./tabs-run/page.ts'))['open']>
declare const tab: Tab

interface Answer {
  threadId: string
  signal: AbortSignal
  say(text: string): void
  end(): void
}

let browser: Browser
let server: Server
let script: string
/** Runs that the model was asked for, answered by the test. */
const answers: Answer[] = []
/** Of each request for a run that is being answered, its thread. */
const open: string[] = []
let mostOpen = 0
let requests = 0

const handler = chatHandler({
  log: memoryRunLog(),
  authorize: () => true,
  model({ input: { threadId, runId }, signal }) {
    let push!: ReadableStreamDefaultController<Chunk>
    const source = new ReadableStream<Chunk>({ start: (controller) => void (push = controller) })
    push.enqueue({ type: 'RUN_STARTED', threadId, runId })
    push.enqueue({ type: 'TEXT_MESSAGE_START', messageId: `m-${runId}`, role: 'assistant' })
    answers.push({
      threadId,
      signal,
      say: (delta) => push.enqueue({ type: 'TEXT_MESSAGE_CONTENT', messageId: `m-${runId}`, delta }),
      end() {
        push.enqueue({ type: 'TEXT_MESSAGE_END', messageId: `m-${runId}` })
        push.enqueue({ type: 'RUN_FINISHED', threadId, runId })
        push.close()
      },
    })
    return source
  },
})

beforeAll(async () => {
  script = await bundlePage('tabs-run/page.ts')
  const listener = getRequestListener(handler)
  server = createServer((request, response) => {
    if (!request.url?.startsWith('/api/chat')) return response.setHeader('content-type', 'text/html').end('<!doctype html><title>A tab</title>')
    if (request.method === 'POST' && !request.url.includes('cancel=')) {
      requests++
      open.push(request.url)
      mostOpen = Math.max(mostOpen, open.length)
      response.once('close', () => open.pop())
    }
    return void listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

const openPage = (context: BrowserContext, threadId: string) =>
  openTab(context, { url: `http://localhost:${(server.address() as AddressInfo).port}/`, script, threadId })
const shownIn = (page: Page) => page.evaluate(() => tab.shown())
const expectAll = (pages: readonly Page[], what: string) => expect.poll(async () => Promise.all(pages.map(shownIn))).toEqual(pages.map(() => what))
const answersOf = (thread: string) => answers.filter(({ threadId }) => threadId === thread)
async function answerOf(thread: string): Promise<Answer> {
  await expect.poll(() => answersOf(thread).length).toBeGreaterThan(0)
  return answersOf(thread).at(-1)!
}

describe('three tabs of one chat', () => {
  it('use one connection; when the tab that has it is closed another goes on, and nothing is lost or there twice', async () => {
    const context = await browser.newContext()
    const pages = [await openPage(context, 'one'), await openPage(context, 'one'), await openPage(context, 'one')]
    await pages[0]!.evaluate(() => tab.send('Q'))
    const answer = await answerOf('one')
    for (const word of ['1 ', '2 ', '3 ']) answer.say(word)
    await expectAll(pages, 'streaming: Q | 1 2 3 ')
    expect([open.length, mostOpen]).toEqual([1, 1])
    await pages[0]!.close()
    answer.say('4 ')
    const left = pages.slice(1)
    await expectAll(left, 'streaming: Q | 1 2 3 4 ')
    // That a page is gone is heard by the other page and by the server, in either order.
    await expect.poll(() => open.length).toBe(1)
    const late = await openPage(context, 'one')
    await expectAll([late], 'streaming: Q | 1 2 3 4 ')
    answer.say('5')
    answer.end()
    await expectAll([...left, late], 'idle: Q | 1 2 3 4 5')
    expect(answersOf('one')).toHaveLength(1)
    expect(requests).toBe(2)
    await late.evaluate(() => tab.send('Q2'))
    await expect.poll(() => answersOf('one').length).toBe(2)
    answersOf('one')[1]!.say('A2')
    answersOf('one')[1]!.end()
    await expectAll([...left, late], 'idle: Q | 1 2 3 4 5 | Q2 | A2')
    await context.close()
  })
  it('are stopped by any of them, and so is the model', async () => {
    const context = await browser.newContext()
    const pages = [await openPage(context, 'two'), await openPage(context, 'two'), await openPage(context, 'two')]
    await pages[1]!.evaluate(() => tab.send('Q'))
    const answer = await answerOf('two')
    answer.say('Hel')
    await expectAll(pages, 'streaming: Q | Hel')
    await pages[2]!.evaluate(() => tab.stop())
    await expectAll(pages, 'stopped: Q | Hel')
    await expect.poll(() => answer.signal.aborted).toBe(true)
    await expect.poll(() => open.length).toBe(0)
    await context.close()
  })
  it('leave no lock behind when no run is going on, so that a page may be kept for the way back', async () => {
    const context = await browser.newContext()
    const page = await openPage(context, 'three')
    const held = () => page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name?.split(':')[1]).sort())
    await expect.poll(held).toEqual(['tab'])
    await page.evaluate(() => tab.send('Q'))
    const answer = await answerOf('three')
    answer.say('A')
    await expect.poll(held).toEqual(['run', 'tab'])
    answer.end()
    await expect.poll(held).toEqual(['tab'])
    await page.evaluate(() => globalThis.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    await expect.poll(held).toEqual([])
    await context.close()
  })
})
