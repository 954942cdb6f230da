import { describe, expect, it } from 'vitest'
import { FINISHED, STARTED } from '../../test/chat-kit.ts'
import { manualConnection, text, toolCall } from '../../testing/index.ts'
import type { ClientTool } from '../tool/tool.ts'
import { testTabs, type TestTab } from './test-kit.ts'

const shown = (tabs: readonly TestTab[]) => tabs.map((tab) => `${tab.where()}: ${tab.shown()}`)
const all = (count: number, what: string) => Array.from({ length: count }, () => what)

/** Six tabs, and a question that the model answers with a call of a client tool. */
async function called(tool: Omit<ClientTool, 'name'>, count = 6) {
  const connection = manualConnection()
  const kit = testTabs(connection, { tools: [{ name: 'look', ...tool }] as never })
  const tabs = Array.from({ length: count }, () => kit.open())
  await kit.calm()
  const turn = tabs[1]!.chat.sendMessage({ content: 'Q', id: 'Q' })
  await kit.calm()
  await connection.run.push(STARTED, ...toolCall('c', 'look', {}), FINISHED)
  await connection.run.close()
  await kit.calm()
  return { connection, tabs, turn, ...kit }
}
function manualWork() {
  const ends: ((output: unknown) => void)[] = []
  return { ends, execute: () => new Promise<unknown>((resolve) => ends.push(resolve)) }
}

describe('a client tool', () => {
  it('runs once in six tabs, and all go on with its result, over one connection', async () => {
    const { ends, execute } = manualWork()
    const { browser, connection, tabs, turn, calm } = await called({ execute })
    expect(ends).toHaveLength(1)
    expect(new Set(shown(tabs))).toEqual(new Set(['tool-calling/local: Q {look:executing}']))
    ends[0]!('fine')
    await calm()
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.context.parentRunId).toBe(connection.runs[0]!.context.runId)
    await connection.run.push(STARTED, ...text('b', 'B'), FINISHED)
    await connection.run.close()
    await calm()
    expect(shown(tabs)).toEqual(all(6, 'idle/ready: Q {look:complete}B'))
    expect(browser.wanted()).toEqual([])
    for (const { chat, log } of tabs) {
      expect(chat.getSnapshot().messages).toEqual(tabs[0]!.chat.getSnapshot().messages)
      expect(log).toEqual(['onFinish {look:complete}B (idle)'])
    }
    expect((await turn).outcome).toBe('finished')
  })
  it('is not run again when its tab is closed; the model is told', async () => {
    const { ends, execute } = manualWork()
    const { browser, connection, tabs, calm } = await called({ execute }, 3)
    expect(ends).toHaveLength(1)
    const owner = tabs[browser.holder(/^statechat:t:/)]!
    owner.kill()
    await calm()
    expect(ends).toHaveLength(1)
    expect(connection.runs).toHaveLength(2)
    const left = tabs.filter((tab) => tab !== owner)
    expect(shown(left)).toEqual(all(2, 'streaming/connecting: Q {look:error}'))
  })
  it('that a person answers can be answered in any tab', async () => {
    const { connection, tabs, calm } = await called({}, 3)
    tabs[2]!.chat.addToolResult({ toolCallId: 'c', output: 'seen' })
    await calm()
    expect(connection.runs).toHaveLength(2)
    expect(shown(tabs)).toEqual(all(3, 'streaming/connecting: Q {look:complete}'))
  })
  it('that waits for an answer is left by stop in all tabs', async () => {
    const { connection, tabs, calm } = await called({}, 3)
    void tabs[0]!.chat.stop()
    await calm()
    expect(connection.runs).toHaveLength(1)
    expect(shown(tabs)).toEqual(all(3, 'stopped: Q {look:cancelled}'))
  })
  it('whose answer is waited for is waited for in a tab that comes then', async () => {
    const { connection, tabs, open, calm } = await called({}, 2)
    const late = open()
    await calm()
    expect(shown([late])).toEqual(['tool-calling/local: Q {look:input-complete}'])
    late.chat.addToolResult({ toolCallId: 'c', output: 'seen' })
    await calm()
    expect(connection.runs).toHaveLength(2)
    await connection.run.push(STARTED, ...text('b', 'B'), FINISHED)
    await connection.run.close()
    await calm()
    expect(shown([...tabs, late])).toEqual(all(3, 'idle/ready: Q {look:complete}B'))
  })
})

describe('an approval', () => {
  it('that is given in one tab counts in all', async () => {
    const { ends, execute } = manualWork()
    const { connection, tabs, calm } = await called({ execute, needsApproval: true }, 4)
    expect(shown(tabs)).toEqual(all(4, 'tool-calling/local: Q {look:approval-requested}'))
    await tabs[3]!.chat.approve('c')
    await calm()
    expect(ends).toHaveLength(1)
    ends[0]!('fine')
    await calm()
    expect(connection.runs).toHaveLength(2)
    expect(shown(tabs)).toEqual(all(4, 'streaming/connecting: Q {look:complete}'))
  })
  it('that is denied in one tab is denied in all', async () => {
    const { connection, tabs, calm } = await called({ execute: () => 'never', needsApproval: true }, 3)
    tabs[0]!.chat.deny('c', 'no')
    await calm()
    expect(connection.runs).toHaveLength(2)
    expect(shown(tabs)).toEqual(all(3, tabs[0]!.where() + ': ' + tabs[0]!.shown()))
    for (const { log } of tabs) expect(log).toEqual([])
  })
})

describe('a question of the server', () => {
  it('that is answered in one tab is answered in all', async () => {
    const connection = manualConnection()
    const { open, calm } = testTabs(connection)
    const tabs = [open(), open(), open()]
    await calm()
    void tabs[0]!.chat.sendMessage({ content: 'Q', id: 'Q' })
    await calm()
    await connection.run.push(STARTED, ...text('a', 'A'), {
      ...FINISHED,
      outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'input_required' }] },
    } as never)
    await connection.run.close()
    await calm()
    expect(shown(tabs)).toEqual(all(3, 'tool-calling/local: Q A<interrupt open>'))
    await tabs[2]!.chat.resolveInterrupt('i', { yes: true })
    await calm()
    expect(connection.runs).toHaveLength(2)
    expect(connection.run.context.resume).toMatchObject([{ interruptId: 'i', status: 'resolved', payload: { yes: true } }])
    expect(shown(tabs)).toEqual(all(3, 'streaming/connecting: Q A<interrupt resolved>'))
  })
})
