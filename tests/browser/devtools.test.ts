import { readFile } from 'node:fs/promises'
import type { Trace } from '@statechat/core/trace'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FRAMEWORKS } from '../../examples/playground/shared/frameworks.ts'
import { launch } from './chromium.ts'
import { ask as send, idle as untilIdle } from './converse.ts'
import { startPlayground, type PlaygroundServer } from './playground-server.ts'

let browser: Browser
let server: PlaygroundServer
let page: Page
let problems: string[]

beforeAll(async () => {
  ;[browser, server] = await Promise.all([launch(), startPlayground({ delayMs: 8 })])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})
beforeEach(async () => {
  problems = []
  page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
})
afterEach(async () => {
  await page.close()
  expect(problems).toEqual([])
})

const panel = () => page.getByRole('region', { name: 'Chat devtools' })
const opener = () => page.getByRole('button', { name: 'Chat devtools' })
const tab = (name: string) => page.getByRole('tab', { name, exact: true })
const button = (name: string) => panel().getByRole('button', { name, exact: true })
const list = () => page.getByRole('listbox', { name: 'Events and chunks' })
const rows = () => list().getByRole('option')
const state = () => panel().locator('.status').innerText()
const position = () => panel().locator('.position').innerText()
/** The innermost active states, as the chart marks them. */
const active = () =>
  panel()
    .locator('.chart li[aria-current]:not(:has(li))')
    .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['state']))
const transition = () => panel().locator('.transition').innerText()
const titles = () => rows().locator('.title').allInnerTexts()
const idle = () => untilIdle(page)
const ask = (question: string) => send(page, question)
const frame = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

async function open(path = '/react/', query = '?devtools') {
  await page.goto(new URL(path + query, server.url).href)
  await (query === '' ? opener() : panel()).waitFor()
}
async function focused() {
  return page.evaluate(() => {
    const { activeElement } = document
    const inner = activeElement?.shadowRoot?.activeElement ?? activeElement
    return inner?.getAttribute('aria-label') ?? inner?.textContent
  })
}

describe.for(FRAMEWORKS)('$name', ({ path }) => {
  test('The chart follows a real conversation, and the timeline has each of its events and chunks', async () => {
    await open(path)
    expect(await active()).toEqual(['idle.ready'])
    await ask('Show me some Markdown')
    await page.waitForFunction(() => document.querySelector('article.assistant:last-of-type .parts')?.textContent)
    await expect.poll(active).toEqual(['running.streaming.receiving'])
    expect(await transition()).toBe('run.opened: running.streaming.connecting → running.streaming.receiving')
    await idle()
    await expect.poll(active).toEqual(['idle.ready'])
    expect(await transition()).toBe('run.closed: running.streaming.receiving → idle.ready')
    await list().press('Home')
    await expect.poll(titles).toEqual(expect.arrayContaining(['user.send', 'run.opened', 'run.chunks', 'RUN_STARTED', 'TEXT_MESSAGE_CONTENT']))
    await list().press('End')
    await expect.poll(titles).toContain('run.closed')
  })
})

test('There is only a button until somebody opens the panel, and closing it leaves the button', async () => {
  await open('/react/', '')
  expect(await panel().count()).toBe(0)
  await opener().click()
  await panel().waitFor()
  await button('Close').click()
  await opener().waitFor()
  expect(await panel().count()).toBe(0)
})

test('In a small panel the active state is scrolled into sight', async () => {
  await page.setViewportSize({ width: 360, height: 700 })
  await open()
  await ask('Please fail')
  await expect.poll(active).toEqual(['error'])
  const [box, chart] = await Promise.all([panel().locator('[data-state=error]').boundingBox(), panel().locator('.chart').boundingBox()])
  expect(box!.y + box!.height).toBeLessThanOrEqual(chart!.y + chart!.height)
  expect(await page.evaluate(() => scrollY)).toBe(0)
})

test('The timeline is filtered by kind and by text', async () => {
  await open()
  await ask('What is the weather in Oslo?')
  await idle()
  await list().press('Home')
  await expect.poll(titles).toContain('TEXT_MESSAGE_START')
  for (const name of ['Run', 'Text chunks', 'Run chunks', 'Other']) await button(name).click()
  await expect
    .poll(async () => [...new Set(await titles())])
    .toEqual(['user.send', 'TOOL_CALL_START', 'TOOL_CALL_ARGS', 'TOOL_CALL_END', 'TOOL_CALL_RESULT'])
  const filtered = await rows().count()
  await page.getByRole('searchbox').fill('FOG')
  await expect.poll(titles).toEqual(['TOOL_CALL_RESULT'])
  expect(await panel().locator('.count').innerText()).toMatch(/^1 of \d+$/)
  await page.getByRole('searchbox').press('Escape')
  await expect.poll(() => rows().count()).toBe(filtered)
})

test('A step back shows what was then, in every pane, while the chat goes on', async () => {
  await open()
  await ask('Hello')
  await idle()
  await tab('Transcript').click()
  const messages = page.getByRole('treeitem', { name: /^messages/ })
  await expect.poll(() => messages.first().locator('> .line').innerText()).toContain('2 items')
  await expect.poll(state).toBe('idle › ready')
  await button('Step back').click()
  await expect.poll(state).toBe('running › streaming › receiving')
  while ((await state()) !== 'running › streaming › connecting') await button('Step back').click().then(frame)
  expect(await active()).toEqual(['running.streaming.connecting'])
  expect(await messages.first().locator('> .line').innerText()).toContain('1 item')
  await tab('Network').click()
  await expect.poll(() => page.getByRole('row').last().innerText()).toContain('connecting')

  const paused = await position()
  await ask('What is 12 × 7?')
  await idle()
  expect((await position()).split(' / ')[0]).toBe(paused.split(' / ')[0])
  expect(await button('Pause').getAttribute('aria-pressed')).toBe('true')
  await button('Pause').click()
  await expect.poll(state).toBe('idle › ready')
  await tab('Transcript').click()
  await expect.poll(() => messages.first().locator('> .line').innerText()).toContain('4 items')
})

test('A line that is chosen shows what it holds and what the chat was then', async () => {
  await open()
  await ask('Hello')
  await idle()
  await list().press('Home')
  await rows().filter({ hasText: 'user.send' }).click()
  await expect.poll(state).toBe('running › streaming › connecting')
  const detail = page.getByRole('region', { name: 'Chosen event' })
  await expect.poll(() => detail.innerText()).toContain('idle.ready → running.streaming.connecting')
  await detail
    .getByRole('treeitem', { name: /^message:/ })
    .locator('> .line')
    .click()
  await expect.poll(() => detail.innerText()).toContain('role')
})

test('An open call is shown with its state, and so is its end', async () => {
  await open()
  await tab('Tools').click()
  await panel().getByText('No tool was called.').waitFor()
  await ask('Write a mail to Ada')
  await page.getByRole('button', { name: 'Approve', exact: true }).waitFor()
  await expect.poll(() => page.getByRole('row').last().innerText()).toContain('approval-requested')
  expect(await active()).toEqual(['running.tool-calling.local'])
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await idle()
  await expect.poll(() => page.getByRole('row').last().innerText()).toContain('complete')
})

test('A trace that was exported and imported has the same moments', async () => {
  await open()
  await ask('Write a mail to Ada')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await idle()
  await ask('Please fail')
  await page.locator('.machine[data-status=error]').waitFor()
  await tab('Transcript').click()

  const downloading = page.waitForEvent('download')
  await button('Export').click()
  const path = await (await downloading).path()
  const trace = JSON.parse(await readFile(path, 'utf8')) as Trace
  expect(trace.format).toBe('statechat.trace')
  const recorded = await moments()

  const choosing = page.waitForEvent('filechooser')
  await button('Import').click()
  await (await choosing).setFiles(path)
  const chats = panel().getByRole('combobox', { name: 'Chat' })
  await expect.poll(() => chats.locator('option').count()).toBe(2)
  await expect.poll(position).toMatch(new RegExp(`^${recorded.length} / ${recorded.length} `))
  expect(await moments()).toEqual(recorded)

  await chats.selectOption({ index: 0 })
  await ask('Hello')
  await idle()
  await expect.poll(position).not.toMatch(new RegExp(`/ ${recorded.length} `))

  /** Every moment, from the first to the last: state, last transition, and messages. */
  async function moments() {
    const slider = page.getByRole('slider', { name: 'Moment' })
    await slider.press('Home')
    await frame()
    const seen: unknown[] = []
    while (true) {
      const messages = await page
        .getByRole('treeitem', { name: /^messages/ })
        .first()
        .innerText()
      seen.push([await state(), await transition(), messages])
      if (await button('Step forward').isDisabled()) return seen
      await button('Step forward').click()
      await frame()
    }
  }
})

test.for([
  ['{}', /trace/],
  ['not JSON', /JSON/],
] as const)('A file with %s in it is refused in words', async ([text, words]) => {
  await open()
  const choosing = page.waitForEvent('filechooser')
  await button('Import').click()
  await (await choosing).setFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await expect.poll(() => panel().getByRole('alert').innerText()).toMatch(words)
  expect(await panel().getByRole('combobox', { name: 'Chat' }).locator('option').count()).toBe(1)
})

test('Everything can be done with the keyboard', async () => {
  await open('/react/', '')
  await ask('What is the weather in Oslo?')
  await idle()
  await opener().focus()
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('Timeline')

  // Tabs: one of them is in the tab order, the arrows go round them.
  await page.keyboard.press('ArrowRight')
  await expect.poll(focused).toBe('Transcript')
  expect(await tab('Transcript').getAttribute('aria-selected')).toBe('true')

  // Tree: into the panel, to the tree, open, go in and out again.
  await page.getByRole('tree').first().waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await expect.poll(focused).toMatch(/^0/)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect.poll(focused).toMatch(/^id/)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(focused).toMatch(/^0/)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(focused).toMatch(/^messages/)

  // Back to the tabs, and to the timeline's list.
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Home')
  await expect.poll(focused).toBe('Timeline')
  while ((await focused()) !== 'Events and chunks') await page.keyboard.press('Tab')
  await page.keyboard.press('Home')
  await expect.poll(() => list().getByRole('option', { selected: true }).innerText()).toContain('record.start')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => list().getByRole('option', { selected: true }).innerText()).toContain('user.send')
  expect(await list().getAttribute('aria-activedescendant')).toBe(await list().getByRole('option', { selected: true }).getAttribute('id'))

  // The size, from the edge.
  await page.getByRole('separator', { name: 'Size of the panel' }).focus()
  const before = (await panel().boundingBox())!.height
  await page.keyboard.press('ArrowUp')
  await expect.poll(async () => (await panel().boundingBox())!.height).toBe(before + 16)

  await page.keyboard.press('Escape')
  await expect.poll(focused).toBe('Chat devtools')
  expect(await panel().count()).toBe(0)
})

test('What has the focus can be seen', async () => {
  await open()
  await ask('Hello')
  await idle()
  await tab('Timeline').focus()
  const seen: [string | null | undefined, boolean][] = []
  while ((await focused()) !== 'Chosen event') {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!.shadowRoot!.activeElement!).outlineStyle)
    seen.push([await focused(), outline !== 'none'])
  }
  expect(seen.length).toBeGreaterThan(10)
  expect(seen.filter(([, isVisible]) => !isVisible)).toEqual([])
})

test('The panel is dragged to another size and to another side, and the next visit finds it there', async () => {
  await open()
  const { width } = page.viewportSize()!
  await button('Dock right').click()
  await expect.poll(async () => (await panel().boundingBox())!.height).toBe(860)
  const edge = (await page.getByRole('separator').boundingBox())!
  await page.mouse.move(edge.x + 3, 300)
  await page.mouse.down()
  await page.mouse.move(width - 600, 320, { steps: 5 })
  await page.mouse.up()
  await expect.poll(async () => (await panel().boundingBox())!.width).toBe(600)
  await page.mouse.move(300, 300)
  await frame()
  expect((await panel().boundingBox())!.width).toBe(600)
  await page.reload()
  await expect.poll(async () => (await panel().boundingBox())?.width).toBe(600)
})

test.for([360, 1100])('At %i px axe finds no fault in any pane, on either side, in the light and in the dark', async (width) => {
  await page.setViewportSize({ width, height: 900 })
  await open()
  await ask('What is the weather in Oslo?')
  await idle()
  await ask('Please fail')
  await page.locator('.machine[data-status=error]').waitFor()
  await page.evaluate(axe.source)
  for (const side of ['bottom', 'right']) {
    for (const name of ['Timeline', 'Transcript', 'Tools', 'Network']) {
      await tab(name).click()
      if (name === 'Timeline') await list().press('Home')
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await frame()
        const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run('statechat-devtools'))
        expect(violations.map(({ id, nodes }) => `${side} ${name} ${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
      }
    }
    await button(side === 'bottom' ? 'Dock right' : 'Dock bottom').click()
  }
})
