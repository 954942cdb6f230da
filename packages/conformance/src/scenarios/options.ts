import { type Chat, createChat, type FinishInfo, syncScheduler, type UIMessage } from '@statechat/core'
import { manualConnection, manualScheduler, run, scriptedConnection, text } from '@statechat/core/testing'
import { expect } from 'vitest'
import { delta, FINISHED, opening, owned, show, user } from '../page.ts'
import type { ViewOptions } from '../harness.ts'
import { textOf } from '../read-view.ts'
import type { Scenario } from '../scenario.ts'
import { mutations, timers } from '../watch.ts'

/** Options that change, and the chat that is shown. */
export const options: Scenario[] = [
  {
    title: 'race 20: another connection, body, data and tools count from the next request on, and the transcript stays',
    async run(harness) {
      const [one, two] = [manualConnection(), manualConnection()]
      const page = await show(harness, owned(one, { body: { model: 'a' }, data: { page: 1 }, tools: [{ name: 'old' }] }))
      await page.ask('Hello')
      const { threadId } = page.shown
      expect(one.run.context.body).toEqual({ model: 'a' })
      expect(one.run.data).toEqual({ page: 1 })

      await page.update(owned(two, { body: () => ({ model: 'b' }), data: { page: 2 }, tools: [{ name: 'new' }], whileBusy: 'drop' }))
      await page.flush()
      expect(one.run.signal.aborted).toBe(false)
      expect(await page.act.sendMessage('Dropped')).toMatchObject({ outcome: 'dropped' })
      await page.answer(one.run, 'm1', 'Hi')
      expect(page.shown).toMatchObject({ threadId, lines: ['user: Hello', 'assistant: Hi'] })

      await page.ask('Again')
      expect([one.runs.length, two.runs.length]).toEqual([1, 1])
      expect(two.run.context.body).toEqual({ model: 'b' })
      expect(two.run.data).toEqual({ page: 2 })
      expect(two.run.context.clientTools.map(({ name }) => name)).toEqual(['new'])
      expect(two.run.messages.map(textOf)).toEqual(['Hello', 'Hi', 'Again'])
    },
  },
  {
    title: 'race 20: an option that is no longer given has its default again',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { body: { model: 'a' }, data: { page: 1 }, tools: [{ name: 'old' }], whileBusy: 'drop' }))
      await page.update(owned(connection))
      await page.ask('One')
      await page.ask('Two')
      expect(connection.run.context.body).toBeUndefined()
      expect(connection.run.data).toBeUndefined()
      expect(connection.run.context.clientTools).toEqual([])
      expect(page.shown.queue).toEqual(['Two'])
    },
  },
  {
    title: 'race 20: options that are written anew each time change nothing, and stored messages are read once',
    async run(harness) {
      const connection = manualConnection()
      let reads = 0
      const anew = () =>
        owned(connection, {
          body: {},
          tools: [],
          onFinish() {},
          async initialMessages() {
            reads++
            return [user('u0', 'Stored')]
          },
        })
      const page = await show(harness, anew())
      await page.flush()
      await page.ask('Hello')
      await page.push(connection.run, ...opening('m1', 'Hi'))
      for (let i = 0; i < 5; i++) await page.update(anew())
      await page.push(connection.run, delta('m1', ' there'), FINISHED)
      await page.close(connection.run)
      expect(reads).toBe(1)
      expect(connection.runs).toHaveLength(1)
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Stored', 'user: Hello', 'assistant: Hi there'] })
    },
  },
  {
    title: 'race 19: another thread shows nothing of the old one and ends it, and each hears its own callbacks only',
    async run(harness) {
      const heard: string[] = []
      const rude = manualConnection({ ignoresAbort: true })
      const next = manualConnection()
      const callbacks = (name: string) => ({
        onChunk: () => heard.push(`${name} chunk`),
        onFinish: (_message: UIMessage | undefined, { threadId }: FinishInfo) => heard.push(`${name} finished ${threadId}`),
        onError: () => heard.push(`${name} failed`),
        onWarning: () => heard.push(`${name} warned`),
      })
      const page = await show(harness, owned(rude, { threadId: 'old', ...callbacks('old') }))
      const turn = page.act.sendMessage('Hello')
      await page.flush()
      await page.push(rude.run, ...opening('m1', 'Hi'))
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: Hi'])
      heard.length = 0

      await page.update(owned(next, { threadId: 'new', initialMessages: [user('u9', 'Before')], ...callbacks('new') }))
      const fresh = { threadId: 'new', status: 'idle', isLoading: false, lines: ['user: Before'], queue: [] }
      expect(page.shown).toMatchObject(fresh)
      // Before the old one is disposed of, and after.
      await page.push(rude.run, delta('m1', ' late'))
      await timers()
      expect(rude.run.signal.aborted).toBe(true)
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      await page.push(rude.run, delta('m1', ' later'), FINISHED)
      await page.close(rude.run)
      expect(heard).toEqual([])
      expect(page.shown).toMatchObject(fresh)

      await page.ask('Again')
      await page.answer(next.run, 'm2', 'Yes')
      expect(new Set(heard)).toEqual(new Set(['new chunk', 'new finished new']))
      expect(page.shown.lines).toEqual(['user: Before', 'user: Again', 'assistant: Yes'])
      expect([rude.runs.length, next.runs.length]).toEqual([1, 1])
    },
  },
  {
    title: 'race 19: a frame of the old thread that is still due writes nothing into the page',
    async run(harness) {
      const frames = manualScheduler()
      const rude = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(rude, { threadId: 'old', scheduler: frames }))
      await page.ask('Hello')
      await page.push(rude.run, ...opening('m1', 'Hi'))
      await page.push(rude.run, delta('m1', ' due'))
      expect(frames.due).toBe(1)
      await page.update(owned(manualConnection(), { threadId: 'new', initialMessages: [user('u9', 'Before')] }))
      await page.flush()
      const watch = mutations(page.container)
      frames.flush()
      await page.flush()
      await timers()
      await page.flush()
      expect(watch.take()).toEqual([])
      expect(page.shown.lines).toEqual(['user: Before'])
    },
  },
  {
    title: 'a chat keeps its messages when it is asked for by the id it made itself, and is a new one when no id is given any more',
    async run(harness) {
      const connection = scriptedConnection(run(text('m1', 'Hi')))
      const page = await show(harness, owned(connection))
      await page.act.sendMessage('Hello')
      await page.flush()
      const { threadId } = page.shown
      expect(threadId).not.toBe('')
      await page.update(owned(connection, { threadId }))
      expect(page.shown).toMatchObject({ threadId, lines: ['user: Hello', 'assistant: Hi'] })
      await page.update(owned(connection))
      expect(page.shown.lines).toEqual([])
      expect(page.shown.threadId).not.toBe(threadId)
    },
  },
  {
    title: 'race 19: a given chat that is swapped for another goes on unheard, and nothing of it is shown',
    async run(harness) {
      const heard: string[] = []
      const frames = manualScheduler()
      const [one, two] = [manualConnection(), manualConnection()]
      const first = createChat({ connection: one, scheduler: frames })
      const second = createChat({ connection: two, scheduler: syncScheduler, initialMessages: [user('u2', 'Second')] })
      const page = await show(harness, { chat: first, onFinish: () => heard.push('first') })
      await page.ask('Hello')
      await page.push(one.run, ...opening('m1', 'Hi'))
      frames.flush()
      await page.update({ chat: second, onFinish: () => heard.push('second') })
      expect(page.shown).toMatchObject({ threadId: second.threadId, status: 'idle', lines: ['user: Second'] })
      await page.flush()
      await timers()
      frames.flush()

      const watch = mutations(page.container)
      await page.push(one.run, delta('m1', ' there'))
      expect(one.run.signal.aborted).toBe(false)
      expect(frames.due, 'somebody still listens to the first chat').toBe(0)
      await page.push(one.run, FINISHED)
      await page.close(one.run)
      expect(first.getSnapshot().status).toBe('idle')
      expect(watch.take()).toEqual([])
      expect(heard).toEqual([])

      await page.ask('And you?')
      await page.answer(two.run, 'm2', 'Well')
      expect(heard).toEqual(['second'])
      expect(page.shown.lines).toEqual(['user: Second', 'user: And you?', 'assistant: Well'])
      await page.update({ chat: first })
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: Hi there'])
    },
  },
  {
    title: 'a given chat gives way to one of the view’s own when options come instead, and takes its place again',
    async run(harness) {
      const connection = manualConnection()
      const given: Chat = createChat({ connection: manualConnection(), initialMessages: [user('u1', 'Given')] })
      const page = await show(harness, { chat: given })
      await page.update(owned(connection, { initialMessages: [user('u2', 'Own')] }))
      expect(page.shown.lines).toEqual(['user: Own'])
      await page.ask('Hello')
      expect(connection.open).toBe(1)
      await page.update({ chat: given })
      expect(page.shown.lines).toEqual(['user: Given'])
      await timers()
      expect(connection.run.signal.aborted).toBe(true)
      const both: object = { chat: given, connection }
      await page.update(both as ViewOptions)
      expect(page.shown.lines).toEqual(['user: Given'])
    },
  },
]
