import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { chatTest, FINISHED, opening, STARTED, user } from '../../test/chat-kit.ts'
import { manualConnection, settled, text } from '../../testing/index.ts'
import { shareTabs } from './share-tabs.ts'
import { testServer } from './server.test-kit.ts'
import { testBrowser, testTabs } from './test-kit.ts'

describe('a chat with tabs', () => {
  it('says nothing when it is alone but that it has come', async () => {
    const connection = manualConnection()
    const { browser, open, calm } = testTabs(connection)
    const { chat, shown } = open()
    void chat.sendMessage('Q')
    await calm()
    await connection.run.push(STARTED, ...text('a', 'A'), FINISHED)
    await connection.run.close()
    await calm()
    expect(shown()).toBe('Q A')
    expect(browser.posted).toMatchObject([{ message: { type: 'hello' } }])
  })
  it('holds the lock of the run as long as there is one, and leaves nothing behind', async () => {
    const { connection, run } = testServer()
    const { browser, open, calm } = testTabs(connection)
    const tabs = [open(), open(), open()]
    await calm()
    expect(browser.held().sort()).toEqual(tabs.map((_, i) => `statechat:tab:t:tab${i}-1`))
    void tabs[0]!.chat.sendMessage('Q')
    await calm()
    await run().push(...opening('a', 'A'))
    await calm()
    expect(browser.held()).toContain('statechat:run:t')
    expect(browser.wanted()).toEqual(['statechat:run:t', 'statechat:run:t'])
    await run().push({ type: 'TEXT_MESSAGE_END', messageId: 'a' }, FINISHED)
    await run().close()
    await calm()
    expect(browser.held()).not.toContain('statechat:run:t')
    expect(browser.wanted()).toEqual([])
    void tabs[1]!.chat.sendMessage('Q2')
    void tabs[2]!.chat.sendMessage('Q3')
    await calm()
    for (const { chat } of tabs) chat.dispose()
    await calm()
    expect([browser.held(), browser.wanted(), browser.channels()]).toEqual([[], [], 0])
  })
  it('that is shown again after dispose goes together with the others again', async () => {
    const connection = manualConnection()
    const { open, calm } = testTabs(connection)
    const [a, b] = [open(), open()]
    await calm()
    a.chat.dispose()
    await calm()
    void b.chat.sendMessage({ content: 'Q', id: 'Q' })
    await calm()
    expect(a.shown()).toBe('')
    a.chat.attach()
    await calm()
    expect(a.shown()).toBe('Q')
  })
  it('on a server, and in a browser without channels or locks, is on its own', async () => {
    const seen = chatTest({ tabs: shareTabs(), threadId: 't' })
    await seen.ask('Q')
    await seen.answer('a', 'A')
    expect(seen.shown()).toBe('Q A')
    const { browser } = testTabs(manualConnection())
    expect(browser.channels()).toBe(0)
  })
  it('on a page of an opaque origin, whose locks refuse, is on its own', async () => {
    const refuse = { request: async () => Promise.reject(new DOMException('Not here.', 'SecurityError')) }
    const seen = chatTest({
      tabs: shareTabs({ openChannel: () => ({ postMessage() {}, onmessage: null, close() {} }), locks: refuse }),
      locks: refuse,
    })
    await seen.ask('Q')
    await seen.answer('a', 'A')
    expect([seen.shown(), seen.where()]).toEqual(['Q A', 'idle/ready'])
  })
  it('does not hear what is no message of a tab', async () => {
    const connection = manualConnection()
    const { browser, open, calm } = testTabs(connection, { initialMessages: [user('Q')] })
    const { shown, log, where } = open()
    await calm()
    const run = { runId: 'r', parentRunId: null, mode: 'reply', tip: null, fallback: null, steps: 0 }
    const thread = { messages: [], head: null, state: undefined }
    const messages = [
      { type: 'run', version: { count: -1, author: 'z' }, run, thread, why: 'begun' },
      { type: 'run', version: { count: 9, author: 'z' }, run: { ...run, mode: 'sideways' }, thread, why: 'begun' },
      { type: 'run', version: { count: 9, author: 'z' }, run, thread: { ...thread, messages: [{ id: 'x' }] }, why: 'begun' },
      { type: 'thread', version: { count: 9, author: 'z' }, thread: { ...thread, messages: 'all' }, why: 'told' },
      { type: 'thread', version: { count: NaN, author: 'z' }, thread, why: 'told' },
      { type: 'chunks', runId: 'r', at: 0, chunks: [null], cursor: null },
      { type: 'end', runId: 'r', at: 0, end: 'soon' },
      { type: 'event', event: { type: 'user.clear' } },
      { type: 'stop' },
      { type: 'ask', runId: 7, at: 'x' },
      { type: 'nonsense' },
      { type: 'thread', version: 9, thread, why: 'replaced' },
      null,
    ]
    for (const message of messages) browser.say('statechat:t', { form: 1, from: 'somebody', message })
    for (const data of [
      null,
      7,
      'hello',
      {},
      { form: 2, from: 'somebody', message: { type: 'thread', version: { count: 9, author: 'z' }, thread, why: 'replaced' } },
    ])
      browser.say('statechat:t', data)
    await calm()
    expect([where(), shown(), log]).toEqual(['idle/ready', 'Q', []])
  })
  it('hears chunks and ends of runs that nobody has, and goes on', async () => {
    const connection = manualConnection()
    const { browser, open, calm } = testTabs(connection)
    const { chat, shown } = open()
    await calm()
    const say = (message: unknown) => browser.say('statechat:t', { form: 1, from: 'somebody', message })
    say({ type: 'chunks', runId: 'r', at: 3, chunks: [], cursor: null })
    say({ type: 'end', runId: 'r', at: 3, end: { how: 'closed' } })
    say({ type: 'ask', runId: 'r', at: 0 })
    say({ type: 'stop', runId: 'r' })
    say({ type: 'event', event: { type: 'tool.result', result: { type: 'tool-result', toolCallId: 'c', content: '', state: 'complete' } } })
    void chat.sendMessage('Q')
    await calm()
    await connection.run.push(STARTED, ...text('a', 'A'), FINISHED)
    await connection.run.close()
    await calm()
    expect(shown()).toBe('Q A')
  })
  it('sends what cannot be cloned as JSON has it', async () => {
    const connection = manualConnection()
    const { open, calm } = testTabs(connection)
    const [a, b] = [open(), open()]
    await calm()
    a.chat.setMessages([{ id: 'm', role: 'user', parts: [{ type: 'text', content: 'M' }], metadata: { seen: () => true } }])
    await calm()
    expect(b.shown()).toBe('M')
  })
  it('gives a page that is put away back to the others, and comes again with it', async () => {
    const listeners = new Map<string, (event: { persisted: boolean }) => void>()
    vi.stubGlobal('window', {
      addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
      removeEventListener: (name: string) => listeners.delete(name),
    })
    onTestFinished(() => void vi.unstubAllGlobals())
    const browser = testBrowser()
    const { tabs, locks } = browser.openTab()
    const { chat } = chatTest({ tabs, locks, threadId: 't' })
    chat.attach()
    await settled()
    listeners.get('pagehide')!({ persisted: true })
    await browser.calm()
    expect([browser.held(), browser.channels()]).toEqual([[], 0])
    listeners.get('pageshow')!({ persisted: true })
    await browser.calm()
    expect([browser.held().length, browser.channels()]).toEqual([1, 1])
    chat.dispose()
    await browser.calm()
    expect([browser.held(), browser.channels(), listeners.size]).toEqual([[], 0, 0])
  })
})
