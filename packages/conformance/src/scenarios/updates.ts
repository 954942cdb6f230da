import { createChat, syncScheduler } from '@statechat/core'
import { manualConnection, manualScheduler, scriptedConnection, text } from '@statechat/core/testing'
import { expect } from 'vitest'
import { assistant, delta, FINISHED, opening, owned, show, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'
import { mutations } from '../watch.ts'

const history = () => [user('u1', 'One'), assistant('a1', 'Two')]

/** Who wakes for what, and what is written into the page. */
export const updates: Scenario[] = [
  {
    title: 'a reader of status wakes a handful of times while 1,000 deltas arrive, through useChat and through useChatSelector',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: history() }))
      await page.ask('Go', 'u2')
      await page.push(connection.run, ...opening('m1', '.'))
      for (let i = 0; i < 1000; i++) await connection.run.push(delta('m1', 'x'))
      await page.push(connection.run, ...text('m1').slice(1), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', ids: ['u1', 'a1', 'u2', 'm1'] })
      expect(page.shown.lines.at(-1)).toBe(`assistant: .${'x'.repeat(1000)}`)
      for (const count of [page.computed.status, page.computed.selector]) {
        expect(count).toBeGreaterThanOrEqual(2)
        expect(count).toBeLessThanOrEqual(5)
      }
    },
  },
  {
    title: 'the row of a finished message never wakes while another message streams',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: history() }))
      await page.ask('Go', 'u2')
      await page.push(connection.run, ...opening('m1', '.'))
      const before = { ...page.computed.rows }
      for (let i = 0; i < 100; i++) await page.push(connection.run, delta('m1', 'x'))
      const after = page.computed.rows
      for (const id of ['u1', 'a1', 'u2']) {
        expect(before[id], `row ${id}`).toBeGreaterThanOrEqual(1)
        expect(after[id], `row ${id}`).toBe(before[id])
      }
      expect(after['m1']).toBeGreaterThan(before['m1']!)
      expect(after['m1']).toBeLessThanOrEqual(before['m1']! + 100)
    },
  },
  {
    title: 'one token changes the text of its own row and nothing else in the page',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: history() }))
      await page.ask('Go', 'u2')
      await page.push(connection.run, ...opening('m1', 'Hi'))
      const rows = [...page.container.querySelectorAll('ul > li')]
      const span = page.container.querySelector('[data-id="m1"] [data-part="0"]')!
      const watch = mutations(page.container)
      await page.push(connection.run, delta('m1', ' there'))
      const records = watch.take()
      expect(page.shown.lines.at(-1)).toBe('assistant: Hi there')
      expect(records.length).toBeGreaterThan(0)
      for (const { target } of records) expect(span.contains(target)).toBe(true)
      expect([...page.container.querySelectorAll('ul > li')].every((row, i) => row === rows[i])).toBe(true)
      expect(page.container.querySelector('[data-id="m1"] [data-part="0"]')).toBe(span)
    },
  },
  {
    title: 'what happens between the first read and the subscription is shown',
    async run(harness) {
      const chat = createChat({ connection: manualConnection(), scheduler: syncScheduler, initialMessages: history() })
      let calls = 0
      const beforeSubscribe = () => {
        if (calls++ === 0) chat.setMessages([user('u9', 'In between')])
      }
      const page = await show(harness, { chat }, { beforeSubscribe })
      await page.flush()
      expect(calls).toBeGreaterThanOrEqual(1)
      expect(page.shown.lines).toEqual(['user: In between'])
    },
  },
  {
    title: 'a question that is sent between the first read and the subscription is shown, and so is its status',
    async run(harness) {
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler })
      let calls = 0
      const beforeSubscribe = () => {
        if (calls++ === 0) void chat.sendMessage('Early')
      }
      const page = await show(harness, { chat }, { beforeSubscribe })
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', isLoading: true, lines: ['user: Early'] })
      await page.answer(connection.run, 'm1', 'Hi')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Early', 'assistant: Hi'] })
    },
  },
  {
    title: 'a new message adds a row and leaves the others as they are',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialMessages: history() }))
      await page.flush()
      const rows = [...page.container.querySelectorAll('ul > li')]
      const watch = mutations(page.container)
      await page.ask('Go', 'u2')
      await page.push(connection.run, ...opening('m1', 'Hi'))
      const records = watch.take()
      for (const row of rows) for (const { target } of records) expect(row.contains(target)).toBe(false)
      expect([...page.container.querySelectorAll('ul > li')].slice(0, 2)).toEqual(rows)
      expect(page.shown.ids).toEqual(['u1', 'a1', 'u2', 'm1'])
    },
  },
  {
    title: 'race 23: a burst of 1,000 chunks in one read is written into the page in a handful of mutations',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Go')
      await page.push(connection.run, ...opening('m1', '.'))
      const watch = mutations(page.container)
      await page.push(connection.run, ...Array.from({ length: 1000 }, () => delta('m1', 'x')))
      expect(page.shown.lines.at(-1)).toBe(`assistant: .${'x'.repeat(1000)}`)
      const { length } = watch.take()
      expect(length).toBeGreaterThan(0)
      expect(length).toBeLessThanOrEqual(4)
    },
  },
  {
    title: 'race 23: 2,000 deltas that are there already are applied together, not one by one',
    async run(harness) {
      const deltas = Array.from({ length: 2000 }, () => delta('m1', 'x'))
      const page = await show(harness, owned(scriptedConnection([...opening('m1'), ...deltas, ...text('m1').slice(1), FINISHED])))
      await page.flush()
      const watch = mutations(page.container)
      await page.act.sendMessage('Go')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Go', `assistant: ${'x'.repeat(2000)}`] })
      expect(watch.take().length).toBeLessThan(200)
      expect(page.computed.rows['m1']).toBeLessThan(100)
    },
  },
  {
    title: 'race 23: many reads in one frame are shown with the frame, once',
    async run(harness) {
      const frames = manualScheduler()
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { scheduler: frames }))
      await page.ask('Go')
      await page.push(connection.run, ...opening('m1', '.'))
      frames.flush()
      await page.flush()
      const watch = mutations(page.container)
      const before = page.computed.rows['m1']!
      for (let i = 0; i < 50; i++) await page.push(connection.run, delta('m1', 'x'))
      expect(watch.take()).toEqual([])
      expect(page.shown.lines.at(-1)).toBe('assistant: .')
      expect(frames.due).toBe(1)
      frames.flush()
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe(`assistant: .${'x'.repeat(50)}`)
      expect(page.computed.rows['m1']).toBe(before + 1)
      expect(watch.take().length).toBeLessThanOrEqual(4)
    },
  },
]
