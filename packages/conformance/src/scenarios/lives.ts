import { createChat, syncScheduler } from '@statechat/core'
import { persist } from '@statechat/core/persist'
import { manualConnection, manualScheduler } from '@statechat/core/testing'
import { expect } from 'vitest'
import { delta, FINISHED, opening, owned, show, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'
import { timers, uncaught } from '../watch.ts'

/** Views that come and go. */
export const lives: Scenario[] = [
  {
    title: 'race 21: two views of one chat show the same, a question makes one request, and both hear',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler })
      const page = await show(harness, { chat, onFinish: () => heard.push('finish') }, { views: 2 })
      await page.ask('Hello')
      expect(connection.runs).toHaveLength(1)
      await page.push(connection.run, ...opening('m1', 'Hi'))
      expect(page.view(0)).toEqual(page.view(1))
      expect(page.view(1)).toMatchObject({ status: 'streaming', lines: ['user: Hello', 'assistant: Hi'] })
      await page.push(connection.run, FINISHED)
      await page.close(connection.run)
      expect(page.view(0)).toEqual(page.view(1))
      expect(heard).toEqual(['finish', 'finish'])
    },
  },
  {
    title: 'race 21: a view that is mounted twice sends one request, and its run stays alive',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const errors = await uncaught(async () => {
        const page = await show(harness, owned(connection, { onFinish: () => heard.push('finish') }), { twice: true })
        await page.ask('Hello')
        await timers()
        await page.flush()
        expect([connection.runs.length, connection.open]).toEqual([1, 1])
        await page.push(connection.run, ...opening('m1', 'Hi'))
        await page.push(connection.run, delta('m1', ' there'), FINISHED)
        await page.close(connection.run)
        expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Hi there'] })
      })
      expect(heard).toEqual(['finish'])
      expect(errors).toEqual([])
    },
  },
  {
    title: 'a conversation that is kept is there again in the next view of its thread, also when that is mounted twice',
    async run(harness) {
      const items = new Map<string, string>()
      const storage = {
        getItem: async (key: string) => items.get(key),
        setItem: async (key: string, text: string) => void items.set(key, text),
        removeItem: async (key: string) => void items.delete(key),
      }
      const connection = manualConnection()
      const options = () => owned(connection, { threadId: 't1', persist: persist({ storage }) })
      const page = await show(harness, options())
      await page.flush()
      await page.ask('Hello')
      await page.answer(connection.run, 'm1', 'Hi')
      await page.ask('And?')
      void page.act.sendMessage('Then')
      await page.unmount()
      await timers()
      const again = await show(harness, options(), { twice: true })
      await timers()
      await again.flush()
      expect(again.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Hi', 'user: And?'], queue: ['Then'] })
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'race 21: stored messages of a shared chat are read once when its view is mounted twice',
    async run(harness) {
      let reads = 0
      const chat = createChat({
        connection: manualConnection(),
        scheduler: syncScheduler,
        async initialMessages() {
          reads++
          return [user('u0', 'Stored')]
        },
      })
      const page = await show(harness, { chat }, { twice: true })
      await page.flush()
      expect(reads).toBe(1)
      expect(page.shown).toMatchObject({ phase: 'ready', lines: ['user: Stored'] })
    },
  },
  {
    title: 'race 21: a chat that is answering stays alive while its view is mounted twice',
    async run(harness) {
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler })
      void chat.sendMessage('Hello')
      const page = await show(harness, { chat }, { twice: true })
      await timers()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', lines: ['user: Hello'] })
      expect(connection.run.signal.aborted).toBe(false)
      await page.answer(connection.run, 'm1', 'Hi')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Hi'] })
    },
  },
  {
    title: 'race 22: unmounting ends a chat that the view owns: its request is aborted and no callback comes any more',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection({ ignoresAbort: true })
      const note = (name: string) => () => heard.push(name)
      const page = await show(
        harness,
        owned(connection, { onChunk: note('chunk'), onFinish: note('finish'), onError: note('error'), onWarning: note('warning') }),
      )
      const turn = page.act.sendMessage('Hello')
      await page.flush()
      await page.push(connection.run, ...opening('m1', 'Hi'))
      expect(heard.length).toBeGreaterThan(0)
      heard.length = 0
      await page.unmount()
      await connection.run.push(delta('m1', ' late'))
      await timers()
      expect(connection.run.signal.aborted).toBe(true)
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      await connection.run.push(delta('m1', ' later'), FINISHED)
      await connection.run.close()
      await timers()
      expect(heard).toEqual([])
    },
  },
  {
    title: 'race 22: unmounting leaves a chat that the view was given running, and takes everything of the view along',
    async run(harness) {
      const heard: string[] = []
      const frames = manualScheduler()
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: frames, onFinish: () => heard.push('own') })
      const page = await show(harness, { chat, onFinish: () => heard.push('view'), onChunk: () => heard.push('chunk') })
      await page.ask('Hello')
      await page.unmount()
      await timers()
      expect(connection.run.signal.aborted).toBe(false)
      frames.flush()
      await connection.run.push(...opening('m1', 'Hi'))
      await connection.run.push(delta('m1', ' there'))
      expect(frames.due, 'somebody still listens to the chat').toBe(0)
      await connection.run.push(FINISHED)
      await connection.run.close()
      expect(heard).toEqual(['own'])
      const again = await show(harness, { chat })
      expect(again.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Hi there'] })
    },
  },
  {
    title: 'race 22: of two views of one chat, the one that stays goes on',
    async run(harness) {
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler })
      const goes = await show(harness, { chat })
      const stays = await show(harness, { chat })
      await goes.ask('Hello')
      await goes.unmount()
      await timers()
      await stays.answer(connection.run, 'm1', 'Hi')
      expect(stays.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Hi'] })
      await stays.ask('Again')
      expect(stays.shown.status).toBe('streaming')
    },
  },
  {
    title: 'race 22: a frame that is due when the view goes does no harm',
    async run(harness) {
      const frames = manualScheduler()
      const connection = manualConnection()
      const errors = await uncaught(async () => {
        const page = await show(harness, owned(connection, { scheduler: frames }))
        await page.ask('Hello')
        await page.push(connection.run, ...opening('m1', 'Hi'))
        await page.push(connection.run, delta('m1', ' due'))
        await page.unmount()
        frames.flush()
        await timers()
        frames.flush()
        expect(frames.due).toBe(0)
        expect(connection.run.signal.aborted).toBe(true)
      })
      expect(errors).toEqual([])
    },
  },
]
