import { type Chunk, createChat, syncScheduler } from '@statechat/core'
import { manualConnection, run, scriptedConnection, text } from '@statechat/core/testing'
import { expect } from 'vitest'
import { delta, FINISHED, opening, owned, show, STARTED } from '../page.ts'
import type { Scenario } from '../scenario.ts'
import { timers, uncaught } from '../watch.ts'

const boom = (name: string) => () => {
  throw new Error(name)
}

/** Who hears what, and when. */
export const callbacks: Scenario[] = [
  {
    title: 'onChunk hears each chunk once, and onFinish hears of the turn when the status is idle already',
    async run(harness) {
      const heard: string[] = []
      const chat = createChat({ connection: manualConnection(), scheduler: syncScheduler })
      const connection = manualConnection()
      chat.updateOptions({ connection })
      const page = await show(harness, {
        chat,
        onChunk: ({ type }) => heard.push(type),
        onFinish: (message, { threadId }) => heard.push(`${message?.id} ${threadId === chat.threadId} ${chat.getSnapshot().status}`),
      })
      await page.ask('Hello')
      await page.answer(connection.run, 'm1', 'Hi')
      expect(heard).toEqual([...run(text('m1', 'Hi')).map(({ type }) => type), 'm1 true idle'])
    },
  },
  {
    title: 'race 20: the callback of the latest options is called, once',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const options = (name: string) => owned(connection, { onFinish: () => heard.push(name), onError: () => heard.push(`${name} failed`) })
      const page = await show(harness, options('first'))
      await page.ask('Hello')
      await page.update(options('second'))
      await page.push(connection.run, ...opening('m1', 'Hi'))
      await page.update(options('third'))
      await page.push(connection.run, FINISHED)
      await page.close(connection.run)
      expect(heard).toEqual(['third'])
      await page.update(owned(connection))
      await page.ask('Again')
      await page.answer(connection.run, 'm2', 'Ho')
      expect(heard).toEqual(['third'])
    },
  },
  {
    title: 'race 20: the same for a chat that the view was given',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler, onFinish: () => heard.push('own') })
      const page = await show(harness, { chat, onFinish: () => heard.push('first') })
      await page.ask('Hello')
      await page.update({ chat, onFinish: () => heard.push('second') })
      await page.answer(connection.run, 'm1', 'Hi')
      expect(heard).toEqual(['own', 'second'])
      await page.update({ chat })
      await page.ask('Again')
      await page.answer(connection.run, 'm2', 'Ho')
      expect(heard).toEqual(['own', 'second', 'own'])
    },
  },
  {
    title: 'race 18: a callback that throws is reported as an uncaught error each time, and the chat goes on',
    async run(harness) {
      const finished: (string | undefined)[] = []
      const connection = scriptedConnection(run(text('m1', 'Hi')), [new Error('down')], run(text('m2', 'Ho')))
      const page = await show(harness, owned(connection, { onChunk: boom('onChunk'), onFinish: boom('onFinish'), onError: boom('onError') }))
      const errors = await uncaught(async () => {
        await page.act.sendMessage('One')
        await page.act.sendMessage('Two')
        await page.flush()
        expect(page.shown).toMatchObject({ status: 'error', lines: ['user: One', 'assistant: Hi', 'user: Two'] })
        await page.update(owned(connection, { onFinish: (message) => finished.push(message?.id) }))
        await page.act.retry()
        await page.flush()
      })
      const messages = errors.map(({ message }) => message)
      expect(messages.filter((message) => message === 'onFinish')).toHaveLength(1)
      expect(messages.filter((message) => message === 'onError')).toHaveLength(1)
      expect(new Set(messages)).toEqual(new Set(['onChunk', 'onFinish', 'onError']))
      expect(finished).toEqual(['m2'])
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: One', 'assistant: Hi', 'user: Two', 'assistant: Ho'] })
    },
  },
  {
    title: 'race 18: a callback that throws keeps no other view of the same chat from hearing',
    async run(harness) {
      const heard: string[] = []
      const chat = createChat({ connection: scriptedConnection(run(text('m1', 'Hi'))), scheduler: syncScheduler })
      await show(harness, { chat, onFinish: boom('first') })
      const second = await show(harness, { chat, onFinish: () => heard.push('second') })
      const errors = await uncaught(async () => {
        await chat.sendMessage('Hello')
        await second.flush()
      })
      expect(errors.map(({ message }) => message)).toEqual(['first'])
      expect(heard).toEqual(['second'])
      expect(second.shown.lines.at(-1)).toBe('assistant: Hi')
    },
  },
  {
    title: 'a callback may send the next question, and wait for its answer',
    async run(harness) {
      const connection = scriptedConnection(run(text('m1', 'Hi')), run(text('m2', 'Ho')))
      const outcomes: string[] = []
      const page = await show(
        harness,
        owned(connection, {
          async onFinish(message) {
            if (message?.id === 'm1') outcomes.push((await page.act.sendMessage('And you?')).outcome)
          },
        }),
      )
      await page.act.sendMessage('Hello')
      await timers()
      await page.flush()
      expect(outcomes).toEqual(['finished'])
      expect(page.shown.lines).toEqual(['user: Hello', 'assistant: Hi', 'user: And you?', 'assistant: Ho'])
    },
  },
  {
    title: 'race 17: onWarning hears of chunks that nobody expects, and the turn goes on',
    async run(harness) {
      const warnings: string[] = []
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { onWarning: ({ code }) => warnings.push(code) }))
      await page.ask('Hello')
      await page.push(connection.run, STARTED, { type: 'NOBODY_KNOWS_THIS' } as unknown as Chunk, delta('never-opened', 'Hi'))
      await page.push(connection.run, FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Hello', 'assistant: Hi'] })
      expect(warnings).toEqual(expect.arrayContaining(['unknown_chunk', 'orphan']))
    },
  },
]
