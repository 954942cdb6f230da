import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FINISHED, opening } from '../../test/chat-kit.ts'
import type { Chunk } from '../protocol/chunk.ts'
import { testServer } from './server.test-kit.ts'
import { testTabs, type TestTab } from './test-kit.ts'

type Act = 'send' | 'reload' | 'stop' | 'push' | 'finish' | 'open' | 'close' | 'kill' | 'clear' | 'calm' | 'settle'
const act = fc.tuple(
  fc.constantFrom<Act[]>(
    'send',
    'send',
    'send',
    'reload',
    'stop',
    'push',
    'push',
    'push',
    'finish',
    'finish',
    'open',
    'close',
    'kill',
    'clear',
    'calm',
    'calm',
  ),
  fc.nat({ max: 3 }),
)

/** Plays what happens, then lets every run end, and gives what there is. */
async function play(acts: readonly (readonly [Act, number])[], lag: number) {
  const server = testServer()
  const { open, calm, browser } = testTabs(server.connection, {}, lag)
  let tabs: TestTab[] = [open(), open(), open()]
  let said = 0
  let asked = 0
  /** What each run has said. */
  const texts = new Map<string, string[]>()
  const finished = new Set<string>()
  await calm()

  async function push() {
    const run = server.runs().findLast(({ runId }) => !finished.has(runId))
    if (!run) return
    const { runId } = run
    const words = texts.get(runId) ?? []
    const word = `<${++said}>`
    texts.set(runId, [...words, word])
    const messageId = `m-${runId}`
    await run.push(...(words.length === 0 ? opening(messageId, word) : [{ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: word } as Chunk]))
  }
  async function finish() {
    const run = server.runs().findLast(({ runId }) => !finished.has(runId))
    if (!run) return
    if (!texts.has(run.runId)) await push()
    finished.add(run.runId)
    await run.push({ type: 'TEXT_MESSAGE_END', messageId: `m-${run.runId}` }, FINISHED)
    await run.close()
  }
  async function step([what, index]: readonly [Act, number]) {
    const tab = tabs[index % Math.max(tabs.length, 1)]
    if (what === 'open' && tabs.length < 4) tabs.push(open())
    else if (what === 'push') await push()
    else if (what === 'finish') await finish()
    else if (what === 'calm') await calm()
    if (!tab) return
    if (what === 'send') void tab.chat.sendMessage({ content: `Q${++asked}`, id: `Q${asked}` })
    else if (what === 'reload') void tab.chat.reload()
    else if (what === 'stop') void tab.chat.stop()
    else if (what === 'clear') tab.chat.clear()
    else if ((what === 'close' || what === 'kill') && tabs.length > 1) {
      if (what === 'close') tab.chat.dispose()
      else tab.kill()
      tabs = tabs.filter((each) => each !== tab)
    }
  }
  for (const each of acts) {
    await step(each)
    expect(server.mostOpen()).toBeLessThanOrEqual(1)
  }
  await calm()
  for (let left = 40; left > 0 && tabs.some(({ chat }) => chat.getSnapshot().isLoading); left--) {
    await finish()
    await calm()
  }
  return { tabs, texts, server, browser, asked }
}

describe('random tabs', () => {
  it('have one connection, the same conversation, and each word once', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 24 }), fc.constantFrom(1, 4), async (acts, lag) => {
        const { tabs, texts, server, browser } = await play(acts, lag)
        expect(tabs.map(({ where }) => where().replace(/ready|null/, ''))).not.toContain('streaming')
        for (const { chat } of tabs) {
          expect(chat.getSnapshot().isLoading).toBe(false)
          expect(chat.getSnapshot().messages).toEqual(tabs[0]!.chat.getSnapshot().messages)
          for (const { id, parts, role } of chat.getSnapshot().messages) {
            if (role !== 'assistant') continue
            const said = (texts.get(id.slice(2)) ?? []).join('')
            const shown = parts.map((part) => (part.type === 'text' ? part.content : '')).join('')
            // One that was stopped may have missed the last words, but none in between.
            expect(said.startsWith(shown) && shown !== '').toBe(true)
          }
        }
        expect(server.mostOpen()).toBeLessThanOrEqual(1)
        expect(server.open()).toBe(0)
        expect(browser.wanted()).toEqual([])
        expect(browser.held().filter((name) => !name.startsWith('statechat:tab:'))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
