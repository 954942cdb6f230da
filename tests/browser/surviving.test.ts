import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { FRAMEWORKS } from '../../examples/playground/shared/frameworks.ts'
import { type RedisServer, startRedis } from '../../packages/server/test/run-log/redis-server.ts'
import { launch } from './chromium.ts'
import { type PlaygroundServer, startPlayground } from './playground-server.ts'

let browser: Browser
let redis: RedisServer
let server: PlaygroundServer
/** What the model says to the question. */
let whole: string

const start = (port?: string) => startPlayground({ delayMs: 12, redisUrl: `redis://127.0.0.1:${redis.port}`, ...(port !== undefined && { port }) })

beforeAll(async () => {
  redis = await startRedis()
  ;[browser, server] = await Promise.all([launch(), start()])
  const { page } = await ask('/react/')
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
  whole = await text(page)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await redis?.kill()
})

const answer = (page: Page) => page.getByRole('article', { name: 'Assistant' }).last()
/** Of the answer; empty when there is none. */
const text = async (page: Page) =>
  (await answer(page).allInnerTexts())
    .join('')
    .split(/‹|Answer again/)[0]!
    .trim()
/** Longer than an answer takes. */
const PATIENT = { timeout: 30_000 }

interface Asked {
  page: Page
  context: BrowserContext
  /** Method and query of each request to the chat. */
  requests: string[]
}

/** A conversation of its own, as far as a few words of the answer. */
async function ask(path: string): Promise<Asked> {
  const context = await browser.newContext()
  onTestEnd(() => context.close())
  // Vite's client reloads the page when its server comes back, and with the page goes what it said. This one never hears of it.
  await context.routeWebSocket(/./, () => {})
  const page = await context.newPage()
  const requests: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (pathname === '/api/chat') requests.push([request.method(), ...searchParams.keys()].join(' '))
  })
  await page.goto(new URL(path, server.url).href)
  await page.getByRole('textbox').fill('Show me some Markdown')
  await page.getByRole('textbox').press('Enter')
  await answer(page).getByText('You wrote').waitFor()
  return { page, context, requests }
}

function onTestEnd(end: () => Promise<void>): void {
  try {
    onTestFinished(end)
  } catch {
    // In beforeAll the browser takes it along.
  }
}

describe('a page', () => {
  test.for(FRAMEWORKS)('in $name that is reloaded in the middle of an answer shows it to its end, asked for once', async ({ path }) => {
    const { page, requests } = await ask(path)
    await page.reload()
    await expect.poll(() => text(page), PATIENT).toBe(whole)
    expect(await page.getByRole('article').count()).toBe(2)
    expect(requests).toEqual(['POST', 'GET threadId', 'GET runId offset'])
  })

  test('that is away while its answer comes to its end shows all of it when it is back', async () => {
    const { page, requests } = await ask('/react/')
    await page.goto('about:blank')
    const { page: watching } = await ask('/react/')
    await expect.poll(() => text(watching), PATIENT).toBe(whole)
    await page.goBack()
    await expect.poll(() => text(page), PATIENT).toBe(whole)
    expect(requests.filter((request) => request === 'POST')).toHaveLength(1)
  })

  test('stops a run that it has joined', async () => {
    const { page, requests } = await ask('/react/')
    await page.reload()
    await answer(page).getByText('You wrote').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => requests.at(-1)).toBe('POST cancel threadId')
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
    const stopped = await text(page)
    await page.reload()
    await expect.poll(() => text(page)).toBe(stopped)
    expect(stopped.length).toBeLessThan(whole.length)
  })
})

/** Starting it takes as long as the machine is busy. */
describe('a server that is restarted', { timeout: 120_000 }, () => {
  test('while it answers: the answer comes to its end, made once', async () => {
    const { page, requests } = await ask('/react/')
    const { port } = new URL(server.url)
    const ended = server.stop('SIGTERM')
    server = await start(port)
    await ended
    await expect.poll(() => text(page), PATIENT).toBe(whole)
    expect(requests.filter((request) => request === 'POST')).toHaveLength(1)
  })

  test('by a crash: the answer so far stays, the page says what happened, and retry asks anew', async () => {
    const { page } = await ask('/react/')
    const opened = await page.evaluate(() => performance.timeOrigin)
    const { port } = new URL(server.url)
    await server.stop('SIGKILL')
    server = await start(port)
    await page.getByText('producer_lost').first().waitFor({ timeout: 60_000 })
    expect(await page.evaluate(() => performance.timeOrigin), 'the page was not reloaded').toBe(opened)
    expect(await text(page)).toContain('You wrote')
    await page.getByRole('button', { name: 'Retry' }).click()
    await expect.poll(() => text(page), PATIENT).toBe(whole)
  })
})
