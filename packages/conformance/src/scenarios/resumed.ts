import { type ManualConnection, manualConnection } from '@statechat/core/testing'
import { expect } from 'vitest'
import type { Harness } from '../harness.ts'
import { delta, FINISHED, opening, owned, type Page, show, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'

/** A view of a conversation whose run goes on at the server: it has been found, and its replay has begun. */
async function replaying(harness: Harness): Promise<{ page: Page; connection: ManualConnection }> {
  const connection = manualConnection({ joins: true, cancels: true })
  const page = await show(harness, owned(connection, { resume: true, initialMessages: [user('u1', 'Go')] }))
  await page.flush()
  const { context } = connection.run
  context.onJoin?.({ runId: 'theirs', isReplay: true })
  context.onCursor('1')
  await page.push(connection.run, ...opening('m1', 'Once '))
  return { page, connection }
}

/** Runs that outlive the page that began them. */
export const resumed: Scenario[] = [
  {
    title: 'a run that goes on at the server is joined, and isReplaying says how long what is shown was said before',
    async run(harness) {
      const { page, connection } = await replaying(harness)
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'replaying', isReplaying: true, lines: ['user: Go', 'assistant: Once '] })
      connection.run.context.onCaughtUp?.()
      await page.push(connection.run, delta('m1', 'upon '))
      expect(page.shown).toMatchObject({ phase: 'receiving', isReplaying: false, lines: ['user: Go', 'assistant: Once upon '] })
      await page.push(connection.run, delta('m1', 'a time'), { type: 'TEXT_MESSAGE_END', messageId: 'm1' }, FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', isReplaying: false, lines: ['user: Go', 'assistant: Once upon a time'] })
      expect(connection.cancelled).toEqual([])
    },
  },
  {
    title: 'stop() ends a run that was joined at the server too, and its promise resolves when it has ended',
    async run(harness) {
      const { page, connection } = await replaying(harness)
      await page.act.stop()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', isReplaying: false, lines: ['user: Go', 'assistant: Once '] })
      expect(connection.cancelled).toEqual(['theirs'])
      expect(connection.run.signal.aborted).toBe(true)
    },
  },
]
