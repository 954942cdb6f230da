import type { Browser, Page } from 'playwright-core'
import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FRAMEWORKS } from '../../examples/playground/shared/frameworks.ts'
import { launch } from './chromium.ts'
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
describe('the start page', () => {
  beforeEach(async () => {
    page = await browser.newPage()
    await page.goto(server.url)
  })
  afterEach(() => page.close())

  test('switches between the frameworks, and shows the four side by side against one server', async () => {
    const shown = () => page.locator('iframe:visible')
    await expect.poll(() => shown().count()).toBe(1)
    await page.getByRole('link', { name: 'Vue', exact: true }).click()
    await expect.poll(() => shown().getAttribute('title')).toBe('Vue')
    await page.getByRole('link', { name: 'Side by side' }).click()
    await expect.poll(() => shown().count()).toBe(4)
    for (const { name } of FRAMEWORKS) {
      const frame = page.frameLocator(`iframe[title=${name}]`)
      await frame.getByRole('button', { name: 'What is 12 × 7?' }).click()
    }
    for (const { name } of FRAMEWORKS) {
      const frame = page.frameLocator(`iframe[title=${name}]`)
      await frame.getByRole('article', { name: 'Assistant' }).getByText('84').first().waitFor()
    }
  })
})

/** The same stories for the page of each framework. */
describe.for(FRAMEWORKS)('$name', ({ path }) => {
  beforeEach(async () => {
    problems = []
    page = await browser.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    await page.goto(new URL(path, server.url).href)
    await field().waitFor()
  })
  afterEach(async () => {
    await page.close()
    expect(problems).toEqual([])
  })

  const status = () => page.getByRole('list', { name: 'State of the chat' })
  const answer = () => page.getByRole('article', { name: 'Assistant' }).last()
  const field = () => page.getByRole('textbox', { name: 'Message', exact: true })
  const idle = () => page.locator('.machine[data-status=idle]').waitFor()

  async function ask(question: string) {
    await field().fill(question)
    await field().press('Enter')
  }

  async function textOf(locator: ReturnType<typeof answer>) {
    return (await locator.locator('.parts').innerText()).trim()
  }

  /** Waits until the answer is longer than that. */
  async function grownBeyond(length: number) {
    await page.waitForFunction((than) => (document.querySelector('article.assistant:last-of-type .parts')?.textContent ?? '').length > than, length)
    return textOf(answer())
  }

  test('An answer grows while it streams, and the machine says what it is doing', async () => {
    await ask('Show me some Markdown')
    const early = await grownBeyond(20)
    expect(await status().getAttribute('data-status')).toBe('streaming')
    const later = await grownBeyond(early.length + 100)
    expect(later.length).toBeGreaterThan(early.length)
    await idle()
    expect(await answer().locator('table').count()).toBe(1)
    expect(await page.getByRole('status').innerText()).toContain('A scripted answer')
  })

  test('A stopped answer keeps what has arrived and grows no further', async () => {
    await ask('Show me some Markdown')
    await grownBeyond(40)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.locator('.machine[data-status=stopped]').waitFor()
    const stopped = await textOf(answer())
    const request = page.waitForRequest('**/api/chat')
    await ask('Hello')
    await request
    await idle()
    expect(await textOf(page.getByRole('article', { name: 'Assistant' }).first())).toBe(stopped)
    expect(await textOf(answer())).toContain('scripted model')
  })

  test('After a stop one can ask again at once, and only the new answer arrives', async () => {
    await ask('Show me some Markdown')
    await grownBeyond(40)
    await field().fill('Hello')
    await page.evaluate(() => {
      ;[...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Stop')!.click()
    })
    await field().press('Enter')
    await page.waitForFunction(() => document.querySelectorAll('article.assistant').length === 2)
    await idle()
    expect(await textOf(answer())).toMatch(/^Hello! I am the scripted model/)
  })

  test('Reload answers again, and both versions can be read', async () => {
    await ask('Hello')
    await idle()
    await page.getByRole('button', { name: 'Answer again' }).click()
    await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor()
    await idle()
    expect(await page.getByRole('article', { name: 'Assistant' }).count()).toBe(1)
    await page.getByRole('button', { name: 'Previous version' }).click()
    await page.getByRole('group', { name: 'Version 1 of 2' }).waitFor()
    expect(await textOf(answer())).toContain('scripted model')
  })

  test('Two messages sent while an answer streams wait in the queue, in order', async () => {
    await ask('Show me some Markdown')
    await grownBeyond(10)
    await ask('Hello')
    const queue = page.getByRole('region', { name: 'Waiting messages' })
    expect(await queue.innerText()).toContain('Hello')
    await page.waitForFunction(() => document.querySelectorAll('article.assistant').length === 2)
    await idle()
    expect(await page.getByRole('article', { name: 'You' }).allInnerTexts()).toEqual([
      expect.stringContaining('Markdown'),
      expect.stringContaining('Hello'),
    ])
  })

  test('An edited question gets a new answer and the old one stays', async () => {
    await ask('Hello')
    await idle()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Edit your message' }).fill('What is 12 × 7?')
    await page.keyboard.press('Enter')
    await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor()
    await idle()
    expect(await textOf(answer())).toContain('84')
  })

  test('Reloading the page in the middle of an answer begins anew', async () => {
    await ask('Show me some Markdown')
    await grownBeyond(20)
    await page.reload()
    await page.getByRole('heading', { name: 'Ask something' }).waitFor()
    await ask('Hello')
    await idle()
    expect(await textOf(answer())).toContain('scripted model')
  })

  test('A tool runs on the server, and its input and output can be read', async () => {
    await ask('What is the weather in Oslo?')
    await idle()
    const tool = page.getByRole('region', { name: 'Tool get_weather' })
    expect(await tool.getAttribute('data-state')).toBe('complete')
    expect(await tool.innerText()).toContain('Oslo')
  })

  test('A tool that the person answers pauses the turn until the answer is given', async () => {
    await page.getByRole('checkbox', { name: 'I answer the weather tool' }).check()
    await ask('What is the weather in Oslo?')
    await page.locator('.machine[data-status=tool-calling][data-phase=local]').waitFor()
    await page.getByRole('textbox', { name: 'Your answer to the tool call' }).fill('It is snowing')
    await page.keyboard.press('Enter')
    await idle()
    expect(await page.getByRole('region', { name: 'Tool get_weather' }).getAttribute('data-state')).toBe('complete')
    expect(await textOf(answer())).toContain('snowing')
  })

  test('A failure is told, keeps the partial answer, and can be retried', async () => {
    await ask('Please fail')
    await page.getByRole('region', { name: 'Error' }).waitFor()
    expect(await textOf(answer())).not.toBe('')
    await page.getByRole('button', { name: 'Retry' }).click()
    // The failed answer and the new one, which fails as well.
    await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor()
    await page.getByRole('region', { name: 'Error' }).waitFor()
  })

  test('The keyboard is enough: send, stop with Escape, and the focus stays where one writes', async () => {
    await page.keyboard.type('Show me some Markdown')
    await page.keyboard.press('Enter')
    await grownBeyond(20)
    await page.keyboard.press('Escape')
    await page.locator('.machine[data-status=stopped]').waitFor()
    expect(await field().evaluate((element) => element === document.activeElement)).toBe(true)
  })

  test.for([
    { width: 360, height: 640, colorScheme: 'dark' as const },
    { width: 1100, height: 800, colorScheme: 'light' as const },
  ])('At $width px, $colorScheme, nothing overflows and axe finds no fault', async ({ width, height, colorScheme }) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await ask('What is the weather in Oslo?')
    await idle()
    await ask('Show me some Markdown')
    await grownBeyond(10)
    await idle()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
    await page.evaluate(axe.source)
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
  })
})
