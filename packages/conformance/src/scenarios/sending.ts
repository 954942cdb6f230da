import { manualConnection, run, scriptedConnection, text, toolCall } from '@statechat/core/testing'
import { ChatError, type UIMessage } from '@statechat/core'
import { expect } from 'vitest'
import { assistant, delta, FINISHED, opening, owned, show, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'

/** What a person does with one chat. */
export const sending: Scenario[] = [
  {
    title: 'a chat begins idle and empty, and asks for nothing',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { threadId: 't1' }))
      await page.flush()
      expect(page.shown).toEqual({
        status: 'idle',
        phase: 'ready',
        isLoading: false,
        isReplaying: false,
        error: '',
        threadId: 't1',
        lines: [],
        ids: [],
        queue: [],
        interrupts: [],
        partial: '',
        final: '',
        state: '',
      })
      expect(connection.runs).toHaveLength(0)
    },
  },
  {
    title: 'a question is shown at once, and its answer grows as it arrives',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      const turn = page.act.sendMessage({ content: 'Hello', id: 'u1' })
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting', isLoading: true, lines: ['user: Hello'], ids: ['u1'] })
      await page.push(connection.run, ...opening('m1', 'Hi'))
      expect(page.shown).toMatchObject({ phase: 'receiving', lines: ['user: Hello', 'assistant: Hi'] })
      await page.push(connection.run, delta('m1', ' there'))
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: Hi there'])
      await page.push(connection.run, ...text('m1').slice(1), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', phase: 'ready', isLoading: false })
      expect(await turn).toMatchObject({ outcome: 'finished', message: { id: 'm1' } })
    },
  },
  {
    title: '500 reads of one token each lose nothing',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Count')
      await page.push(connection.run, ...opening('m1'))
      const tokens = Array.from({ length: 500 }, (_, i) => `${i} `)
      for (const [i, token] of tokens.entries()) {
        await connection.run.push(delta('m1', token))
        if (i % 100 !== 0) continue
        await page.flush()
        expect(page.shown.lines.at(-1)).toBe(`assistant: ${tokens.slice(0, i + 1).join('')}`)
      }
      await page.push(connection.run, ...text('m1').slice(1), FINISHED)
      await page.close(connection.run)
      expect(page.shown.lines).toEqual(['user: Count', `assistant: ${tokens.join('')}`])
    },
  },
  {
    title: 'stop keeps what has arrived, and the next question goes on from there',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      const turn = page.act.sendMessage('Hello')
      await page.flush()
      await page.push(connection.run, ...opening('m1', 'Half'))
      page.act.stop()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', phase: '', isLoading: false, lines: ['user: Hello', 'assistant: Half'] })
      expect(connection.run.signal.aborted).toBe(true)
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      await page.ask('Again')
      await page.answer(connection.run, 'm2', 'Whole')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Half', 'user: Again', 'assistant: Whole'] })
    },
  },
  {
    title: 'reload puts a new answer in the place of the old one, and both branches can be shown',
    async run(harness) {
      const connection = scriptedConnection(run(text('m1', 'One')), run(text('m2', 'Two')))
      const page = await show(harness, owned(connection))
      await page.act.sendMessage('Hello')
      await page.act.reload()
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: Two'])
      expect(page.act.branches('m2').map(({ id }) => id)).toEqual(['m1', 'm2'])
      page.act.selectBranch('m1')
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: One'])
      page.act.selectBranch('m2')
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: Two'])
    },
  },
  {
    title: 'an earlier question can be edited, and both versions can be shown with what followed them',
    async run(harness) {
      const connection = scriptedConnection(run(text('m1', 'One')))
      const page = await show(harness, owned(connection, { initialMessages: [user('u1', 'First'), assistant('a1', 'Zero')] }))
      expect(page.shown.lines).toEqual(['user: First', 'assistant: Zero'])
      await page.act.edit('u1', { content: 'Second', id: 'u2' })
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Second', 'assistant: One'])
      expect(page.act.branches('u2').map(({ id }) => id)).toEqual(['u1', 'u2'])
      page.act.selectBranch('u1')
      await page.flush()
      expect(page.shown.lines).toEqual(['user: First', 'assistant: Zero'])
    },
  },
  {
    title: 'a failed turn shows its error, and retry sends the request again',
    async run(harness) {
      const connection = scriptedConnection([new ChatError('http', 'Too many', { status: 429 })], run(text('m1', 'Hi')))
      const heard: string[] = []
      const page = await show(harness, owned(connection, { onError: ({ code }) => heard.push(code) }))
      await page.act.sendMessage('Hello')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'error', phase: '', error: 'http', isLoading: false, lines: ['user: Hello'] })
      expect(heard).toEqual(['http'])
      await page.act.retry()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', error: '', lines: ['user: Hello', 'assistant: Hi'] })
    },
  },
  {
    title: 'questions that are asked while an answer streams wait in a queue, where they can be taken out',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('One')
      await page.ask('Two', 'two')
      await page.ask('Three', 'three')
      expect(page.shown).toMatchObject({ queue: ['Two', 'Three'], lines: ['user: One'] })
      page.act.unqueue('two')
      await page.flush()
      expect(page.shown.queue).toEqual(['Three'])
      await page.answer(connection.run, 'm1', 'Uno')
      expect(page.shown).toMatchObject({ status: 'streaming', queue: [], lines: ['user: One', 'assistant: Uno', 'user: Three'] })
      await page.answer(connection.run, 'm2', 'Tres')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: One', 'assistant: Uno', 'user: Three', 'assistant: Tres'] })
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'a message of any role can be appended, and clear empties the chat',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      void page.act.append(user('u7', 'Appended'))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', ids: ['u7'], lines: ['user: Appended'] })
      page.act.clear()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', lines: [] })
      expect(connection.run.signal.aborted).toBe(true)
    },
  },
  {
    title: 'the answer of the client to a tool call starts the next run',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'where' }] }))
      await page.ask('Where am I?')
      await page.push(connection.run, ...run(toolCall('c1', 'where', {})))
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', isLoading: true })
      expect(page.shown.lines.at(-1)).toBe('assistant: where({}) input-complete')
      page.act.addToolResult({ toolCallId: 'c1', output: 'Oslo' })
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting' })
      expect(connection.runs).toHaveLength(2)
      await page.answer(connection.run, 'm2', 'In Oslo')
      expect(page.shown.status).toBe('idle')
      expect(page.shown.lines.at(-1)).toBe('assistant: where({}) complete = "Oslo" In Oslo')
    },
  },
  {
    title: 'stored messages are read when the chat is shown, and appear when they are there',
    async run(harness) {
      let arrive!: (messages: UIMessage[]) => void
      const stored = new Promise<UIMessage[]>((resolve) => (arrive = resolve))
      const page = await show(harness, owned(manualConnection(), { initialMessages: () => stored }))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', phase: 'restoring', lines: [] })
      arrive([user('u1', 'Stored'), assistant('a1', 'Kept')])
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', phase: 'ready', lines: ['user: Stored', 'assistant: Kept'] })
    },
  },
  {
    title: 'sendMessage is refused for misuse, and the chat goes on',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: [user('u1', 'One')] }))
      await expect(page.act.sendMessage({ content: 'Two', id: 'u1' })).rejects.toMatchObject({ code: 'misuse' })
      await page.ask('Two')
      await page.answer(connection.run, 'm1', 'Dos')
      expect(page.shown.lines).toEqual(['user: One', 'user: Two', 'assistant: Dos'])
    },
  },
]
