import { createChat, syncScheduler } from '@statechat/core'
import { manualConnection, manualScheduler, settled } from '@statechat/core/testing'
import { expect } from 'vitest'
import { delta, opening, user } from '../page.ts'
import type { ServerScenario } from '../scenario.ts'
import { storedPage } from '../stored-page.ts'

/** What a server renders, and what it leaves behind. */
export const serverScenarios: readonly ServerScenario[] = [
  {
    title: 'a server renders the stored messages, escaped, and asks for nothing',
    async run(harness) {
      const connection = manualConnection()
      const html = await harness.render(storedPage(connection))
      await settled()
      expect(html).toContain('data-status="idle"')
      expect(html).toContain('data-phase="ready"')
      expect(html).toContain('data-thread="stored"')
      expect(html).toContain('data-id="u1"')
      expect(html).toContain('It is.')
      expect(html).not.toContain('<b>stored')
      expect(connection.runs).toHaveLength(0)
    },
  },
  {
    title: 'stored messages that have to be read are not read on the server',
    async run(harness) {
      let reads = 0
      const html = await harness.render({
        ...storedPage(),
        initialMessages() {
          reads++
          return [user('u1', 'Stored')]
        },
      })
      await settled()
      expect(reads).toBe(0)
      expect(html).not.toContain('Stored')
      expect(html).toContain('data-status="idle"')
    },
  },
  {
    title: 'rendering starts no actor, no timer and no frame of a chat',
    async run(harness) {
      const started: string[] = []
      await harness.render({
        ...storedPage(),
        clock: { setTimeout: () => started.push('timer'), clearTimeout() {} },
        scheduler() {
          started.push('frame')
          return () => {}
        },
        inspect: () => started.push('actor'),
      })
      await settled()
      expect(started).toEqual([])
    },
  },
  {
    title: 'rendering leaves nobody behind who listens to a chat or hears its callbacks',
    async run(harness) {
      const heard: string[] = []
      const frames = manualScheduler()
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: frames })
      const note = (name: string) => () => heard.push(name)
      await harness.render({ chat, onChunk: note('chunk'), onFinish: note('finish'), onError: note('error'), onWarning: note('warning') })
      void chat.sendMessage('Hello')
      await settled()
      await connection.run.push(...opening('m1', 'Hi'))
      await connection.run.push(delta('m1', ' there'))
      expect(frames.due).toBe(0)
      expect(heard).toEqual([])
      chat.dispose()
    },
  },
  {
    title: 'a chat that is given is rendered as it stands',
    async run(harness) {
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler })
      void chat.sendMessage('Hello')
      await settled()
      await connection.run.push(...opening('m1', 'Half'))
      const html = await harness.render({ chat })
      expect(html).toContain('data-status="streaming"')
      expect(html).toContain('data-loading="true"')
      expect(html).toContain('Half')
      expect(connection.runs).toHaveLength(1)
      expect(connection.run.signal.aborted).toBe(false)
      chat.dispose()
    },
  },
  {
    title: 'two pages that are rendered at the same time share nothing',
    async run(harness) {
      const page = (name: string) => ({ ...storedPage(), threadId: name, initialMessages: [user(`u-${name}`, `Says ${name}`)] })
      const [one, two] = await Promise.all([harness.render(page('one')), harness.render(page('two'))])
      expect(one).toContain('Says one')
      expect(one).not.toContain('two')
      expect(two).toContain('Says two')
      expect(two).not.toContain('one')
    },
  },
]
