import { ChatError, type Chunk } from '@statechat/core'
import { manualConnection, run, text, toolCall } from '@statechat/core/testing'
import { expect } from 'vitest'
import { assistant, delta, FINISHED, opening, owned, show, STARTED, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'
import { isSettled, timers } from '../watch.ts'

/** Runs that cross; the numbers are those of the list of races. */
export const runs: Scenario[] = [
  {
    title: 'race 1: reload in the middle of a fast stream shows the new answer alone, and the old one is a branch beside it',
    async run(harness) {
      const connection = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(connection))
      await page.ask('Q')
      const old = connection.run
      await page.push(old, ...opening('a1', 'old'))
      void old.push(delta('a1', ' buffered'), delta('a1', ' text'))
      void page.act.reload()
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Q'])
      await page.push(old, delta('a1', ' late'))
      await page.answer(connection.run, 'a2', 'new')
      await page.push(old, delta('a1', ' later'), FINISHED)
      await page.close(old)
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Q', 'assistant: new'] })
      expect(page.act.branches('a2').map(({ id }) => id)).toEqual(['a1', 'a2'])
    },
  },
  {
    title: 'race 2: after stop no text arrives and onFinish is not called, also for what was received and not yet applied',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(connection, { onFinish: () => heard.push('finish'), onChunk: ({ type }) => heard.push(type) }))
      await page.ask('Q')
      await page.push(connection.run, ...opening('a', 'one'))
      heard.length = 0
      void connection.run.push(delta('a', ' two'), ...text('a').slice(1), FINISHED)
      void connection.run.close()
      page.act.stop()
      await page.flush()
      await timers()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', lines: ['user: Q', 'assistant: one'] })
      expect(heard).toEqual([])
    },
  },
  {
    title: 'race 3: after stop and a new question at once, the status is that of the new run only',
    async run(harness) {
      const connection = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(connection))
      await page.ask('Q1')
      const old = connection.run
      await page.push(old, ...opening('a1', 'half'))
      page.act.stop()
      await page.ask('Q2')
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting' })
      await page.push(old, delta('a1', ' late'), FINISHED)
      await page.close(old)
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting', isLoading: true })
      await page.answer(connection.run, 'a2', 'A2')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Q1', 'assistant: half', 'user: Q2', 'assistant: A2'] })
    },
  },
  {
    title: 'race 4: two questions in one tick make one request; the second waits, and is answered after the first',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      const first = page.act.sendMessage('One')
      const second = page.act.sendMessage('Two')
      await page.flush()
      expect(connection.runs).toHaveLength(1)
      expect(page.shown).toMatchObject({ lines: ['user: One'], queue: ['Two'] })
      await page.answer(connection.run, 'm1', 'Uno')
      expect(await first).toMatchObject({ outcome: 'finished', message: { id: 'm1' } })
      expect([connection.runs.length, connection.open]).toEqual([2, 1])
      await page.answer(connection.run, 'm2', 'Dos')
      expect(await second).toMatchObject({ outcome: 'finished', message: { id: 'm2' } })
      expect(page.shown).toMatchObject({ queue: [], lines: ['user: One', 'assistant: Uno', 'user: Two', 'assistant: Dos'] })
    },
  },
  {
    title: 'race 5: a connection that ignores its abort signal is stopped at once, and its late chunks are dropped',
    async run(harness) {
      const connection = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(connection))
      const turn = page.act.sendMessage('Q')
      await page.flush()
      page.act.stop()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', isLoading: false })
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      await page.push(connection.run, ...opening('a', 'late'))
      await page.push(connection.run, delta('a', ' and later'), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'stopped', lines: ['user: Q'] })
    },
  },
  {
    title: 'race 6: an answer to a tool call that comes after stop starts no request',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'where' }] }))
      await page.ask('Where am I?')
      await page.push(connection.run, ...run(toolCall('c1', 'where', {})))
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', isLoading: true })
      page.act.stop()
      page.act.addToolResult({ toolCallId: 'c1', output: 'Oslo' })
      await page.flush()
      await timers()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', isLoading: false })
      expect(connection.runs).toHaveLength(1)
    },
  },
  {
    title: 'race 10: two runs on one response are one turn: no idle between them, one onFinish, all text',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { onFinish: (message) => heard.push(message?.id ?? '') }))
      await page.ask('Q')
      await page.push(connection.run, STARTED, ...text('a', 'First.'), FINISHED)
      expect(page.shown).toMatchObject({ status: 'streaming', isLoading: true })
      await page.push(connection.run, ...opening('b', 'Sec'))
      await page.push(connection.run, delta('b', 'ond.'), ...text('b').slice(1), FINISHED)
      expect(heard).toEqual([])
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Q', 'assistant: First. Second.'] })
      expect(heard).toHaveLength(1)
    },
  },
  {
    title: 'race 14: an error before any content leaves no empty message',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Hello')
      await page.push(connection.run, STARTED, { type: 'TEXT_MESSAGE_START', messageId: 'm1' })
      await page.push(connection.run, { type: 'RUN_ERROR', message: 'No' })
      expect(page.shown).toMatchObject({ status: 'error', error: 'server', lines: ['user: Hello'], ids: page.shown.ids.slice(0, 1) })
    },
  },
  {
    title: 'race 15: stop in the middle of tool arguments shows a cancelled call, and the next request answers it',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      const begun: Chunk[] = [
        STARTED,
        { type: 'TOOL_CALL_START', toolCallId: 'cut', toolCallName: 'ask' },
        { type: 'TOOL_CALL_ARGS', toolCallId: 'cut', delta: '{"n":1,"te' },
      ]
      await page.ask('Q1')
      await page.push(connection.run, ...begun)
      expect(page.shown.lines.at(-1)).toBe('assistant: ask({"n":1}) input-streaming')
      page.act.stop()
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: ask() cancelled')
      await page.ask('Q2')
      const { messages } = connection.run.context.input
      expect(messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))).toEqual(['cut'])
    },
  },
  {
    title: 'race 16: a reload that fails brings the old answer back',
    async run(harness) {
      for (const arrived of [[], opening('a2', 'half')]) {
        const connection = manualConnection()
        const page = await show(harness, owned(connection, { initialMessages: [user('u1', 'Hello'), assistant('a1', 'Hi')] }))
        void page.act.reload()
        await page.flush()
        expect(page.shown.lines).toEqual(['user: Hello'])
        if (arrived.length > 0) await page.push(connection.run, ...arrived)
        await connection.run.fail(new ChatError('http', '500', { status: 500 }))
        await page.flush()
        expect(page.shown).toMatchObject({ status: 'error', error: 'http', lines: ['user: Hello', 'assistant: Hi'] })
        await page.unmount()
      }
    },
  },
  {
    title: 'race 28: setMessages while an answer streams stops the run and shows the new messages, and nothing comes after',
    async run(harness) {
      const connection = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(connection))
      const turn = page.act.sendMessage('Hello')
      await page.flush()
      await page.push(connection.run, ...opening('m1', 'Hi'))
      page.act.setMessages((messages) => [...messages.slice(0, 1), assistant('a9', 'Edited')])
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Edited'] })
      expect(connection.run.signal.aborted).toBe(true)
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      await page.push(connection.run, delta('m1', ' late'), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Edited'] })
    },
  },
  {
    title: 'race 29: the promise of a question that waits follows its own turn, and an error keeps the question in the queue',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('One')
      const second = page.act.sendMessage('Two')
      await page.flush()
      expect(await isSettled(second)).toBe(false)
      await connection.run.fail(new ChatError('network', 'gone'))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'error', queue: ['Two'] })
      expect(await isSettled(second)).toBe(false)
      page.act.resumeQueue()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', queue: [], lines: ['user: One', 'user: Two'] })
      expect(await isSettled(second)).toBe(false)
      await page.answer(connection.run, 'm2', 'Dos')
      expect(await second).toMatchObject({ outcome: 'finished', message: { id: 'm2' } })
    },
  },
]
