import { build } from 'esbuild'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './chromium.ts'
import type { Converse } from './inspect/app.ts'

declare const converse: Converse
declare const told: {
  type: string
  name?: string
  definition?: string
  event?: { type: string; chunks?: unknown }
  snapshot?: { value?: unknown; context?: { host: unknown } }
}[]

let browser: Browser
let server: Server

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'inspect/app.ts'), join(import.meta.dirname, 'inspect/inspector.ts')],
    bundle: true,
    splitting: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    conditions: ['@statechat/source', 'module', 'browser'],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const scripts = new Map(outputFiles.map(({ path, text }) => [path, text]))
  server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url)
    if (script) return response.setHeader('content-type', 'text/javascript').end(script)
    const name = url === '/inspector' ? 'inspector' : 'app'
    return response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>${name}</title><script type="module" src="/${name}.js"></script>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function openApp(): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'converse' in globalThis)
  return page
}

/** What the inspector was told, when the conversation is over. */
async function toldTo(inspector: Page | Frame) {
  await expect
    .poll(() => inspector.evaluate(() => told.filter(({ type, event }) => type === '@xstate.snapshot' && event?.type === 'run.closed').length))
    .toBe(2)
  return inspector.evaluate(() => told)
}

function check(seen: typeof told, threadId: string) {
  const actors = seen.filter(({ type }) => type === '@xstate.actor')
  expect(actors.map(({ name }) => name?.replace(/^run:.+/, 'run:…'))).toEqual([`chat:${threadId}`, 'run:…', 'tool:look:call-1', 'run:…'])
  const definition = JSON.parse(actors[0]?.definition ?? '')
  expect(definition.states.running.states.streaming.states.reconnecting.states.waiting.after.backoff).toBe('rejoining')

  const events = seen.flatMap(({ type, event }) => (type === '@xstate.event' && event ? [event.type] : []))
  expect(events).toEqual(expect.arrayContaining(['user.send', 'run.opened', 'run.chunks', 'run.closed', 'tool.started', 'tool.result']))
  expect(seen.find(({ event }) => event?.type === 'run.chunks')?.event?.chunks).toEqual({
    count: expect.any(Number),
    types: expect.objectContaining({ RUN_STARTED: 1 }),
    size: expect.any(Number),
  })
  const last = seen.findLast(({ type, snapshot }) => type === '@xstate.snapshot' && snapshot?.context)
  expect(last?.snapshot?.value).toEqual({ idle: 'ready' })
  expect(last?.snapshot?.context?.host).toMatchObject({ threadId, transcript: { count: 2, open: [] } })
}

describe("Stately's browser inspector", () => {
  it('is told of the whole conversation in a window of its own', async () => {
    const page = await openApp()
    const opened = page.waitForEvent('popup')
    expect(await page.evaluate(() => converse('window'))).toBe('finished')
    check(await toldTo(await opened), 'window')
    await page.close()
  })
  it('is told of it in a frame of the page', async () => {
    const page = await openApp()
    expect(await page.evaluate(() => converse('frame'))).toBe('finished')
    await expect.poll(() => page.frames().some((frame) => frame.url().endsWith('/inspector'))).toBe(true)
    check(await toldTo(page.frames().find((frame) => frame.url().endsWith('/inspector'))!), 'frame')
    await page.close()
  })
})
