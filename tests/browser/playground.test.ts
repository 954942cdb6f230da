import type { Browser, Page } from 'playwright-core'
import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FRAMEWORKS } from '../../examples/playground/shared/frameworks.ts'
import { playAgent, type Agent } from './agent.ts'
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
  const card = (name: string) => page.getByRole('region', { name, exact: true }).last()
  const isFocused = (locator: ReturnType<typeof field>) => locator.evaluate((element) => element === document.activeElement)
  /** Not below the fold, nor under something else. */
  const isInSight = (locator: ReturnType<typeof field>) =>
    locator.evaluate((element) => {
      const { left, bottom, width } = element.getBoundingClientRect()
      return document.elementFromPoint(left + width / 2, bottom - 2) === element
    })
  const idle = () => untilIdle(page)
  const ask = (question: string) => send(page, question)

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

  test('What is sent while the page still loads waits, and is answered', async () => {
    let letThrough = () => {}
    const isAsked = new Promise<void>((resolve) => (letThrough = resolve))
    await page.route(/answering-code/, (route) => isAsked.then(() => route.continue()))
    await page.reload()
    await ask('Hello')
    expect(await page.getByRole('region', { name: 'Waiting messages' }).innerText()).toContain('Hello')
    letThrough()
    await idle()
    expect(await page.getByRole('article', { name: 'You' }).allInnerTexts()).toEqual([expect.stringContaining('Hello')])
    expect(await textOf(answer())).toContain('scripted model')
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

  test('A tool runs on the server: its progress is shown, and its input and result can be read', async () => {
    const tool = card('Get weather')
    // Asked in every frame, and from before the question on: it may be gone when the question has been typed and sent.
    const progress = page.waitForFunction(() => document.querySelector('.tool')?.querySelector('progress + small')?.textContent)
    await Promise.all([progress, ask('What is the weather in Oslo?')])
    await idle()
    expect(await tool.getAttribute('data-state')).toBe('complete')
    expect(await tool.getByRole('progressbar').count()).toBe(0)
    expect(await tool.getByRole('figure', { name: 'Input' }).innerText()).toContain('Oslo')
    expect(await tool.getByRole('figure', { name: 'Result' }).innerText()).toContain('Temperature')
  })

  test('A tool of the page changes its theme', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await background()
    await ask('Switch to the dark theme')
    await idle()
    expect(await background()).not.toBe(light)
    expect(await textOf(answer())).toContain('dark')
    await page.emulateMedia({ colorScheme: 'dark' })
    await ask('Switch to the light theme')
    await idle()
    expect(await background()).toBe(light)
  })

  test('A tool of the page says where it is, or in words why it cannot', async () => {
    await ask('Where am I?')
    await idle()
    expect(await card('Get location').getAttribute('data-state')).toBe('error')
    expect(await textOf(answer())).toContain('The browser is not allowed to say where it is.')
    await page.context().grantPermissions(['geolocation'])
    await page.context().setGeolocation({ latitude: 59.91, longitude: 10.75 })
    await ask('Where am I?')
    await idle()
    expect(await textOf(answer())).toContain('59.91, 10.75')
  })

  describe('A mail that needs an approval', () => {
    const mail = () => card('Send mail')
    const button = (name: string) => mail().getByRole('button', { name, exact: true })

    beforeEach(async () => {
      await ask('Write a mail to Ada')
      await button('Approve').waitFor()
    })

    test('is asked for without taking the focus, and sent when it is approved', async () => {
      expect(await isFocused(field())).toBe(true)
      expect(await page.getByRole('status').innerText()).toContain('Approve or deny it')
      // Backwards from where one writes: Deny, Approve.
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Shift+Tab')
      await page.keyboard.press('Enter')
      await idle()
      expect(await mail().getAttribute('data-state')).toBe('complete')
      expect(await isFocused(mail())).toBe(true)
      expect(await textOf(answer())).toContain('is sent')
    })

    test('is not sent when it is denied, and the model hears why', async () => {
      const reason = mail().getByRole('textbox', { name: 'Reason (optional)' })
      await button('Deny').click()
      await page.keyboard.type('No, never')
      await page.keyboard.press('Escape')
      await expect.poll(() => isFocused(button('Deny'))).toBe(true)
      await page.keyboard.press('Enter')
      await reason.waitFor()
      await page.keyboard.type('Ada is on holiday')
      await page.keyboard.press('Enter')
      await idle()
      expect(await mail().innerText()).toContain('Denied')
      expect(await textOf(answer())).toContain('“Ada is on holiday”')
    })

    test('goes as the person has changed it, once the tool takes that', async () => {
      const to = mail().getByRole('textbox', { name: 'To' })
      await to.fill('nobody')
      await button('Approve').click()
      await mail().getByRole('alert').getByText('to').waitFor()
      await to.fill('ada@example.org')
      const request = page.waitForRequest('**/api/chat')
      await button('Approve').click()
      const { resume } = (await request).postDataJSON() as { resume: { payload: { editedArgs: { to: string } } }[] }
      expect(resume[0]?.payload.editedArgs.to).toBe('ada@example.org')
      await idle()
      expect(await mail().getAttribute('data-state')).toBe('complete')
      expect(await mail().getByRole('figure', { name: 'Input' }).innerText()).toContain('ada@example.org')
      expect(await textOf(answer())).toContain('The mail to ada@example.org is sent.')
    })

    test('is cancelled by a stop, and the conversation goes on', async () => {
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.locator('.machine[data-status=stopped]').waitFor()
      expect(await mail().innerText()).toContain('Cancelled')
      expect(await mail().getByRole('button').count()).toBe(0)
      await ask('Hello')
      await idle()
      expect(await textOf(answer())).toContain('scripted model')
    })
  })

  describe('An agent', () => {
    let agent: Agent
    beforeEach(async () => {
      agent = await playAgent(page)
    })
    afterEach(() => agent.stop())

    async function asks(interrupt: object) {
      const run = agent.next()
      await ask('Book a table')
      ;(await run).finish({ type: 'interrupt', interrupts: [{ id: 'question', reason: 'input_required', ...interrupt }] })
    }

    test('asks a question, and gets the answer in the form it wants, or hears that there is none', async () => {
      const properties = {
        guests: { type: 'integer' },
        day: { enum: ['Friday', 'Saturday'] },
        outside: { type: 'boolean' },
        wishes: { type: 'string' },
      }
      await asks({ message: 'For how many?', responseSchema: { type: 'object', properties, required: ['guests', 'day'] } })
      const question = card('Question')
      await question.getByText('For how many?').waitFor()
      await question.getByRole('combobox', { name: 'Day' }).selectOption('Friday')
      await question.getByRole('button', { name: 'Answer' }).click()
      await question.getByRole('alert').getByText('Guests is missing.').waitFor()
      await question.getByRole('textbox', { name: 'Guests' }).fill('2.5')
      await question.getByRole('button', { name: 'Answer' }).click()
      // Only the schema knows better.
      await question.getByRole('alert').getByText('its schema').waitFor()
      await question.getByRole('textbox', { name: 'Guests' }).fill('4')
      await question.getByRole('checkbox', { name: 'Outside' }).check()
      const run = agent.next()
      await question.getByRole('button', { name: 'Answer' }).click()
      const { input, finish } = await run
      finish()
      expect(input.resume).toEqual([{ interruptId: 'question', status: 'resolved', payload: { guests: 4, day: 'Friday', outside: true } }])
      await idle()
      expect(await question.innerText()).toContain('Answered')

      await asks({ message: 'Which wine?' })
      const next = agent.next()
      await question.getByRole('button', { name: 'Dismiss' }).click()
      const last = await next
      last.finish()
      expect(last.input.resume).toEqual([{ interruptId: 'question', status: 'cancelled' }])
      await idle()
      expect(await question.innerText()).toContain('Dismissed')
    })

    test('answers in a form, which can be read while it grows', async () => {
      const run = agent.next()
      await ask('A recipe, please')
      const { write, finish } = await run
      const messageId = 'recipe'
      const say = (delta: string) => write({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })
      write({ type: 'CUSTOM', name: 'structured-output.start', value: { messageId } }, { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' })
      say('{"title": "Panca')
      const form = card('Structured answer')
      await form.getByText('Panca', { exact: true }).waitFor()
      expect(await form.innerText()).toContain('Being written')
      say('kes", "minutes": 20}')
      write({ type: 'TEXT_MESSAGE_END', messageId })
      finish()
      await idle()
      expect(await form.getByRole('definition').allInnerTexts()).toEqual(['Pancakes', '20'])
      expect(await form.innerText()).toContain('Done')
    })
  })

  test('A tool that the person answers pauses the turn until the answer is given', async () => {
    await page.getByRole('checkbox', { name: 'I answer the weather tool' }).check()
    await ask('What is the weather in Oslo?')
    await page.locator('.machine[data-status=tool-calling][data-phase=local]').waitFor()
    await page.getByRole('textbox', { name: 'Your answer to the tool call' }).fill('It is snowing')
    await page.keyboard.press('Enter')
    await idle()
    expect(await page.getByRole('region', { name: 'Get weather' }).getAttribute('data-state')).toBe('complete')
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
    expect(await isFocused(field())).toBe(true)
  })

  test.for([360, 1100])(
    'At %i px nothing overflows, no button goes out of sight, and axe finds no fault in the light and in the dark',
    async (width) => {
      await page.setViewportSize({ width, height: 800 })
      await ask('What is the weather in Oslo?')
      await idle()
      await ask('Show me some Markdown')
      await grownBeyond(10)
      await idle()
      await ask('Write a mail to Ada')
      await card('Send mail').getByRole('textbox', { name: 'To' }).fill('nobody')
      await card('Send mail').getByRole('button', { name: 'Approve' }).click()
      await card('Send mail').getByRole('alert').waitFor()
      await expect.poll(() => isInSight(card('Send mail').getByRole('button', { name: 'Approve' }))).toBe(true)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
      await page.evaluate(axe.source)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
        expect(violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
      }
    },
  )
})
