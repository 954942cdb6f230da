import { createChat, type MessagePart, syncScheduler, type UIMessage } from '@statechat/core'
import { manualConnection, text, toolResult } from '@statechat/core/testing'
import { expect } from 'vitest'
import { manualLocks } from '../manual-locks.ts'
import { manualTool } from '../manual-tool.ts'
import { FINISHED, owned, show, STARTED, user } from '../page.ts'
import { resultsIn } from '../request.ts'
import type { Scenario } from '../scenario.ts'
import { timers } from '../watch.ts'

const stored = (...parts: MessagePart[]): UIMessage[] => [user('u1', 'Go'), { id: 'a1', role: 'assistant', parts }]
const call = (id: string, state: 'input-complete' | 'approval-requested' | 'executing', more: object = {}): MessagePart => ({
  type: 'tool-call',
  id,
  name: 'work',
  arguments: '{"n":1}',
  state,
  input: { n: 1 },
  ...more,
})
const asking = (id: string, more: object = {}) => call(id, 'approval-requested', { approval: { id: `i-${id}`, needsApproval: true, ...more } })

/** Conversations that were stored in the middle of a turn. */
export const restored: Scenario[] = [
  {
    title: 'a stored call of a client tool without a result runs when the chat is shown, and the turn goes on in the same message',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool], initialMessages: stored(call('c1', 'input-complete')) }))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', lines: ['user: Go', 'assistant: work({"n":1}) executing'] })
      tool.call.end('done')
      await page.flush()
      expect(resultsIn(connection.run)).toEqual(['c1 = done'])
      await page.answer(connection.run, 'm2', 'There.')
      expect(page.shown).toMatchObject({
        status: 'idle',
        lines: ['user: Go', 'assistant: work({"n":1}) complete = "done" There.'],
        ids: ['u1', 'a1'],
      })
      expect(tool.calls).toHaveLength(1)
    },
  },
  {
    title: 'a stored call that has its result never runs again, also when its view is mounted twice and the next question is asked',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const initialMessages = stored(
        { type: 'tool-call', id: 'c1', name: 'work', arguments: '{}', state: 'complete', input: {}, output: 'done' },
        { type: 'tool-result', toolCallId: 'c1', content: 'done', state: 'complete' },
      )
      const page = await show(harness, owned(connection, { tools: [tool.tool], initialMessages }), { twice: true })
      await timers()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', phase: 'ready', lines: ['user: Go', 'assistant: work({}) complete = "done"'] })
      expect(connection.runs).toHaveLength(0)
      await page.ask('And?')
      await page.answer(connection.run, 'm2', 'Nothing.')
      expect(tool.calls).toHaveLength(0)
    },
  },
  {
    title: 'race 21: a stored call runs once, also when two views show its chat and both are mounted twice',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const initialMessages = stored(call('c1', 'input-complete'))
      const chat = createChat({ connection, scheduler: syncScheduler, tools: [tool.tool], initialMessages })
      const page = await show(harness, { chat }, { views: 2, twice: true })
      const other = await show(harness, { chat })
      await timers()
      await page.flush()
      await other.flush()
      expect(tool.calls).toHaveLength(1)
      expect(tool.call.signal.aborted).toBe(false)
      tool.call.end('done')
      await page.flush()
      await other.flush()
      expect(connection.runs).toHaveLength(1)
      expect(other.shown.lines.at(-1)).toBe('assistant: work({"n":1}) complete = "done"')
      expect(page.view(1)).toEqual(other.shown)
    },
  },
  {
    title: 'a stored call runs in one of the tabs that show its conversation',
    async run(harness) {
      const tool = manualTool('work')
      const locks = manualLocks()
      const connection = manualConnection()
      const tab = () =>
        show(harness, owned(connection, { threadId: 't1', locks, tools: [tool.tool], initialMessages: stored(call('c1', 'input-complete')) }))
      const [one, two] = [await tab(), await tab()]
      await one.flush()
      await two.flush()
      expect(tool.calls).toHaveLength(1)
      tool.call.end('done')
      await one.flush()
      expect(one.shown.status).toBe('streaming')
      expect(connection.runs).toHaveLength(1)
      expect(two.shown.lines.at(-1)).toBe('assistant: work({"n":1}) input-complete')
    },
  },
  {
    title: 'a stored call that was running when its page was closed is not run again: nobody knows what it did, and the model is told so',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool], initialMessages: stored(call('c1', 'executing')) }))
      await page.flush()
      expect(tool.calls).toHaveLength(0)
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: work\({"n":1}\) error ! .*closed/)
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*closed/)])
    },
  },
  {
    title: 'a stored question to a client tool is asked again; yes runs the tool, and the turn goes on',
    async run(harness) {
      const tool = manualTool('work', { needsApproval: true })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool], initialMessages: stored(asking('c1')) }))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', lines: ['user: Go', 'assistant: work({"n":1}) approval-requested'] })
      expect(tool.calls).toHaveLength(0)
      await page.act.approve('c1')
      await page.flush()
      tool.call.end('done')
      await page.flush()
      expect(resultsIn(connection.run)).toEqual(['c1 = done'])
      await page.answer(connection.run, 'm2', 'There.')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Go', 'assistant: work({"n":1}) complete = "done" There.'] })
    },
  },
  {
    title: 'a stored call that needs approval and was not asked about is asked about, and not run',
    async run(harness) {
      const tool = manualTool('work', { needsApproval: true })
      const page = await show(harness, owned(manualConnection(), { tools: [tool.tool], initialMessages: stored(call('c1', 'input-complete')) }))
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: work({"n":1}) approval-requested')
      expect(tool.calls).toHaveLength(0)
    },
  },
  {
    title: 'stored questions of the server are asked again when the messages have been read, and the answers go back with the next request',
    async run(harness) {
      let arrive!: (messages: UIMessage[]) => void
      const reading = new Promise<UIMessage[]>((resolve) => (arrive = resolve))
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: () => reading }))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', phase: 'restoring' })
      arrive(stored(asking('c1', { askedBy: 'server' }), { type: 'interrupt', id: 'i2', reason: 'when', state: 'open' }))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', interrupts: ['when open'] })
      expect(page.shown.lines.at(-1)).toBe('assistant: work({"n":1}) approval-requested when open')
      page.act.deny('c1')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', interrupts: ['when open'] })
      expect(connection.runs).toHaveLength(0)
      await page.act.resolveInterrupt('i2', 'now')
      await page.flush()
      expect(connection.run.context.input.resume).toEqual([
        { interruptId: 'i-c1', status: 'resolved', payload: { approved: false } },
        { interruptId: 'i2', status: 'resolved', payload: 'now' },
      ])
      await page.answer(connection.run, 'm2', 'Fine.')
      expect(page.shown).toMatchObject({ status: 'idle', interrupts: [] })
    },
  },
  {
    title: 'a stored yes that the server did not get goes back when the chat is shown, and the server’s result is shown',
    async run(harness) {
      const connection = manualConnection()
      const said = { id: 'i1', needsApproval: true, approved: true, askedBy: 'server' }
      const page = await show(
        harness,
        owned(connection, { initialMessages: stored(call('c1', 'input-complete', { state: 'approval-responded', approval: said })) }),
      )
      await page.flush()
      expect(connection.runs).toHaveLength(1)
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i1', status: 'resolved', payload: { approved: true } }])
      await page.push(connection.run, STARTED, toolResult('c1', 'gone'), ...text('m2', 'Done'), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle' })
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: work\({"n":1}\) complete .*= "gone" Done$/)
    },
  },
  {
    title: 'a stored turn is finished before a question that was asked while the messages were being read',
    async run(harness) {
      let arrive!: (messages: UIMessage[]) => void
      const reading = new Promise<UIMessage[]>((resolve) => (arrive = resolve))
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool], initialMessages: () => reading }))
      await page.ask('And then?')
      expect(page.shown).toMatchObject({ phase: 'restoring', queue: ['And then?'] })
      arrive(stored(call('c1', 'input-complete')))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', queue: ['And then?'], lines: ['user: Go', 'assistant: work({"n":1}) executing'] })
      tool.call.end('done')
      await page.flush()
      await page.answer(connection.run, 'm2', 'There.')
      expect(page.shown).toMatchObject({ status: 'streaming', queue: [] })
      expect(page.shown.lines).toEqual(['user: Go', 'assistant: work({"n":1}) complete = "done" There.', 'user: And then?'])
    },
  },
  {
    title: 'messages that are set with an open question wait for its answer, and the turn goes on',
    async run(harness) {
      const tool = manualTool('work', { needsApproval: true })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      page.act.setMessages(stored(asking('c1')))
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Go', 'assistant: work({"n":1}) approval-requested'])
      await page.act.approve('c1')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', lines: ['user: Go', 'assistant: work({"n":1}) executing'] })
      tool.call.end('done')
      await page.flush()
      expect(resultsIn(connection.run)).toEqual(['c1 = done'])
      await page.answer(connection.run, 'm2', 'There.')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Go', 'assistant: work({"n":1}) complete = "done" There.'] })
    },
  },
  {
    title: 'a stored call of nobody’s tool is shown as it is, and asks for nothing',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: stored(call('c1', 'input-complete')) }))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', phase: 'ready', lines: ['user: Go', 'assistant: work({"n":1}) input-complete'] })
      await page.ask('And?')
      expect(resultsIn(connection.run)).toHaveLength(1)
    },
  },
  {
    title: 'race 21: a stored call runs to its end in the view that stays, when a view of the same conversation was there a moment before',
    async run(harness) {
      const tool = manualTool('work')
      const options = { threadId: 't1', locks: manualLocks(), tools: [tool.tool], initialMessages: stored(call('c1', 'input-complete')) }
      const page = await show(harness, owned(manualConnection(), options), { twice: true })
      await timers()
      await page.flush()
      const running = tool.calls.filter(({ signal }) => !signal.aborted)
      expect(running).toHaveLength(1)
      expect(page.shown.lines.at(-1)).toBe('assistant: work({"n":1}) executing')
      running[0]!.end('done')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: work({"n":1}) complete = "done"')
    },
  },
]
