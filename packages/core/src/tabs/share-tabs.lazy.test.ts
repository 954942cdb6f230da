/** Tabs of one browser, of which one was just opened: the code for calls and questions is fetched when another tab has told of one. */
import { expect, it, onTestFinished, vi } from 'vitest'
import type { UIMessage } from '../transcript/message.ts'
import { testBrowser } from './test-kit.ts'

const SILENT = {
  async *connect() {
    throw new Error('Nothing is asked here.')
  },
}

/** A tab with the library as a page has it that was just opened. `held`: until then the code for parts that are no text does not come. */
async function openPage(browser: ReturnType<typeof testBrowser>, { held }: { held?: Promise<void> } = {}) {
  vi.resetModules()
  if (held) {
    vi.doMock('../transcript/rich-parts.ts', async (original) => {
      await held
      return original()
    })
    onTestFinished(() => void vi.doUnmock('../transcript/rich-parts.ts'))
  }
  const { createChat, preload } = await import('../index.ts')
  const { shareTabs } = await import('./share-tabs.ts')
  const { answering } = await import('../session/answering.ts')
  const { tabs, locks } = browser.openTab(shareTabs)
  const warnings: string[] = []
  const chat = createChat({ threadId: 't', connection: SILENT, tabs, locks, onWarning: ({ message }) => warnings.push(message) })
  onTestFinished(() => chat.dispose())
  chat.attach()
  const states = () =>
    chat.getSnapshot().messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? [`${part.id}: ${part.state}`] : [])))
  return { chat, preload, answering, warnings, states }
}

const asked: UIMessage = { id: 'q', role: 'user', parts: [{ type: 'text', content: 'Mail them.' }] }
const mail = (id: string): UIMessage['parts'][number] => ({
  type: 'tool-call',
  id,
  name: 'mail',
  arguments: '{}',
  input: {},
  state: 'approval-requested',
  approval: { id: `${id}?`, needsApproval: true, askedBy: 'server' },
})
const waiting: UIMessage = { id: 'a', role: 'assistant', parts: [mail('Ann'), mail('Bob')] }

/** A tab with two open questions, and one that is opened beside it. */
async function twoTabs(options?: Parameters<typeof openPage>[1]) {
  const browser = testBrowser()
  const old = await openPage(browser)
  await old.preload()
  old.chat.setMessages([asked, waiting])
  const fresh = await openPage(browser, options)
  await vi.waitFor(() => expect(fresh.states()).toEqual(['Ann: approval-requested', 'Bob: approval-requested']))
  return { browser, old, fresh }
}

it('a tab that was just opened waits for the answers to the questions that it is told of', async () => {
  const { old, fresh } = await twoTabs()
  await vi.waitFor(() => expect(fresh.chat.getSnapshot()).toMatchObject({ status: 'tool-calling', phase: 'local' }))
  await old.chat.approve('Ann?')
  await vi.waitFor(() => expect(fresh.states()).toEqual(['Ann: approval-responded', 'Bob: approval-requested']))
  expect(fresh.warnings).toEqual([])
})

it('an answer that another tab gives while half of the code is here is taken when all of it is', async () => {
  let release = () => {}
  const { browser, old, fresh } = await twoTabs({ held: new Promise((resolve) => (release = resolve)) })
  await fresh.answering.load()
  await old.chat.approve('Ann?')
  await browser.calm()
  expect(fresh.states()).toEqual(['Ann: approval-requested', 'Bob: approval-requested'])
  release()
  await vi.waitFor(() => expect(fresh.states()).toEqual(['Ann: approval-responded', 'Bob: approval-requested']))
  expect(fresh.warnings).toEqual([])
})
